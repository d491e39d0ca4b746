/** Custom properties: values that a formula computes from other properties. A write is a full replacement. */
import { z } from "zod";
import { APP, del, get, operation, post, put } from "./operation.ts";
import { anyId, choice, id, text, truth } from "./params.ts";

const ALL = "/projects/{project_id}/custom_properties/";
const ONE = `${ALL}{custom_property_id}/`;
const KNOWN = { ...APP, unpublished: "client" } as const;

export const customPropertyId = id("Id of a custom property, from 'mp custom-properties list'", {
  completes: "custom_properties",
});
const one = { custom_property_id: customPropertyId };

/** A property that a formula names by a letter. */
const composed = z.looseObject({
  value: z.string().nullish(),
  type: z.string().nullish(),
  resourceType: z.string().nullish(),
});

/** All fields of a write. Either the formula with its properties, or the behavior. */
export const customPropertyFields = {
  name: text("Name of the custom property", { placeholder: "NAME" }),
  resourceType: choice(["events", "people", "group_profiles"], "What it is a property of; it cannot be changed", {
    flag: "of",
  }),
  description: z.string().nullable().meta({ description: "What it means" }).optional(),
  displayFormula: text("How it is computed; see 'mp help formulas'", { flag: "formula", placeholder: "FORMULA" })
    .nullable().optional(),
  composedProperties: z.record(z.string(), composed).nullable()
    .meta({ description: "The properties of the formula by letter; see --data" }).optional(),
  behavior: z.unknown().meta({ description: "What people did, in place of a formula; see --data" }).optional(),
  propertyType: choice(["string", "number", "boolean", "datetime"], "Kind of its values", { flag: "type" })
    .nullable().optional(),
  isLocked: truth("Only its author and admins change it", { flag: "locked" }).nullable().optional(),
  isVisible: truth("Show it in menus", { flag: "visible" }).nullable().optional(),
  exampleValue: z.unknown().meta({ description: "A value that it may have" }).optional(),
  dataGroupId: z.union([z.string(), z.number(), z.bigint()]).nullable().meta({
    flag: "group-key-id",
    placeholder: "ID",
    description: "For properties of groups: the id of the group key",
  }).optional(),
};

const customProperty = z.looseObject({
  customPropertyId: anyId.optional(),
  id: anyId.optional(),
  name: z.string(),
  resourceType: z.string().nullish(),
  propertyType: z.string().nullish(),
  displayFormula: z.string().nullish(),
  description: z.string().nullish(),
  composedProperties: z.record(z.string(), composed).nullish(),
});
export type CustomProperty = z.output<typeof customProperty>;

export const listCustomProperties = operation({
  id: "custom_properties.list",
  summary: "list custom properties",
  routes: [get("app", ALL)],
  ...KNOWN,
  params: z.object({}),
  result: z.array(customProperty),
});

export const getCustomProperty = operation({
  id: "custom_properties.get",
  summary: "show a custom property",
  routes: [get("app", ONE)],
  ...KNOWN,
  params: z.object(one),
  result: customProperty,
});

export const createCustomProperty = operation({
  id: "custom_properties.create",
  summary: "compute a property from others",
  routes: [post("app", ALL)],
  look: "mp custom-properties list",
  ...KNOWN,
  params: z.object(customPropertyFields),
  result: customProperty,
});

export const updateCustomProperty = operation({
  id: "custom_properties.update",
  summary: "change a custom property",
  routes: [put("app", ONE)],
  look: "mp custom-properties get {custom_property_id}",
  ...KNOWN,
  repeatable: true,
  params: z.object({ ...one, ...customPropertyFields }),
  result: customProperty,
});

export const deleteCustomProperty = operation({
  id: "custom_properties.delete",
  summary: "delete a custom property",
  routes: [del("app", ONE)],
  look: "mp custom-properties get {custom_property_id}",
  ...KNOWN,
  params: z.object(one),
  result: z.unknown(),
});

export const validateCustomProperty = operation({
  id: "custom_properties.validate",
  summary: "have Mixpanel check a custom property without saving it",
  routes: [post("app", `${ALL}validate/`)],
  ...KNOWN,
  repeatable: true,
  params: z.object(customPropertyFields),
  result: z.unknown(),
});
