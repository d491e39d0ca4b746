import { z } from "zod";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { readVariable } from "../../settings/environment.ts";
import { changeConfig, requireName } from "./shared/config_access.ts";

export default command({
  summary: "choose the account that is used when none is named",
  examples: [{ text: "From now on, talk to the production project", run: "mp account use production" }],
  args: ["name"],
  input: z.object({ name: text("Name of the account") }),
  async run(context, { name }) {
    await changeConfig(context, `The active account is now ${name}`, (config) => {
      requireName(config, name, "use");
      return { active: name };
    });
    const other = readVariable(context.env, "MP_ACCOUNT");
    if (other !== undefined && other !== name) {
      await context.note(`MP_ACCOUNT is set in this shell: ${other} takes precedence`);
    }
  },
});
