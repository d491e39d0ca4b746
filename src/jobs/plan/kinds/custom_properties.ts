/** Custom properties: values that a formula computes from other properties. */
import type { z } from "zod";
import { call } from "../../../api/call.ts";
import {
  createCustomProperty,
  deleteCustomProperty,
  getCustomProperty,
  listCustomProperties,
  updateCustomProperty,
} from "../../../api/custom_properties.ts";
import { MpError } from "../../../errors.ts";
import type { DefinitionFields } from "../definition.ts";
import { rowsOf, setFields } from "../definition_fields.ts";
import type { PlanKind, WantedThing } from "../plan_kind.ts";
import type { ServerId } from "../references.ts";

const JSON_FIELDS = ["composedProperties", "behavior"];
const FIELDS = [
  ...["resourceType", "description", "displayFormula", "propertyType", "isLocked", "isVisible", "exampleValue"],
  ...JSON_FIELDS,
];
const USUAL = { isLocked: false, isVisible: true };
const EMPTY = { description: "", ...USUAL };

type Body = z.input<typeof createCustomProperty.params>;

export const customPropertyKind: PlanKind = {
  kind: "custom-properties",
  fields: FIELDS,
  jsonFields: JSON_FIELDS,
  usual: USUAL,
  sent: { params: createCustomProperty.params, body },
  async read({ client }) {
    const answer = await call(client, listCustomProperties, {});
    answer.result();
    return rowsOf(answer.data).map((row) => ({
      id: (row.customPropertyId ?? row.id) as ServerId,
      name: String(row.name),
      fields: setFields(row, FIELDS, USUAL),
    }));
  },
  async create({ client }, wanted) {
    const { customPropertyId, id } = (await call(client, createCustomProperty, body(wanted))).result();
    const made = customPropertyId ?? id;
    if (made !== undefined) return made;
    throw new MpError(`Cannot tell the id of the custom property ${JSON.stringify(wanted.name)}: the answer has none`, {
      category: "server",
      code: "unexpected_answer",
    });
  },
  async update({ client }, { id, ...wanted }) {
    const custom_property_id = String(id);
    const before: DefinitionFields = (await call(client, getCustomProperty, { custom_property_id })).result();
    // The group key is one of this project, which a plan does not have.
    await call(client, updateCustomProperty, {
      custom_property_id,
      ...setFields(before, ["dataGroupId"]),
      ...body(wanted),
    });
  },
  async remove({ client }, id) {
    await call(client, deleteCustomProperty, { custom_property_id: String(id) });
  },
};

/** A write says all of a property. */
function body({ name, fields }: WantedThing): Body {
  return { ...EMPTY, ...fields, name } as Body;
}
