/** Feature flags. Their key is what programs know them by, so it is the name in a plan, and their name is its title. */
import { z } from "zod";
import { call } from "../../../api/call.ts";
import { createFlag, deleteFlag, flagFields, getFlag, listFlags, updateFlag } from "../../../api/feature_flags.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import type { DefinitionFields } from "../definition.ts";
import { rowsOf, setFields } from "../definition_fields.ts";
import type { PlanKind, WantedThing } from "../plan_kind.ts";

type FlagBody = Omit<z.input<typeof createFlag.params>, "workspace_id">;

type FlagChange = z.input<typeof updateFlag.params>;

/** What a plan does not have, or need not have: a change leaves it as it is. */
const KEPT = ["status", "hash_salt", "experiment_id", "is_experiment_active", "data_group_id"];
const SETTINGS = ["description", "tags", "status", "context", "serving_method", "hash_salt", "ruleset"];

export const flagKind: PlanKind = {
  kind: "flags",
  fields: ["title", ...SETTINGS],
  jsonFields: ["ruleset"],
  filledIn: ["status", "hash_salt"],
  normal: ({ ruleset, ...fields }) => ({ ...setFields(fields, Object.keys(fields)), ruleset: normalRuleset(ruleset) }),
  sent: { params: z.object(flagFields), body },
  async read({ client, workspace }) {
    const answer = await call(client, listFlags, { workspace_id: await workspace(), include_archived: true });
    answer.result();
    return rowsOf(answer.data).map((row) => ({
      id: String(row.id),
      name: String(row.key),
      fields: { title: row.name, ...setFields(row, SETTINGS) },
    }));
  },
  async create({ client, workspace }, wanted) {
    const answer = await call(client, createFlag, { workspace_id: await workspace(), ...body(wanted) });
    return answer.result().id;
  },
  async update({ client, workspace }, { id, ...wanted }) {
    const one = { workspace_id: await workspace(), flag_id: String(id) };
    const before: DefinitionFields = (await call(client, getFlag, one)).result();
    await call(client, updateFlag, { ...setFields(before, KEPT), ...body(wanted), ...one } as FlagChange);
  },
  async remove({ client, workspace }, id) {
    await call(client, deleteFlag, { workspace_id: await workspace(), flag_id: String(id) });
  },
};

/** A write says all of a flag. */
function body({ name, fields: { title, ...fields } }: WantedThing): FlagBody {
  return { description: null, tags: [], ...fields, key: name, name: title } as unknown as FlagBody;
}

/** Servers write what is not set as null, or false; the value of a variant may be either. */
function normalRuleset(ruleset: unknown): unknown {
  if (!isObject(ruleset)) return ruleset;
  const rows = (list: unknown) => (Array.isArray(list) ? list : []).filter(isObject);
  const variants = rows(ruleset.variants).map(({ value, ...one }) => ({
    ...setFields(one, Object.keys(one), { is_sticky: false }),
    value,
  }));
  const rollout = rows(ruleset.rollout).map((one) => setFields(one, Object.keys(one)));
  return { ...setFields(ruleset, Object.keys(ruleset)), variants, rollout };
}
