/** Saved metrics and behaviors. */
import type { z } from "zod";
import { call } from "../../../api/call.ts";
import { BEHAVIORS, METRICS, type SavedFamily } from "../../../api/saved_metrics.ts";
import { inputError } from "../../../errors.ts";
import { changedFields, rowsOf, setFields } from "../definition_fields.ts";
import type { PlanKind } from "../plan_kind.ts";

const FIELDS = ["type", "description", "verified", "definition", "goals", "display"];
const EMPTY = { description: "", verified: false, goals: [], display: {} };

export const metricKind = savedKind("metrics", METRICS);
export const behaviorKind = savedKind("behaviors", BEHAVIORS);

function savedKind(kind: string, { list, create, update, removeMany }: SavedFamily): PlanKind {
  return {
    kind,
    fields: FIELDS,
    jsonFields: ["definition", "goals", "display"],
    async read({ client }) {
      const answer = await call(client, list, {});
      answer.result();
      return rowsOf(answer.data).map((row) => ({
        id: row.id as number,
        name: String(row.name),
        fields: setFields(row, FIELDS, { verified: false }),
      }));
    },
    async create({ client }, { name, fields: { verified, ...fields } }) {
      const made = await call(
        client,
        create as typeof METRICS.create,
        { ...fields, name } as z.input<typeof METRICS.create.params>,
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
