import { z } from "zod";
import { me } from "../../api/app.ts";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { askWho } from "../account/shared/check_credentials.ts";
import { openConfig, requireAccount } from "../account/shared/config_access.ts";
import { promptsOf } from "../account/shared/prompts.ts";
import { changeAccount, chooseNamed, storedAccount } from "./shared/scope_choice.ts";

export default command({
  summary: "choose the project that the account is used for",
  description: `Writes the project's id to the account in use, which 'mp account list' shows. On a terminal, a list is
offered when none is named. The workspace, the project token and the project secret of another project are removed from
the account.`,
  examples: [
    { text: "By its id", run: "mp projects use 1000001" },
    { text: "By its name, for another account", run: "mp projects use 'Sandbox' -a production" },
  ],
  args: ["id_or_name"],
  operations: [me],
  input: z.object({ id_or_name: text("Project's id or name").optional() }),
  async run(context, { id_or_name: typed }) {
    const account = requireAccount(await openConfig(context), await storedAccount(context), "change");
    const { projects } = await askWho(await context.client(), context.signal);
    const all = projects.map(({ id, name, organization: hint }) => ({ id, name, hint }));
    const { id, name } = await chooseNamed("project", all, typed, await promptsOf(context));
    const isOther = account.projectId !== id;
    const held = [
      ...account.projectToken === undefined ? [] : ["project token"],
      ...account.projectSecret === undefined ? [] : ["project secret"],
    ];
    if (isOther && held.length > 0) {
      const of = account.projectId === undefined ? "" : ` of project ${account.projectId}`;
      await context.confirm(`Remove the ${held.join(" and ")}${of} from account ${account.name}?`);
    }
    const said = (account: string) => `Account ${account} now uses project ${id} (${name})`;
    await changeAccount(
      context,
      { variable: "MP_PROJECT_ID", said },
      (before) =>
        isOther
          ? { ...before, projectId: id, workspaceId: undefined, projectToken: undefined, projectSecret: undefined }
          : before,
    );
  },
});
