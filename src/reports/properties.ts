/** References to properties, and what a report is split by. */
import { asObject, covers, isId } from "./objects.ts";
import type { Breakdown, Json, NumberBuckets, PropertyRef, PropertyType } from "./report.ts";

const TYPES: readonly string[] = ["string", "number", "boolean", "datetime", "list"] satisfies PropertyType[];

const isType = (value: unknown): value is PropertyType => TYPES.includes(String(value));
const isSource = (value: unknown): value is PropertyRef["source"] => value === "events" || value === "people";

/** `{"name", "resourceType", "type"}`, or the id of a saved custom property. */
export function writeProperty({ name, source, type, customPropertyId }: PropertyRef): Json {
  return customPropertyId === undefined
    ? { name, resourceType: source, type }
    : { customPropertyId, name: "", resourceType: source };
}

/** The property of such a reference; undefined where there is none, or one of another form. */
export function readProperty(value: unknown): PropertyRef | undefined {
  const { name = "", resourceType, type = "string", customPropertyId } = asObject(value);
  if (typeof name !== "string" || !isSource(resourceType) || !isType(type)) return undefined;
  if (isId(customPropertyId)) return { name: "", source: resourceType, type: "number", customPropertyId };
  return name === "" ? undefined : { name, source: resourceType, type };
}

export function writeBreakdown(breakdown: Breakdown): Json {
  if (breakdown.kind === "raw") return breakdown.clause;
  return breakdown.kind === "cohort" ? cohortGroup(breakdown) : propertyGroup(breakdown);
}

/** A group clause; one of another form is kept as it came. */
export function readBreakdown(clause: Json): Breakdown {
  const read = readCohortGroup(clause) ?? readPropertyGroup(clause);
  return read !== undefined && covers(writeBreakdown(read), clause) ? read : { kind: "raw", clause };
}

function propertyGroup({ property, buckets }: Breakdown & { kind: "property" }): Json {
  const { name, source, type, customPropertyId } = property;
  if (customPropertyId !== undefined) {
    return {
      ...{ customPropertyId, value: null, resourceType: source, profileType: null, search: "", dataGroupId: null },
      ...{ dataset: "$mixpanel", propertyType: type, typeCast: null, unit: null, isHidden: false },
      ...buckets !== undefined && { customBucket: bucketsOf(buckets) },
    };
  }
  return {
    value: name,
    propertyName: name,
    resourceType: source,
    propertyType: type,
    propertyDefaultType: type,
    ...buckets !== undefined && { customBucket: bucketsOf(buckets) },
  };
}

const bucketsOf = ({ size, ...ends }: NumberBuckets): Json => ({ bucketSize: size, ...ends });

function readPropertyGroup(clause: Json): Breakdown | undefined {
  const { value, resourceType, propertyType, customPropertyId, customBucket } = clause;
  if (!isSource(resourceType) || !isType(propertyType)) return undefined;
  const named = isId(customPropertyId) ? { name: "", customPropertyId } : { name: value };
  if (typeof named.name !== "string") return undefined;
  const buckets = readBuckets(customBucket);
  return {
    kind: "property",
    property: { ...named, name: named.name, source: resourceType, type: propertyType },
    ...(buckets !== undefined && { buckets }),
  };
}

function readBuckets(value: unknown): NumberBuckets | undefined {
  const { bucketSize: size, min, max, disabled } = asObject(value);
  if (typeof size !== "number" || disabled === true) return undefined;
  return { size, ...(typeof min === "number" && { min }), ...(typeof max === "number" && { max }) };
}

function cohortGroup({ id, name }: Breakdown & { kind: "cohort" }): Json {
  const cohort = { id, groups: [], name, data_group_id: null };
  return {
    value: [name, `Not In ${name}`],
    ...{ resourceType: "events", profileType: null, search: "", dataGroupId: null, propertyType: null, typeCast: null },
    cohorts: [{ ...cohort, negated: false }, { ...cohort, negated: true }],
    isHidden: false,
  };
}

function readCohortGroup({ cohorts }: Json): Breakdown | undefined {
  const { id, name } = asObject(Array.isArray(cohorts) ? cohorts[0] : undefined);
  return isId(id) && typeof name === "string" ? { kind: "cohort", id, name } : undefined;
}
