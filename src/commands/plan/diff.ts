import { z } from "zod";
import { command } from "../../cli/command.ts";
import { formatCount } from "../../output/format.ts";
import { comparePlan, DIFFERENCES_FOUND, planInput } from "./shared/plan_input.ts";
import { printChanges } from "./shared/print_changes.ts";

export default command({
  summary: "show what would change in the project",
  description:
    `Compares a folder with the project and changes nothing. '+' is in the folder only, '~' differs, '-' is in the project
only: 'mp plan apply' deletes that with --prune and leaves it otherwise. The exit code is 9 when there is a difference.`,
  args: ["folder"],
  examples: [
    { text: "What 'mp plan apply' would do", run: "mp plan diff plan/" },
    { text: "Only some kinds, as JSON", run: "mp plan diff plan/ --only events -f json" },
  ],
  input: z.object(planInput),
  async run(context, input) {
    const { changes } = await comparePlan(context, input);
    await printChanges(context, changes);
    if (changes.length === 0) {
      await context.note("No differences");
      return 0;
    }
    const only = (input.only ?? []).map((kind) => ` --only ${kind}`).join("");
    const apply = `mp plan apply ${input.folder}${only}`;
    await context.note(`${formatCount(changes.length, "difference")}; apply them with: ${apply}`);
    return DIFFERENCES_FOUND;
  },
});
