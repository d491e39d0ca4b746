import { z } from "zod";
import { merge, mergeIdentities, mergePairs } from "../../api/identity.ts";
import { command } from "../../cli/command.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { inputError } from "../../errors.ts";

export default command({
  description:
    "Each further id is joined to the first one, whatever form it has; Mixpanel chooses which id the person is known by " +
    "from then on. A person can have 500 ids. A project with the simplified ID merge refuses it.",
  examples: [
    { text: "Two accounts of one person", run: "mp identity merge u-1 u-2 --yes" },
    { text: "Three, as two pairs", run: "mp identity merge u-1 u-2 u-3 --yes" },
  ],
  operations: [mergeIdentities],
  args: ["ids"],
  input: z.object({
    ids: z.array(z.string().min(1)).min(1).meta({ placeholder: "ID", description: "Two ids or more" }),
  }),
  async run(context, { ids }) {
    const pairs = mergePairs(ids);
    if (pairs.length === 0) {
      throw inputError(
        "Cannot merge one id: it takes two or more",
        `mp identity merge ${ids[0]} u-2`,
        "missing_argument",
      );
    }
    const [first, others] = [pairs[0]![0], pairs.map(([, other]) => other).join(", ")];
    await confirmInProject(context, `Merge ${others} into ${first}? This cannot be undone`);
    const answer = await merge(await context.client(), ids, { signal: context.signal });
    await context.note(`Merged ${others} into ${first}`);
    if (asksForResult(context)) await context.print(answer);
  },
});
