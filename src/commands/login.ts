import { z } from "zod";
import { text } from "../api/params.ts";
import { me } from "../api/app.ts";
import { accessToken } from "../api/oauth.ts";
import { definedFields } from "../streams/json/defined_fields.ts";
import { command } from "../cli/command.ts";
import { jsonResult } from "../output/print.ts";
import { connectOver } from "./account/shared/connect.ts";
import { describeAccount, fieldRows } from "./account/shared/describe.ts";
import { logIn } from "./login/shared/log_in.ts";
import { promptsOf } from "./account/shared/prompts.ts";
import { identityFlags } from "./account/shared/secret_flags.ts";

export default command({
  description: `Checks credentials, finds the region that they belong to, and stores them as the active account. On a
terminal it asks for what is missing; in a script give everything by flags, with the secret on standard input.

--browser logs you in as yourself, in the browser. The tokens are kept in a file beside the config file that only you can
read, and are renewed by themselves; when Mixpanel takes no more, log in again.

--region skips the search; --project chooses the project. MP_API_BASE_URL is stored with the account.`,
  examples: [
    {
      text: "In a script, with the secret in a variable that stays where it is",
      run: 'mp login trial --username "$MP_USERNAME" --secret-env MP_SECRET --project "$MP_PROJECT_ID" --yes',
    },
  ],
  operations: [me, accessToken],
  args: ["name"],
  input: z.object({
    name: text("Name of the account; default: 'default'").optional(),
    ...identityFlags,
    browser: z.boolean().optional().meta({
      description: "Log in in the browser, as yourself; --no-browser shows an address for one on another machine",
    }),
  }),
  async run(context, input) {
    const name = input.name ?? context.globals.account ?? "default";
    const parts = { connect: connectOver(context), prompts: await promptsOf(context) };
    const result = await logIn(context, name, input, parts);
    if (result === undefined) return;
    const { account, who } = result;
    const info = definedFields({
      ...describeAccount(account, true),
      user: who.user,
      project_name: who.projects.find((project) => project.id === account.projectId)?.name,
      visible_projects: who.projects.length,
    });
    await context.print(jsonResult(info, { rows: fieldRows(info) }));
    if (!context.stderr.isTerminal) return;
    await context.note(
      account.projectId === undefined
        ? "Next: 'mp projects list', and --project ID with each command"
        : "Next: 'mp events list' lists what is sent; 'mp query segmentation EVENT --last 30d' draws one of them",
    );
  },
});
