/** Drop filters: which events are thrown away as they come in. They have no names, so that of their event tells them apart. */
import type { z } from "zod";
import { call } from "../../../api/call.ts";
import { createDropFilter, deleteDropFilter, listDropFilters, updateDropFilter } from "../../../api/data_governance.ts";
import { changedFields } from "../changed_fields.ts";
import { rowsOf, setFields } from "../definition_fields.ts";
import type { PlanKind, WantedThing } from "../plan_kind.ts";
import type { ServerId } from "../references.ts";

const FIELDS = ["active", "filters"];
const USUAL = { active: true };

export const dropFilterKind: PlanKind = {
  kind: "drop-filters",
  fields: FIELDS,
  jsonFields: ["filters"],
  usual: USUAL,
  sent: { params: createDropFilter.params, body },
  async read({ client }) {
    const answer = await call(client, listDropFilters, {});
    answer.result();
    const rows = rowsOf(answer.data).toSorted((a, b) => Number(a.id) - Number(b.id));
    return rows.map((row) => ({
      id: row.id as ServerId,
      name: String(row.eventName),
      fields: setFields(row, FIELDS, USUAL),
    }));
  },
  async create({ client }, wanted) {
    const all = (await call(client, createDropFilter, body(wanted))).result();
    // The answer is the whole list; the newest has the highest id.
    const { id } = all.reduce((newest, one) => Number(one.id) > Number(newest.id) ? one : newest);
    if (wanted.fields.active === false) await call(client, updateDropFilter, { id: String(id), active: false });
    return id;
  },
  async update({ client }, wanted) {
    await call(client, updateDropFilter, {
      id: String(wanted.id),
      ...changedFields(wanted, { ...USUAL, filters: [] }),
    });
  },
  async remove({ client }, id) {
    await call(client, deleteDropFilter, { id: String(id) });
  },
};

/** It is active when it is made. */
function body({ name, fields: { filters } }: WantedThing): z.input<typeof createDropFilter.params> {
  return { eventName: name, filters: filters as Record<string, unknown>[] };
}
