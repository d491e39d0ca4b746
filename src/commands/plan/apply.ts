import { z } from "zod";
import { command } from "../../cli/command.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import type { Context } from "../../cli/context.ts";
import { inputError } from "../../errors.ts";
import { applyOrder, applyPlan, checkDefinition } from "../../jobs/plan/apply_plan.ts";
import { changeLines, listedChange } from "../../jobs/plan/change_words.ts";
import { type PlanDefinition, planPath } from "../../jobs/plan/definition.ts";
import type { PlanChange } from "../../jobs/plan/plan_differences.ts";
import { referencesIn } from "../../jobs/plan/references.ts";
import { formatCount } from "../../output/format.ts";
import { jsonResult } from "../../output/print.ts";
import { lockNamed, type OutputLock } from "../../storage/lock.ts";
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
  async run(context, input) {
    const lock = await lockProject(context);
    try {
      const changes = await makeChanges(context, input);
      if (asksForResult(context)) await context.print(jsonResult({ changes: changes.map(listedChange) }));
    } finally {
      await lock.release();
    }
  },
});

/** Compares, asks and applies; returns what has been changed. */
async function makeChanges(
  context: Context,
  { prune, ...input }: { folder: string; only?: readonly string[]; prune: boolean },
): Promise<readonly PlanChange[]> {
  const { kinds, wanted, project, there, changes: found } = await comparePlan(context, input);
  const kept = found.filter(({ action }) => prune || action !== "delete");
  checkDeletions(kept, wanted, kinds.filter(({ remove }) => remove === undefined).map(({ kind }) => kind));
  for (const one of kept) {
    if (one.action === "delete") continue;
    const kind = kinds.find(({ kind }) => kind === one.wanted.kind)!;
    checkDefinition(one.wanted, kind, `apply ${planPath(one.wanted)}`);
  }
  const changes = applyOrder(kept, (path) => there.ids.has(path));
  for (const line of changes.flatMap(changeLines)) await context.note(line);
  const left = found.length - changes.length;
  const leftNote = left === 0 ? "" : `; ${formatCount(left, "definition")} only in the project left as they are`;
  if (changes.length === 0) {
    await context.note(`Nothing to change${leftNote}`);
    return changes;
  }
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
  return changes;
}

/** One that changes a project at a time: two would both make what it lacks. */
async function lockProject(context: Context): Promise<OutputLock> {
  const [{ connection }, { stateFolder }] = [await context.client(), await context.settings()];
  const place = `project ${connection.projectId}`;
  const note = (line: string) => void context.note(line);
  return await lockNamed(`plan of ${place} at ${connection.baseUrl ?? connection.region}`, stateFolder, {
    shown: place,
    note,
  });
}

/** What stays must not lose what it refers to. */
function checkDeletions(
  changes: readonly PlanChange[],
  wanted: readonly PlanDefinition[],
  kept: readonly string[],
): void {
  const deleted = changes.flatMap((one) => one.action === "delete" ? [one.there] : []);
  const one = deleted.find(({ kind }) => kept.includes(kind));
  if (one !== undefined) {
    throw inputError(
      `Cannot delete ${planPath(one)}: Mixpanel does not delete ${one.kind}`,
      `add it to the folder, or leave the kind out with --only`,
      "bad_flags",
    );
  }
  const paths = new Set(deleted.map(planPath));
  for (const one of wanted) {
    const missed = referencesIn(one.fields).find((path) => paths.has(path));
    if (missed === undefined) continue;
    throw inputError(
      `Cannot delete ${missed}: ${planPath(one)} refers to it`,
      `add it to the folder, or change ${planPath(one)}`,
      "bad_plan",
    );
  }
}
