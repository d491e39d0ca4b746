import { z } from "zod";
import { MpError } from "../../errors.ts";
import { command } from "../../cli/command.ts";
import { jsonResult } from "../../output/print.ts";
import type { Config } from "../../settings/file.ts";
import { openConfig } from "./shared/config_access.ts";
import { describeAccount } from "./shared/describe.ts";

export default command({
  summary: "list the stored accounts",
  examples: [{ text: "Which accounts there are, and which one is active", run: "mp account list" }],
  input: z.object({}),
  async run(context) {
    const config = await openConfig(context);
    if (config.names.length === 0) await context.note(`No accounts in ${config.path}; add one with 'mp login'`);
    const accounts = config.names.map((name) => describeOne(config, name));
    const rows = accounts.map((one) => ({
      active: one.active ? "*" : "",
      name: one.name,
      credentials: one.problem ?? (one.credentials as string[]).join(", "),
      user: one.username ?? one.client_id ?? "",
      region: one.region ?? "",
      project: one.project_id ?? "",
    }));
    await context.print(jsonResult(accounts, { rows: rows }));
  },
});

/** One account that can't be read does not hide the others. */
function describeOne(config: Config, name: string): Record<string, unknown> {
  const isActive = name === config.active;
  try {
    return describeAccount(config.account(name)!, isActive);
  } catch (error) {
    if (!(error instanceof MpError)) throw error;
    return { name, active: isActive, problem: error.message };
  }
}
