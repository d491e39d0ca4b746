/** Custom properties: values that a formula computes from properties, or that come from what people did. */
import type { Value } from "../../expressions/values.ts";
import { checkPropertyFormula } from "../../formulas/check.ts";
import { compilePropertyFormula } from "../../formulas/evaluate.ts";
import { parsePropertyFormula } from "../../formulas/parse.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { storedZone } from "../ingestion/event_time.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast } from "./access.ts";
import { type Authorship, authorshipOf, timestamp } from "./author.ts";
import { Body, readBody } from "./body.ts";
import { Collection, type Stored } from "./collection.ts";
import { requireFeature } from "../plan.ts";

/** The kind of saved objects that custom properties are. */
export const CUSTOM_PROPERTY = "custom_property";

/** A custom property as it is saved, under its id: the fields of its body. */
export interface SavedCustomProperty extends Authorship {
  fields: Readonly<Record<string, unknown>>;
}

/** A property that a formula names by a letter. */
export interface ComposedProperty {
  name: string;
  resource: "event" | "user";
}

/** A custom property ready to be computed. */
export interface ComputedProperty {
  /** By the letter in lower case. */
  properties: ReadonlyMap<string, ComposedProperty>;
  /** Computes it from the values of the composed properties, by the letter in lower case. */
  compute(read: (letter: string) => Value): Value;
}

const RESOURCES = ["events", "people", "group_profiles"] as const;
const TYPES = ["string", "number", "boolean", "datetime"] as const;
const FIELDS = [
  ...["name", "resourceType", "description", "displayFormula", "composedProperties", "behavior", "propertyType"],
  ...["isLocked", "isVisible", "exampleValue", "dataGroupId"],
];
const ALL = "/projects/{project_id}/custom_properties";

const customProperties: Collection<SavedCustomProperty> = new Collection({
  kind: CUSTOM_PROPERTY,
  path: ALL,
  access: appUser,
  show: describe,
  create(call, body) {
    requireFeature(call, "custom_properties", "Cannot save custom properties with your current plan");
    return { fields: checked(body), ...authorshipOf(call) };
  },
  createStatus: 200,
  idParameter: "custom_property_id",
  notFound: (id) => new Refusal(404, `Custom property ${id} not found`),
  updateMethod: "PUT",
  // All fields are replaced, but for what it is a property of.
  update: (call, body, member) => ({ fields: checked(body, member.fields), ...authorshipOf(call, member) }),
});

export const customPropertyEndpoints: SandboxEndpoint[] = [
  // Before the paths of single ones, which would take the word for an id.
  {
    surface: appSurface,
    access: atLeast("analyst", appUser),
    methods: ["POST"],
    path: `${ALL}/validate`,
    respond: validate,
  },
  ...customProperties.endpoints(),
];

/** A saved custom property ready to be computed; undefined for an id that none has. */
export function savedCustomProperty(call: SandboxCall, id: number): ComputedProperty | undefined {
  const saved = customProperties.find(call, id);
  return saved && computedProperty(call, saved.body.fields);
}

/**
 * A custom property from its definition: `{displayFormula, composedProperties}`, saved or in a query.
 *
 * @throws Refusal 400 for a formula with mistakes, and for a definition without one: the emulator computes no others.
 */
export function computedProperty(call: SandboxCall, definition: Readonly<Record<string, unknown>>): ComputedProperty {
  const { displayFormula: formula } = definition;
  if (typeof formula !== "string") throw new Refusal(400, "Custom property has no displayFormula");
  const properties = composedProperties(definition.composedProperties);
  requireFormula(formula, [...properties.keys()]);
  const environment = { nowMs: call.nowMs, timeZone: storedZone(call.project) };
  return { properties, compute: compilePropertyFormula(parsePropertyFormula(formula), environment) };
}

function composedProperties(given: unknown): Map<string, ComposedProperty> {
  if (!isObject(given)) throw new Refusal(400, "composedProperties: must be an object");
  return new Map(
    Object.entries(given).map(([letter, value]) => {
      const { value: name, resourceType = "event" } = isObject(value) ? value : {};
      if (typeof name !== "string") throw new Refusal(400, `composedProperties.${letter}.value: must be a string`);
      const resource = resourceType === "user" || resourceType === "people" ? "user" : "event";
      return [letter.toLowerCase(), { name, resource }];
    }),
  );
}

function requireFormula(formula: string, letters: readonly string[]): void {
  const [first] = checkPropertyFormula(formula, letters);
  if (first !== undefined) throw new Refusal(400, `displayFormula: ${first.message} at position ${first.start}`);
}

async function validate(call: SandboxCall): Promise<Response> {
  checked(await readBody(call));
  return appAnswer({ valid: true });
}

function checked(body: Body, before?: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { customPropertyId: _id, created: _created, modified: _modified, ...fields } = body.fields;
  new Body(fields).allow(FIELDS);
  body.requiredText("name");
  const resourceType = body.choice("resourceType", RESOURCES) ?? before?.resourceType;
  if (resourceType === undefined) throw body.refusal("resourceType", "this field is required");
  if (before !== undefined && resourceType !== before.resourceType) {
    throw body.refusal("resourceType", "cannot be changed");
  }
  body.choice("propertyType", TYPES);
  const formula = body.text("displayFormula");
  if ((formula === undefined) === !body.has("behavior")) {
    throw new Refusal(400, "Exactly one of displayFormula and behavior is required");
  }
  if (formula !== undefined) requireFormula(formula, [...composedProperties(fields.composedProperties).keys()]);
  return { ...fields, resourceType, dataGroupId: before === undefined ? fields.dataGroupId : before.dataGroupId };
}

function describe(_call: SandboxCall, { id, body }: Stored<SavedCustomProperty>) {
  return {
    customPropertyId: id,
    description: null,
    isLocked: false,
    isVisible: true,
    dataGroupId: null,
    exampleValue: null,
    ...Object.fromEntries(Object.entries(body.fields).filter(([, value]) => value !== undefined)),
    created: timestamp(body.createdMs),
    modified: timestamp(body.modifiedMs),
  };
}
