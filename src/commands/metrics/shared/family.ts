/** The commands of saved metrics and of saved behaviors, which are the same but for their operations and words. */
import { z } from "zod";
import { call, type CallResult } from "../../../api/call.ts";
import type { deleteBehavior, SavedFamily, SavedMetricRow } from "../../../api/saved_metrics.ts";
import { command } from "../../../cli/command.ts";
import { confirmInProject } from "../../../cli/confirm_in_project.ts";
import type { Context } from "../../../cli/context.ts";
import { DATA, dataFields, ifUnderstood, operationCommand, type Presentation } from "../../../cli/operation_command.ts";
import { inputError, MpError } from "../../../errors.ts";
import { definedFields } from "../../../streams/json/defined_fields.ts";

type Rows = Readonly<Record<string, SavedMetricRow>>;

/** The words of a family. */
export interface FamilyNames {
  /** The group of commands, which is also the field of bodies. */
  group: "metrics" | "behaviors";
  one: string;
  /** Ids that the demo has. */
  ids: readonly [number, number, number];
}

export const METRIC_NAMES: FamilyNames = { group: "metrics", one: "metric", ids: [501, 502, 503] };
export const BEHAVIOR_NAMES: FamilyNames = { group: "behaviors", one: "behavior", ids: [601, 602, 603] };

function presentSavedMetrics(rows: Rows): Presentation {
  return {
    rows: Object.values(rows).map((row) => ({ ...row, definition: JSON.stringify(row.definition) })),
    columns: [{ key: "id", identifier: true }, "name", "type", "verified", "description", "modified"],
  };
}

export function listCommand(operation: SavedFamily["list"], { group }: FamilyNames) {
  return operationCommand(operation, {
    description: "Also those that you cannot view. In a large project it may take half a minute.",
    examples: [
      { text: "All of them", run: `mp ${group} list` },
      { text: "Their definitions", run: `mp ${group} list --jq '.results[] | {name, definition}'` },
    ],
    present: presentSavedMetrics,
  });
}

export function getCommand(operation: SavedFamily["get"], { group, one, ids: [first] }: FamilyNames) {
  const shown = operationCommand(operation, {
    args: ["id"],
    examples: [{ text: `What a ${one} measures`, run: `mp ${group} get ${first} --jq '.results[].definition'` }],
    present: presentSavedMetrics,
  });
  return command({
    ...shown,
    async run(context, input) {
      try {
        return await shown.run(context, input);
      } catch (error) {
        throw group === "behaviors" ? ofUnknownBehavior(error) : error;
      }
    },
  });
}

/** Mixpanel answers 500 for a behavior that it does not know. */
function ofUnknownBehavior(error: unknown): unknown {
  if (!(error instanceof MpError) || error.status !== 500) return error;
  const { message, category, code, status, requestId, serverMessage, cause } = error;
  const hint = "Mixpanel fails so for an id that it does not know: 'mp behaviors list' shows what there is";
  return new MpError(message, { category, code, status, requestId, serverMessage, cause, hint });
}

/** Flags of what the server takes only after the creation. */
const LATER = {
  verified: z.boolean().optional().meta({ description: "Mark it as verified" }),
  owner: z.string().regex(/^\d+$/, "not a numeric id").optional().meta({
    placeholder: "ID",
    lists: "mp whoami",
    description: "Id of the user whom it belongs to",
  }),
};

const laterFields = ({ verified, owner }: { verified?: boolean; owner?: string }) =>
  definedFields({ verified, owned_by: owner === undefined ? undefined : { id: Number(owner) } });

/** Saves one; what the server leaves out at that is written by a second request. */
export async function createIn(
  context: Context,
  { create, update }: Pick<SavedFamily, "create" | "update">,
  { one }: FamilyNames,
  body: Record<string, unknown>,
  later: { verified?: boolean; owner?: string },
): Promise<void> {
  const client = await context.client();
  const fields = laterFields(later);
  let answer: CallResult<Rows> = await call(client, create, body as z.input<SavedFamily["create"]["params"]>);
  const [row] = await ifUnderstood(context, () => Object.values(answer.result())) ?? [];
  if (row !== undefined) {
    await context.note(`Saved the ${one} ${JSON.stringify(row.name)} with the id ${row.id}`);
    if (Object.keys(fields).length > 0) {
      answer = await call(client, update, { id: row.id, ...fields });
    }
  }
  await context.print({ ...answer, ...await ifUnderstood(context, () => presentSavedMetrics(answer.result())) });
}

export const CREATE_LATER = LATER;

export function updateCommand(
  { update, updateMany }: Pick<SavedFamily, "update" | "updateMany">,
  { group, one, ids: [first, second] }: FamilyNames,
) {
  const { id: ownId, ...shape } = update.params.shape;
  const CHANGES = z.object(shape);
  const { verified: _verified, owned_by: _owner, ...flags } = shape;
  return command({
    summary: `change saved ${group}`,
    description:
      `What is not named stays as it is. Mixpanel stores changes without checking them, and never changes the type. Several ${group} get the same changes, by one request.`,
    args: ["ids"],
    examples: [
      { text: "Say what it means", run: `mp ${group} update ${first} --description 'As agreed in May'` },
      { text: "Mark two as verified", run: `mp ${group} update ${first} ${second} --verified` },
    ],
    operations: [update, updateMany],
    input: z.object({
      ids: z.array(ownId).min(1).meta({ completes: group, description: `Ids of ${group}` }),
      ...flags,
      ...LATER,
      ...DATA,
    }),
    async run(context, { ids, data, verified, owner, ...typed }) {
      const changes = { ...dataFields(data, CHANGES), ...definedFields(typed), ...laterFields({ verified, owner }) };
      if (Object.keys(changes).length === 0) {
        throw inputError(
          `Cannot update ${one} ${ids.join(", ")}: nothing to change is given`,
          "add --name, --description, --verified or --data",
          "missing_argument",
        );
      }
      const client = await context.client();
      const [only, ...others] = ids as [typeof ids[number], ...typeof ids];
      const answer: CallResult<Rows> = others.length === 0
        ? await call(client, update, { id: only, ...changes })
        : await call(client, updateMany, {
          rows: ids.map((id) => ({ id, ...changes })),
        });
      await context.note(`Changed ${others.length === 0 ? one : group} ${ids.join(", ")}`);
      await context.print({ ...answer, ...await ifUnderstood(context, () => presentSavedMetrics(answer.result())) });
    },
  });
}

/** The server skips ids that it does not know, so that they are looked up first. */
export function deleteSavedCommand(
  { get, removeMany }: Pick<SavedFamily, "get" | "removeMany">,
  { group, one, ids: [first, second, third] }: FamilyNames,
  /** Deletes one by its own path, where the server can. */
  removeOne?: typeof deleteBehavior,
) {
  const { id: ownId } = get.params.shape;
  return command({
    summary: `delete saved ${group}`,
    description:
      `Each is looked up first: the server would skip an id that it does not know. Reports that use it fail.`,
    args: ["ids"],
    examples: [
      { text: "Without being asked", run: `mp ${group} delete ${second} --yes` },
      { text: "Several", run: `mp ${group} delete ${first} ${third} --yes` },
    ],
    operations: [removeMany, ...(removeOne === undefined ? [] : [removeOne]), get],
    input: z.object({
      ids: z.array(ownId).min(1).meta({ completes: group, description: `Ids of ${group}` }),
    }),
    async run(context, { ids }) {
      const client = await context.client();
      const what = `${ids.length === 1 ? one : group} ${ids.join(", ")}`;
      if (!context.globals.dryRun) {
        for (const id of ids) await call(client, get, { id });
      }
      await confirmInProject(context, `Delete ${what}?`);
      const answer = removeOne !== undefined && ids.length === 1
        ? await call(client, removeOne, { id: ids[0]! })
        : await call(client, removeMany, { rows: ids.map((id) => ({ id })) });
      await context.note(`Deleted ${what}`);
      await context.print(answer);
    },
  });
}
