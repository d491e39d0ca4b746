/** Ids of one project's things, replaced by those of another's of the same names. */
import type { PlanKind, PlanProject } from "./plan_kind.ts";
import { readProject } from "./read_project.ts";
import { referencesIn, type ServerId, withIds, withNames } from "./references.ts";

export interface Translation {
  value: unknown;
  /** What the value refers to and the other project does not have, such as `cohorts/Payers`: ids of it stay. */
  missing: string[];
  /** Ids that are of nothing in their own project, such as `cohorts/88`: they stay, too. */
  unknown: string[];
}

/**
 * Replaces the ids of things in a value, such as what a report asks. Of things that share a name, the first stands for the
 * first. Where the value has no ids, nothing is asked for.
 */
export async function translate(
  value: unknown,
  from: PlanProject,
  to: PlanProject,
  kinds: readonly PlanKind[],
): Promise<Translation> {
  const needed = new Set<string>();
  withNames(value, (kind) => void needed.add(kind));
  const read = kinds.filter(({ kind }) => needed.has(kind));
  if (read.length === 0) return { value, missing: [], unknown: [] };
  const unknown = new Set<string>();
  const there = await readProject(from, read);
  const named = there.named(value, (kind, id) => void unknown.add(`${kind}/${id}`));
  const { ids } = await readProject(to, read);
  const missing = referencesIn(named).filter((path) => !ids.has(path));
  const idOf = (path: string): ServerId => ids.get(path) ?? there.ids.get(path)!;
  return { value: withIds(named, idOf), missing, unknown: [...unknown] };
}
