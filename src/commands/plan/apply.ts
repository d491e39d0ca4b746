import { z } from "zod";
import { command } from "../../cli/command.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { inputError } from "../../errors.ts";
import { applyPlan } from "../../jobs/plan/apply_plan.ts";
import { changeLines, listedChange } from "../../jobs/plan/change_words.ts";
import type { PlanChange } from "../../jobs/plan/plan_differences.ts";
import { formatCount } from "../../output/format.ts";
import { jsonResult } from "../../output/print.ts";
import { comparePlan, planInput } from "./shared/plan_input.ts";

export default command({
  summary: "make the project what a folder of definitions says",
  description:
    `Shows what will change, asks, and makes the changes in an order in which each finds what it refers to. Definitions that
only the project has stay, unless --prune is given. A run that was stopped is gone on with by the same command: what has been
done is no difference any more. With --project it writes to another project than the one that was exported.`,
  args: ["folder"],
  examples: [
    { text: "Bring the project up to date", run: "mp plan apply plan/ --yes" },
    { text: "Also delete tags that the folder does not have", run: "mp plan apply plan/ --only tags --prune --yes" },
  ],
  input: z.object({
    ...planInput,
    prune: z.boolean().default(false).meta({ description: "Delete what the project has and the folder has not" }),
  }),
  async run(context, { prune, ...input }) {
    const { kinds, project, there, changes: found } = await comparePlan(context, input);
    const changes = found.filter(({ action }) => prune || action !== "delete");
    checkDeletions(changes, kinds.filter(({ remove }) => remove === undefined).map(({ kind }) => kind));
    for (const line of changes.flatMap(changeLines)) await context.note(line);
    const left = found.length - changes.length;
    const leftNote = left === 0 ? "" : `; ${formatCount(left, "definition")} only in the project left as they are`;
    if (changes.length === 0) {
      await context.note(`Nothing to change${leftNote}`);
    } else {
      await confirmInProject(context, `Make ${formatCount(changes.length, "change")}?`);
      let done = 0;
      await applyPlan(project, changes, kinds, {
        ids: there.ids,
        signal: context.signal,
        onDone: (made) => Promise.resolve(void (done += made.length)),
      }).catch(async (error) => {
        await context.note(`Made ${done} of ${formatCount(changes.length, "change")}; the same command goes on`);
        throw error;
      });
      await context.note(`Made ${formatCount(changes.length, "change")}${leftNote}`);
    }
    if (asksForResult(context)) await context.print(jsonResult({ changes: changes.map(listedChange) }));
  },
});

function checkDeletions(changes: readonly PlanChange[], kept: readonly string[]): void {
  const refused = changes.flatMap((one) => one.action === "delete" && kept.includes(one.there.kind) ? [one.there] : []);
  if (refused.length === 0) return;
  const [{ kind, name }] = refused as [typeof refused[0]];
  throw inputError(
    `Cannot delete ${kind}/${name}: Mixpanel does not delete ${kind}`,
    `add it to the folder, or leave the kind out with --only`,
    "bad_flags",
  );
}
