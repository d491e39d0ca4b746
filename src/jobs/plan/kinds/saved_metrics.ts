/** Saved metrics and behaviors. */
import type { z } from "zod";
import { call } from "../../../api/call.ts";
import {
  createBehavior,
  createMetric,
  deleteBehaviors,
  deleteMetrics,
  listBehaviors,
  listMetrics,
  type SavedFamily,
  updateBehavior,
  updateMetric,
} from "../../../api/saved_metrics.ts";
import { inputError } from "../../../errors.ts";
import { changedFields } from "../changed_fields.ts";
import { rowsOf, setFields } from "../definition_fields.ts";
import type { PlanKind } from "../plan_kind.ts";

const FIELDS = ["type", "description", "verified", "definition", "goals", "display"];
const USUAL = { verified: false };
const EMPTY = { description: "", verified: false, goals: [], display: {} };

type Operations = Pick<SavedFamily, "list" | "create" | "update" | "removeMany">;

export const metricKind = savedKind("metrics", {
  list: listMetrics,
  create: createMetric,
  update: updateMetric,
  removeMany: deleteMetrics,
});
export const behaviorKind = savedKind("behaviors", {
  list: listBehaviors,
  create: createBehavior,
  update: updateBehavior,
  removeMany: deleteBehaviors,
});

function savedKind(kind: string, { list, create, update, removeMany }: Operations): PlanKind {
  return {
    kind,
    fields: FIELDS,
    jsonFields: ["definition", "goals", "display"],
    usual: USUAL,
    sent: {
      params: create.params,
      body: ({ name, fields: { verified: _verified, ...fields } }) => ({ ...fields, name }),
    },
    async read({ client }) {
      const answer = await call(client, list, {});
      answer.result();
      return rowsOf(answer.data).map((row) => ({
        id: row.id as number,
        name: String(row.name),
        fields: setFields(row, FIELDS, USUAL),
      }));
    },
    async create({ client }, { name, fields: { verified, ...fields } }) {
      const made = await call(
        client,
        create,
        { ...fields, name } as z.input<typeof create.params>,
      );
      const { id } = Object.values(made.result())[0]!;
      // Servers drop it when something is made.
      if (verified === true) await call(client, update, { id: String(id), verified });
      return id;
    },
    async update({ client }, wanted) {
      const { type, ...fields } = changedFields(wanted, EMPTY);
      if (type !== undefined) {
        throw inputError(
          `Cannot change the type of ${kind}/${wanted.name}: Mixpanel keeps the old one without a word`,
          "give it another name, or delete it first",
          "bad_plan",
        );
      }
      await call(client, update, { id: String(wanted.id), ...fields });
    },
    async remove({ client }, id) {
      await call(client, removeMany, { rows: [{ id: String(id) }] });
    },
  };
}
