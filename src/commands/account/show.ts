import { z } from "zod";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { jsonResult } from "../../output/print.ts";
import { accountName, openConfig, requireAccount } from "./shared/config_access.ts";
import { describeAccount, fieldRows } from "./shared/describe.ts";

export default command({
  summary: "show a stored account, without its secrets",
  examples: [{ text: "The active account", run: "mp account show" }],
  args: ["name"],
  input: z.object({ name: text("Name of the account; default: the active one").optional() }),
  async run(context, { name: typed }) {
    const config = await openConfig(context);
    const name = accountName(context, config, typed);
    const info = describeAccount(requireAccount(config, name, "show"), name === config.active);
    await context.print(jsonResult(info, { rows: fieldRows(info) }));
  },
});
