import { z } from "zod";
import { merge, mergeIdentities, mergePairs } from "../../api/identity.ts";
import { call } from "../../api/call.ts";
import { checkParams } from "../../api/request.ts";
import { command } from "../../cli/command.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import type { Context } from "../../cli/context.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { checkEither, recordsIn, WHOLE_BODY } from "../../cli/whole_body.ts";
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
    ids: z.array(z.string().min(1)).optional().meta({ placeholder: "ID", description: "Two ids or more" }),
    strict: mergeIdentities.params.shape.strict,
    ...WHOLE_BODY,
  }),
  async run(context, { ids = [], strict, data }) {
    checkEither("merge", data, { "<ids>": ids });
    if (data !== undefined) return await mergeEvents(context, data, strict);
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
    const answer = await merge(await context.client(), ids, { strict, signal: context.signal });
    await context.note(`Merged ${others} into ${first}`);
    if (asksForResult(context)) await context.print(answer);
  },
});

/** One `$merge` event as Mixpanel has it, or a list of them. */
async function mergeEvents(context: Context, data: unknown, strict: boolean): Promise<void> {
  const params = { events: recordsIn(data), strict } as z.input<typeof mergeIdentities.params>;
  const { events } = checkParams(mergeIdentities, params);
  const pairs = events.map(({ properties }) => properties.$distinct_ids.join(" and ")).join(", ");
  await confirmInProject(context, `Merge ${pairs}? This cannot be undone`);
  const answer = await call(await context.client(), mergeIdentities, params, { signal: context.signal });
  await context.note(`Merged ${pairs}`);
  if (asksForResult(context)) await context.print(answer);
}
