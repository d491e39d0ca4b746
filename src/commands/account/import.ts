import { z } from "zod";
import { inputError } from "../../errors.ts";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { jsonResult } from "../../output/print.ts";
import { type Account, checkAccountName } from "../../settings/account.ts";
import { readDocument } from "../../settings/file.ts";
import { isOfficialLayout, readOfficialLayout } from "../../settings/official_client.ts";
import { officialConfigPath } from "../../settings/paths.ts";
import { changeConfig } from "./shared/config_access.ts";

interface Outcome {
  name: string;
  outcome: "imported" | "replaced" | "skipped";
  reason?: string;
}

export default command({
  summary: "import accounts from Mixpanel's Python client",
  description: `Copies accounts from ~/.mp/config.toml, in any layout that the client has had, and leaves that file
alone. Accounts that exist here already stay as they are, unless --replace is given.`,
  examples: [{ text: "From a file in another place", run: "mp account import backup/config.toml" }],
  args: ["file"],
  input: z.object({
    file: text("The client's config file; default: ~/.mp/config.toml").optional(),
    replace: z.boolean().default(false).meta({ description: "Replace accounts of the same name" }),
  }),
  async run(context, { file, replace }) {
    const path = file ?? officialConfigPath(context.env);
    const document = await readDocument(path);
    if (document === undefined) {
      throw inputError(`Cannot import accounts from ${path}: no such file`, "name the file: mp account import FILE");
    }
    if (!isOfficialLayout(document)) {
      throw inputError(
        `Cannot import accounts from ${path}: it is no config file of Mixpanel's Python client`,
        "its accounts have a 'type', or a project_id below a top-level 'default'",
      );
    }
    const found = readOfficialLayout(document);
    let outcomes: Outcome[] = [];
    await changeConfig(context, `Read ${path}, which stays as it is`, (config) => {
      const chosen = [...found.accounts.values()].map((account) => choose(account, config.names, replace));
      outcomes = [
        ...chosen.map((one) => one.outcome),
        ...found.skipped.map((one): Outcome => ({ ...one, outcome: "skipped" })),
      ];
      const set = chosen.flatMap((one) => one.outcome.outcome === "skipped" ? [] : [one.account]);
      const active = config.active === undefined && set.some((one) => one.name === found.active)
        ? found.active
        : undefined;
      return { set, active };
    });
    await context.print(jsonResult(outcomes, { rows: outcomes.map((one) => ({ ...one, reason: one.reason ?? "" })) }));
  },
});

function choose(account: Account, names: readonly string[], replace: boolean): { account: Account; outcome: Outcome } {
  const { name } = account;
  const exists = names.includes(name);
  if (exists && !replace) {
    return { account, outcome: { name, outcome: "skipped", reason: "there is one already; --replace replaces it" } };
  }
  checkAccountName(name);
  return { account, outcome: { name, outcome: exists ? "replaced" : "imported" } };
}
