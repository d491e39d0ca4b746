import { z } from "zod";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { changeConfig, openConfig, removeSession, requireName } from "./shared/config_access.ts";

export default command({
  summary: "remove a stored account with its secrets",
  examples: [{ text: "Without being asked", run: "mp account remove staging --yes" }],
  args: ["name"],
  input: z.object({ name: text("Name of the account") }),
  async run(context, { name }) {
    const config = await openConfig(context);
    requireName(config, name, "remove");
    if (!context.globals.dryRun) await context.confirm(`Remove account ${name} and its secrets from ${config.path}?`);
    await removeSession(context, name);
    await changeConfig(context, `Removed account ${name}`, (current) => {
      requireName(current, name, "remove");
      return { remove: [name], active: current.active === name ? null : undefined };
    });
    if (config.active === name && config.names.length > 1 && !context.globals.dryRun) {
      await context.note("No account is active now; choose one with 'mp account use NAME'");
    }
  },
});
