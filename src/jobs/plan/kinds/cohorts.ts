/** Cohorts by their definitions: who is in them, in what people are and did. */
import type { z } from "zod";
import { call } from "../../../api/call.ts";
import { defineCohort, deleteCohort, listDefinedCohorts, updateCohort } from "../../../api/cohorts.ts";
import { changedFields } from "../changed_fields.ts";
import { rowsOf, setFields } from "../definition_fields.ts";
import type { PlanKind, WantedThing } from "../plan_kind.ts";

const DEFINITION = ["selector", "behaviors", "groups"];
const FIELDS = ["description", "is_visible", "is_locked", ...DEFINITION];
const USUAL = { is_visible: true, is_locked: false };
const EMPTY = { description: "", behaviors: {}, ...USUAL };

export const cohortKind: PlanKind = {
  kind: "cohorts",
  fields: FIELDS,
  jsonFields: DEFINITION,
  usual: USUAL,
  sent: { params: defineCohort.params, body: bodyOf },
  async read({ client }) {
    const answer = await call(client, listDefinedCohorts, {});
    answer.result();
    return rowsOf(answer.data).map((row) => ({
      id: row.id as number,
      name: String(row.name),
      fields: setFields(
        { ...row, is_visible: asTruth(row.is_visible), is_locked: asTruth(row.is_locked) },
        FIELDS,
        USUAL,
      ),
    }));
  },
  async create({ client }, wanted) {
    return (await call(client, defineCohort, bodyOf(wanted))).result().id;
  },
  async update({ client }, wanted) {
    await call(client, updateCohort, { cohort_id: String(wanted.id), ...changedFields(wanted, EMPTY) });
  },
  async remove({ client }, id) {
    await call(client, deleteCohort, { cohort_id: String(id) });
  },
};

function bodyOf({ name, fields }: WantedThing): z.input<typeof defineCohort.params> {
  return { ...fields, name };
}

/** Also seen as 0 and 1. */
const asTruth = (value: unknown): unknown => typeof value === "number" ? value !== 0 : value;
