import { z } from "zod";
import { text } from "../api/params.ts";
import { command } from "../cli/command.ts";
import { VARIABLES } from "../settings/environment.ts";
import { accountName, changeConfig, openConfig, removeSession, requireName } from "./account/shared/config_access.ts";

export default command({
  description:
    `Removes an account and its secrets from the config file. Nothing is sent to Mixpanel: a service account still
exists, and its secret can't be shown again.`,
  examples: [{ text: "Remove the active account", run: "mp logout" }],
  args: ["name"],
  input: z.object({ name: text("Name of the account; default: the active one").optional() }),
  async run(context, { name: typed }) {
    const name = accountName(context, await openConfig(context), typed);
    await removeSession(context, name);
    await changeConfig(context, `Logged out: account ${name} is forgotten`, (config) => {
      requireName(config, name, "log out of");
      return { remove: [name], active: config.active === name ? null : undefined };
    });
    const set = VARIABLES.filter((one) => one.secret && one.name.startsWith("MP_"))
      .filter((one) => context.env[one.name]?.trim()).map((one) => one.name);
    if (set.length > 0) await context.note(`This shell still holds credentials: ${set.join(", ")}`);
  },
});
