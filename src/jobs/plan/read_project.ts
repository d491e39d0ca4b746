/** A project's definitions, with names in place of ids. */
import { numbered, type PlanDefinition, planPath } from "./definition.ts";
import type { PlanKind, PlanProject, ProjectThing } from "./plan_kind.ts";
import { type ServerId, withNames } from "./references.ts";

/** What a project has of the kinds that were read. */
export interface ProjectPlan {
  definitions: PlanDefinition[];
  /** The ids of the project, by path: `cohorts/Payers`; also of things that definitions only refer to. */
  ids: Map<string, ServerId>;
  /** Ids within definitions of which the project has no thing: they stay as they are. */
  unknown: { of: string; kind: string; id: ServerId }[];
  /** Puts names of this project's things where ids of them are. An id of nothing stays, and is told. */
  named<T>(value: T, onUnknown?: (kind: string, id: ServerId) => void): T;
}

export interface ReadProjectOptions {
  /** Kinds that are only read for the names of their things, where definitions refer to one of them. */
  others?: readonly PlanKind[];
  /** Kinds to which others refer than those that the project has. */
  referredTo?: readonly string[];
}

type Thing = ProjectThing & { kind: string; number?: number };

/** Reads all things of these kinds. Things of one name are told apart by their order. */
export async function readProject(
  project: PlanProject,
  kinds: readonly PlanKind[],
  { others = [], referredTo = [] }: ReadProjectOptions = {},
): Promise<ProjectPlan> {
  const things = await thingsOf(project, kinds);
  const needed = new Set(referredTo);
  for (const { fields } of things) withNames(fields, (kind) => void needed.add(kind));
  const all = [...things, ...await thingsOf(project, others.filter(({ kind }) => needed.has(kind)))];
  const ids = new Map(all.map((thing) => [planPath(thing), thing.id]));
  const paths = new Map(all.map((thing) => [`${thing.kind}/${thing.id}`, planPath(thing)]));
  const named: ProjectPlan["named"] = <T>(value: T, onUnknown?: (kind: string, id: ServerId) => void) =>
    withNames(value, (kind, id) => paths.get(`${kind}/${id}`), onUnknown) as T;
  const unknown: ProjectPlan["unknown"] = [];
  const definitions = things.map(({ kind, name, number, fields }): PlanDefinition => {
    const of = planPath({ kind, name, number });
    const own = named(fields, (kind, id) => void unknown.push({ of, kind, id }));
    return { kind, name, ...(number === undefined ? {} : { number }), fields: own };
  });
  return { definitions, ids, unknown, named };
}

async function thingsOf(project: PlanProject, kinds: readonly PlanKind[]): Promise<Thing[]> {
  const things: Thing[] = [];
  for (const { kind, read } of kinds) {
    things.push(...numbered((await read(project)).map((thing) => ({ kind, ...thing }))));
  }
  return things;
}
