/**
 * Ids of other things within a definition: in the parameters of a report, the conditions of a cohort, the cells of a
 * board. In a plan names stand in their places. The places are those of the unpublished JSON of reports and cohorts, as
 * Mixpanel's own clients write it.
 */
import { isObject } from "../../streams/json/is_object.ts";
import type { PlanReference } from "./definition.ts";

/** An id as servers write it. */
export type ServerId = number | bigint | string;

/** Where a value stands: under a key of an object, which itself stands under a key. */
interface Place {
  holder: Readonly<Record<string, unknown>>;
  key: string;
  /** The key that leads to the holder, through a list too. */
  above: string;
}

/** What an id at a place is of; undefined where it is no id of a thing of the plan. */
const PLACES: readonly { kind: string; has(place: Place): boolean }[] = [
  {
    kind: "cohorts",
    has: ({ holder, key, above }) =>
      (key === "id" && (["cohort", "cohorts", "filter_by_cohort"].includes(above) || holder.type === "cohort")) ||
      (key === "value" && holder.property === "cohort"),
  },
  {
    kind: "custom-events",
    has: ({ holder, key }) => key === "custom_event" || (key === "id" && holder.type === "custom-event"),
  },
  { kind: "boards", has: ({ key }) => key === "dashboard_id" },
  { kind: "custom-properties", has: ({ key }) => key === "customPropertyId" },
  { kind: "metrics", has: ({ holder, key }) => key === "id" && isSaved(holder, ["metric", "formula"], "behavior") },
  {
    kind: "behaviors",
    has: ({ holder, key }) => key === "id" && isSaved(holder, ["funnel", "retention", "simple"], "behaviors"),
  },
];

/** A clause that names a saved thing has nothing of its own where others have their definition. */
function isSaved(holder: Place["holder"], types: readonly string[], own: string): boolean {
  return types.includes(String(holder.type)) && !(own in holder) && !("definition" in holder);
}

const CUSTOM_EVENT = /^\$custom_event:(\d+)$/;

/** Puts references where ids are known. An id that `planPath` doesn't know stays, and is told. */
export function withNames(
  value: unknown,
  planPath: (kind: string, id: ServerId) => string | undefined,
  onUnknown: (kind: string, id: ServerId) => void = () => {},
): unknown {
  const named = (kind: string, id: ServerId, as?: "event"): PlanReference | undefined => {
    const $ref = planPath(kind, id);
    if ($ref === undefined) onUnknown(kind, id);
    return $ref === undefined ? undefined : as === undefined ? { $ref } : { $ref, as };
  };
  return mapLeaves(value, (leaf, place) => {
    const [, custom] = (typeof leaf === "string" && CUSTOM_EVENT.exec(leaf)) || [];
    if (custom !== undefined) return named("custom-events", numberOrText(custom), "event") ?? leaf;
    if (place === undefined || !isId(leaf)) return leaf;
    const found = PLACES.find(({ has }) => has(place));
    return found === undefined ? leaf : named(found.kind, leaf) ?? leaf;
  });
}

/** Puts ids where references are. @throws what `idOf` throws for a thing that is not there */
export function withIds(value: unknown, idOf: (path: string) => ServerId): unknown {
  if (Array.isArray(value)) return value.map((one) => withIds(one, idOf));
  if (!isObject(value)) return value;
  if (isReference(value)) return value.as === "event" ? `$custom_event:${idOf(value.$ref)}` : idOf(value.$ref);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withIds(one, idOf)]));
}

/** The paths of all things that a value refers to, each once. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap(referencesIn))];
  if (!isObject(value)) return [];
  if (isReference(value)) return [value.$ref];
  return [...new Set(Object.values(value).flatMap(referencesIn))];
}

/** The schemas of events have a `$ref` of their own: `#/definitions/address`, or the address of another schema. */
function isReference(value: object): value is PlanReference {
  const { $ref } = value as { $ref?: unknown };
  return typeof $ref === "string" && !/^#|:\/\//.test($ref);
}

/** Digits that no number can have stay text. */
const numberOrText = (digits: string): ServerId => Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;

/** A number, or the digits of one; zero and less are no ids. */
function isId(value: unknown): value is ServerId {
  return (typeof value === "number" || typeof value === "bigint") ? value > 0 : /^[1-9]\d*$/.test(String(value ?? ""));
}

function mapLeaves(value: unknown, map: (leaf: unknown, place?: Place) => unknown, place?: Place): unknown {
  if (Array.isArray(value)) return value.map((one) => mapLeaves(one, map, place));
  if (!isObject(value)) return map(value, place);
  const above = place?.key ?? "";
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, mapLeaves(one, map, { holder: value, key, above })]),
  );
}
