import { z } from "zod";
import { inputError, MpError } from "../../errors.ts";
import { text } from "../../api/params.ts";
import { me } from "../../api/app.ts";
import { definedFields } from "../../streams/json/defined_fields.ts";
import { command } from "../../cli/command.ts";
import { jsonResult } from "../../output/print.ts";
import { toConnection } from "../../settings/resolve.ts";
import type { Context } from "../../cli/context.ts";
import { askWho, requireVisible } from "./shared/check_credentials.ts";
import { accountName, openConfig, requireName } from "./shared/config_access.ts";
import { type Connect, connectOver, settingsOf } from "./shared/connect.ts";
import { fieldRows } from "./shared/describe.ts";

export default command({
  summary: "ask Mixpanel whether a stored account works",
  description:
    `Asks who the account's credentials belong to, and whether they see its project. It costs no quota. 'mp doctor' looks at
everything that can be wrong.`,
  examples: [{ text: "All of them; the exit code is 2 when one fails", run: "mp account test --all" }],
  operations: [me],
  args: ["name"],
  input: z.object({
    name: text("Name of the account; default: the active one").optional(),
    all: z.boolean().default(false).meta({ description: "Test every account" }),
  }),
  async run(context, { name: typed, all }) {
    const config = await openConfig(context);
    const connect = connectOver(context);
    if (!all) {
      const name = accountName(context, config, typed);
      requireName(config, name, "test");
      const info = await testAccount(context, name, connect);
      if (info !== undefined) await context.print(jsonResult(info, { rows: fieldRows(info) }));
      return;
    }
    if (typed !== undefined) throw inputError("Cannot test one account and all of them", "give a name or --all");
    const outcomes: Record<string, unknown>[] = [];
    for (const name of config.names) {
      const outcome = await testAccount(context, name, connect).catch((error) => asOutcome(name, error));
      if (outcome !== undefined) outcomes.push(outcome);
    }
    const columns = ["account", "works", "region", "user", "project", "visible_projects", "problem"];
    const rows = outcomes.map((one) => Object.fromEntries(columns.map((column) => [column, one[column] ?? ""])));
    await context.print(jsonResult(outcomes, { rows: rows }));
    return outcomes.every((one) => one.works) ? 0 : 2;
  },
});

/** What there is to say of an account that works; undefined with `--dry-run`. Throws what went wrong. */
export async function testAccount(
  context: Context,
  name: string,
  connect: Connect,
): Promise<Record<string, unknown> | undefined> {
  const settings = await settingsOf(context, name);
  const canBeAsked = settings.credentials.some((one) =>
    ["service_account", "oauth_token", "oauth_session", "client_credentials"].includes(one.kind)
  );
  if (!canBeAsked) {
    throw inputError(
      `Cannot test account ${JSON.stringify(name)}: project secrets and tokens can't be checked without sending data`,
      "try one with a command that uses it, such as 'mp track'",
      "untestable_account",
    );
  }
  if (context.globals.dryRun) {
    await context.note(`Would ask GET /api/app/me with account ${name}`);
    return undefined;
  }
  const who = await askWho(await connect(await toConnection(settings)), context.signal);
  const project = settings.projectId?.value;
  if (project !== undefined) requireVisible(who, project);
  return definedFields({
    account: name,
    works: true,
    region: settings.region.value,
    user: who.user,
    project,
    visible_projects: who.projects.length,
  });
}

function asOutcome(name: string, error: unknown): Record<string, unknown> {
  if (!(error instanceof MpError) || error.category === "interrupted") throw error;
  return { account: name, works: false, problem: error.message };
}
