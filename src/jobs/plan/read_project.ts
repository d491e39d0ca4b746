/** A project's definitions, with names in place of ids. */
import { numbered, type PlanDefinition, planPath } from "./definition.ts";
import type { PlanKind, PlanProject, ProjectThing } from "./plan_kind.ts";
import { type ServerId, withNames } from "./references.ts";

/** What a project has of the kinds that were read. */
export interface ProjectPlan {
  definitions: PlanDefinition[];
  /** The ids of the project, by path: `cohorts/Payers`. */
  ids: Map<string, ServerId>;
  /** Ids within definitions of which the project has no thing: they stay as they are. */
  unknown: { of: string; kind: string; id: ServerId }[];
}

/** Reads all things of these kinds. Things of one name are told apart by their order. */
export async function readProject(project: PlanProject, kinds: readonly PlanKind[]): Promise<ProjectPlan> {
  const things: (ProjectThing & { kind: string; number?: number })[] = [];
  for (const { kind, read } of kinds) {
    things.push(...numbered((await read(project)).map((thing) => ({ kind, ...thing }))));
  }
  const ids = new Map(things.map((thing) => [planPath(thing), thing.id]));
  const paths = new Map(things.map((thing) => [`${thing.kind}/${thing.id}`, planPath(thing)]));
  const unknown: ProjectPlan["unknown"] = [];
  const definitions = things.map(({ kind, name, number, fields }): PlanDefinition => {
    const of = planPath({ kind, name, number });
    const named = withNames(fields, (kind, id) => paths.get(`${kind}/${id}`), (kind, id) => {
      unknown.push({ of, kind, id });
    });
    return { kind, name, ...(number === undefined ? {} : { number }), fields: named as PlanDefinition["fields"] };
  });
  return { definitions, ids, unknown };
}
