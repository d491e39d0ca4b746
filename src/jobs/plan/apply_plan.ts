/**
 * Makes a project what a plan says: what others refer to first. Nothing is remembered between runs: after one that was
 * stopped, the differences are found again, and what has been done is no difference any more.
 */
import { checkAgainst } from "../../api/request.ts";
import { inputError } from "../../errors.ts";
import { type PlanDefinition, planPath } from "./definition.ts";
import type { PlanChange } from "./plan_differences.ts";
import type { PlanKind, PlanProject } from "./plan_kind.ts";
import { referencesIn, type ServerId, withIds } from "./references.ts";

export interface ApplyOptions {
  /** The ids that the project has already, by path; those of new things are added. */
  ids: Map<string, ServerId>;
  signal?: AbortSignal;
  /** Called when changes have been made. */
  onDone?(changes: readonly PlanChange[]): Promise<void>;
}

/**
 * Makes changes, in the order in which they are given.
 *
 * @param changes as `applyOrder` gives them
 * @throws MpError of the first request that fails
 */
export async function applyPlan(
  project: PlanProject,
  changes: readonly PlanChange[],
  kinds: readonly PlanKind[],
  { ids, signal, onDone = async () => {} }: ApplyOptions,
): Promise<void> {
  const kindOf = (name: string) => kinds.find(({ kind }) => kind === name)!;
  const writes = changes.filter((one) => one.action !== "delete");
  for (const run of runsOf(writes, (change) => kindOf(change.wanted.kind).writeMany === undefined)) {
    signal?.throwIfAborted();
    const kind = kindOf(run[0]!.wanted.kind);
    const resolved = run.map(({ wanted }) => ({
      name: wanted.name,
      fields: withIds(wanted.fields, (path) => ids.get(path)!) as PlanDefinition["fields"],
    }));
    if (kind.writeMany !== undefined) await kind.writeMany(project, resolved);
    else await writeOne(project, kind, run[0]!, resolved[0]!, ids);
    await onDone(run);
  }
  for (const change of changes.filter((one) => one.action === "delete")) {
    signal?.throwIfAborted();
    const { kind, name } = change.there;
    await kindOf(kind).remove!(project, ids.get(planPath(change.there))!, name);
    await onDone([change]);
  }
}

type Deletion = Extract<PlanChange, { action: "delete" }>;
type Write = Exclude<PlanChange, Deletion>;

async function writeOne(
  project: PlanProject,
  kind: PlanKind,
  change: Write,
  resolved: Pick<PlanDefinition, "name" | "fields">,
  ids: Map<string, ServerId>,
): Promise<void> {
  const path = planPath(change.wanted);
  if (change.action === "create") ids.set(path, await kind.create(project, resolved));
  else await kind.update(project, { ...resolved, id: ids.get(path)!, changed: change.fields });
}

/**
 * Checks whether servers would take a definition.
 *
 * @param action what cannot be done otherwise, for the message
 * @throws MpError (input) when they would not
 */
export function checkDefinition({ name, fields }: PlanDefinition, { sent }: PlanKind, action: string): void {
  // Any id will do where a reference is.
  const resolved = withIds(fields, () => 1) as PlanDefinition["fields"];
  checkAgainst(sent.params, sent.body({ name, fields: resolved }), action, (key) => key);
}

/**
 * Changes in an order in which each finds what it refers to; deletions come last, in the opposite order.
 *
 * @param isThere whether the project has what a path names
 * @throws MpError (input) when a definition refers to something that is nowhere, or to itself through others
 */
export function applyOrder(changes: readonly PlanChange[], isThere: (path: string) => boolean): PlanChange[] {
  const writes = changes.filter((one) => one.action !== "delete");
  const deletions = changes.filter((one) => one.action === "delete");
  // What is there can refer to itself through others, and to what stays.
  const deleted = referredFirst(deletions, () => true);
  return [...referredFirst(writes, isThere), ...deleted.toReversed()];
}

const definitionOf = (change: PlanChange): PlanDefinition => change.action === "delete" ? change.there : change.wanted;

/** Changes with what they refer to before them; otherwise in their order. */
function referredFirst(changes: readonly PlanChange[], isThere: (path: string) => boolean): PlanChange[] {
  const byPath = new Map(changes.map((change) => [planPath(definitionOf(change)), change]));
  const ordered: PlanChange[] = [];
  const state = new Map<string, "begun" | "done">();
  const add = (path: string, from?: string): void => {
    const change = byPath.get(path);
    if (state.get(path) === "done") return;
    if (change === undefined) {
      if (isThere(path)) return;
      throw inputError(
        `Cannot apply the plan: ${from} refers to ${path}, which is neither in the plan nor in the project`,
        `add it to the plan, apply its kind too, or change ${from}`,
        "bad_plan",
      );
    }
    if (state.get(path) === "begun") {
      // What is there already can be referred to before it is changed.
      if (isThere(path)) return;
      throw inputError(`Cannot apply the plan: ${path} refers to itself, through ${from}`, undefined, "bad_plan");
    }
    state.set(path, "begun");
    for (const reference of referencesIn(definitionOf(change).fields)) add(reference, path);
    state.set(path, "done");
    ordered.push(change);
  };
  for (const path of byPath.keys()) add(path);
  return ordered;
}

/** Neighbours of one kind that are written together; each by itself where `isAlone` says so. */
function runsOf(writes: readonly Write[], isAlone: (write: Write) => boolean): Write[][] {
  const runs: Write[][] = [];
  for (const write of writes) {
    const last = runs.at(-1);
    if (last !== undefined && !isAlone(write) && last[0]!.wanted.kind === write.wanted.kind) last.push(write);
    else runs.push([write]);
  }
  return runs;
}
