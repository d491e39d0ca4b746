/** Saved metrics and behaviors, which reports name by their ids. The two families are alike, but for their names. */
import { z } from "zod";
import { APP, del, get, operation, patch, post } from "./operation.ts";
import { anyId, choice, id, text } from "./params.ts";

/** Recorded: longer ones end in a failure of the server. */
const MOST_CHARACTERS = 255;

const object = z.record(z.string(), z.unknown());

const row = z.looseObject({
  id: anyId,
  name: z.string(),
  type: z.string().nullish(),
  description: z.string().nullish(),
  definition: z.unknown().optional(),
  verified: z.boolean().nullish(),
  owned_by: z.unknown().optional(),
  modified: z.string().nullish(),
});
export type SavedMetricRow = z.output<typeof row>;

/** By id, also one alone. */
const rowsById = z.record(z.string(), row);

const name = text("Name that reports show", { placeholder: "NAME" }).max(MOST_CHARACTERS);
const description = z.string().max(MOST_CHARACTERS).optional().meta({ description: "What it means" });
const definition = object.meta({ placeholder: "JSON", description: "What it measures; see --data" });

const changes = {
  name: name.optional(),
  description,
  definition: definition.optional(),
  verified: z.boolean().optional().meta({ description: "Mark it as verified" }),
  owned_by: object.optional().meta({ description: 'Whom it belongs to: {"id": 1}' }),
  goals: z.array(object).optional().meta({ description: "Goals; see --data" }),
  display: object.optional().meta({ description: "How numbers are shown; see --data" }),
};
const MORE = { goals: changes.goals, display: changes.display };

/** What is different about a family. */
interface FamilyWords {
  kind: "metrics" | "behaviors";
  one: string;
  types: readonly [string, ...string[]];
}

function savedFamily({ kind, one, types }: FamilyWords) {
  const all = `/projects/{project_id}/${kind}/`;
  const known = { ...APP, unpublished: "recorded" } as const;
  const ownId = id(`Id of a ${one}, from 'mp ${kind} list'`, { completes: kind });
  const look = `mp ${kind} get {id}`;
  return {
    id: ownId,
    list: operation({
      id: `${kind}.list`,
      summary: `list saved ${kind}`,
      routes: [get("app", all)],
      ...known,
      params: z.object({}),
      result: rowsById,
    }),
    get: operation({
      id: `${kind}.get`,
      summary: `show a saved ${one}`,
      routes: [get("app", `${all}{id}/`)],
      ...known,
      // An unknown behavior is a failure of the server, which would be waited for.
      repeatable: kind === "metrics",
      params: z.object({ id: ownId }),
      result: rowsById,
    }),
    create: operation({
      id: `${kind}.create`,
      summary: `save a ${one}`,
      routes: [post("app", all)],
      look: `mp ${kind} list`,
      ...known,
      params: z.object({
        name,
        type: choice(types, `Kind of ${one}`),
        definition,
        description,
        ...(kind === "metrics" && {
          warehouse_source_id: anyId.optional().meta({ description: "For type warehouse: the source" }),
        }),
        ...MORE,
      }),
      result: rowsById,
    }),
    update: operation({
      id: `${kind}.update`,
      summary: `change a saved ${one}`,
      routes: [patch("app", `${all}{id}/`)],
      look,
      ...known,
      repeatable: true,
      params: z.object({ id: ownId, ...changes }),
      result: rowsById,
    }),
    updateMany: operation({
      id: `${kind}.bulk_update`,
      summary: `change several saved ${kind}`,
      routes: [patch("app", all)],
      look: `mp ${kind} list`,
      ...known,
      repeatable: true,
      params: z.object({ rows: z.array(z.looseObject({ id: ownId })).min(1).meta({ wire: kind }) }),
      result: rowsById,
    }),
    removeMany: operation({
      id: `${kind}.delete`,
      summary: `delete saved ${kind}`,
      routes: [del("app", all)],
      look: `mp ${kind} list`,
      ...known,
      body: { kind: "json" },
      params: z.object({ rows: z.array(z.looseObject({ id: ownId })).min(1).meta({ wire: kind }) }),
      result: z.unknown(),
    }),
  };
}

const METRICS = savedFamily({ kind: "metrics", one: "metric", types: ["metric", "formula", "warehouse"] });
const BEHAVIORS = savedFamily({ kind: "behaviors", one: "behavior", types: ["simple", "funnel", "retention"] });

/** The operations of either family. */
export type SavedFamily = ReturnType<typeof savedFamily>;

export const listMetrics = METRICS.list;
export const getMetric = METRICS.get;
export const createMetric = METRICS.create;
export const updateMetric = METRICS.update;
export const updateMetrics = METRICS.updateMany;
export const deleteMetrics = METRICS.removeMany;
export const listBehaviors = BEHAVIORS.list;
export const getBehavior = BEHAVIORS.get;
export const createBehavior = BEHAVIORS.create;
export const updateBehavior = BEHAVIORS.update;
export const updateBehaviors = BEHAVIORS.updateMany;
export const deleteBehaviors = BEHAVIORS.removeMany;

/** Removes one by its own path. Of metrics the server has no such thing: 501. */
export const deleteBehavior = operation({
  id: "behaviors.delete_one",
  summary: "delete a saved behavior",
  routes: [del("app", "/projects/{project_id}/behaviors/{id}/")],
  look: "mp behaviors get {id}",
  ...APP,
  unpublished: "recorded",
  params: z.object({ id: BEHAVIORS.id }),
  result: z.unknown(),
});
