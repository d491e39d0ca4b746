/** Feature flags. Their key is what programs know them by, so it is the name in a plan, and their name is its title. */
import type { z } from "zod";
import { call } from "../../../api/call.ts";
import { createFlag, deleteFlag, listFlags, updateFlag } from "../../../api/feature_flags.ts";
import { rowsOf, setFields } from "../definition_fields.ts";
import type { PlanKind, WantedThing } from "../plan_kind.ts";

type FlagBody = Omit<z.input<typeof createFlag.params>, "workspace_id">;

const SETTINGS = ["description", "tags", "status", "context", "serving_method", "hash_salt", "ruleset"];

export const flagKind: PlanKind = {
  kind: "flags",
  fields: ["title", ...SETTINGS],
  jsonFields: ["ruleset"],
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
    await call(client, updateFlag, { workspace_id: await workspace(), flag_id: String(id), ...body(wanted) });
  },
  async remove({ client, workspace }, id) {
    await call(client, deleteFlag, { workspace_id: await workspace(), flag_id: String(id) });
  },
};

/** A write says all of a flag. */
function body({ name, fields: { title, ...fields } }: WantedThing): FlagBody {
  return { description: null, tags: [], ...fields, key: name, name: title } as unknown as FlagBody;
}
