/** Everything that is wrong with an event, and what Mixpanel will do to it without saying so. */
import { type EventProblem, eventProblem, type EventRules } from "./event_rules.ts";
import { isObject } from "../map/map_values.ts";

export interface FoundProblem extends EventProblem {
  /** A stable name of the rule, such as `time_missing`. */
  rule: string;
  /** `notice`: the event is taken, but not as it is. */
  severity: "error" | "notice";
}

/** The rules by the field and the reason that tell of them. */
const RULES: readonly { rule: string; field: RegExp; reason: RegExp }[] = [
  { rule: "not_an_object", field: /^record$/, reason: /object/ },
  { rule: "event_missing", field: /^event$/, reason: /missing or blank/ },
  { rule: "properties_missing", field: /^properties$/, reason: /must be an object/ },
  { rule: "time_missing", field: /^properties\.time$/, reason: /missing/ },
  { rule: "time_not_a_number", field: /^properties\.time$/, reason: /seconds since epoch/ },
  { rule: "time_before_1971", field: /^properties\.time$/, reason: /1971/ },
  { rule: "time_in_future", field: /^properties\.time$/, reason: /future/ },
  { rule: "time_too_old", field: /^properties\.time$/, reason: /five days/ },
  { rule: "insert_id_not_a_text", field: /^\$insert_id$/, reason: /string/ },
  { rule: "insert_id_characters", field: /^\$insert_id$/, reason: /alphanumeric/ },
  { rule: "insert_id_length", field: /^\$insert_id$/, reason: /longer/ },
  { rule: "insert_id_placeholder", field: /^\$insert_id$/, reason: /must not be/ },
  { rule: "distinct_id_missing", field: /^properties\.distinct_id$/, reason: /missing/ },
  { rule: "distinct_id_not_a_text", field: /^properties\.distinct_id$/, reason: /string/ },
  { rule: "distinct_id_placeholder", field: /^properties\.distinct_id$/, reason: /must not be/ },
  { rule: "too_many_properties", field: /^properties$/, reason: /more than/ },
  { rule: "too_many_elements", field: /./, reason: /elements$/ },
  { rule: "too_many_keys", field: /./, reason: /keys$/ },
  { rule: "nested_too_deep", field: /./, reason: /deeper/ },
];

/** The name of the rule that a problem is about; `other` for one without a name. */
export function ruleOf({ field, reason }: EventProblem): string {
  return RULES.find((rule) => rule.field.test(field) && rule.reason.test(reason))?.rule ?? "other";
}

/** More than an event can have: one for each property, and a few for the fields. */
const MOST_PROBLEMS = 300;

/**
 * All rules that an event breaks. They are found by mending one after the other in a copy, so that there is one place, and
 * not two, that knows the rules.
 */
export function everyProblem(record: unknown, rules: EventRules): FoundProblem[] {
  const found: FoundProblem[] = [];
  let copy: unknown = record;
  while (found.length < MOST_PROBLEMS) {
    const problem = eventProblem(copy, rules);
    if (problem === undefined) break;
    found.push({ ...problem, rule: ruleOf(problem), severity: "error" });
    copy = mended(copy, problem, rules);
    if (copy === undefined) break;
  }
  return found;
}

/** The event without this problem; undefined when nothing else can be told about it. */
function mended(record: unknown, { field, reason }: EventProblem, { nowMs }: EventRules): unknown {
  if (!isObject(record)) return undefined;
  if (field === "event") return { ...record, event: "event" };
  if (!isObject(record.properties)) return undefined;
  const properties = { ...record.properties };
  if (field === "properties.time" && /'properties\.time' is invalid/.test(reason)) properties.time = nowMs;
  else if (field === "$insert_id") delete properties.$insert_id;
  else if (field === "properties.distinct_id" && /is invalid/.test(reason)) properties.distinct_id = "someone";
  else if (field.startsWith("properties.")) properties[field.slice("properties.".length)] = 0;
  else return undefined;
  return { ...record, properties };
}

const MAX_CHARACTERS = 255;
const MAX_NESTED_BYTES = 8 * 1024;
const RESERVED: ReadonlySet<string> = new Set(["bucket", "$bucket"]);

/** What becomes of an event that is taken: texts that are cut, properties that are lost. */
export function eventNotices(record: unknown): FoundProblem[] {
  if (!isObject(record)) return [];
  const found: FoundProblem[] = [];
  const notice = (rule: string, field: string, reason: string) =>
    void found.push({ rule, field, reason, severity: "notice" });
  if (typeof record.event === "string" && record.event.length > MAX_CHARACTERS) {
    notice("event_name_cut", "event", `'event' is cut to ${MAX_CHARACTERS} characters`);
  }
  if (!isObject(record.properties)) return found;
  for (const name in record.properties) {
    const value = record.properties[name];
    const field = `properties.${name}`;
    if (name.length > MAX_CHARACTERS) {
      notice("property_name_cut", field, `its name is cut to ${MAX_CHARACTERS} characters`);
    }
    if (name === "$ignore") notice("event_ignored", field, "'$ignore' makes Mixpanel discard the event");
    else if (RESERVED.has(name)) notice("reserved_name", field, `'${name}' is a name that Mixpanel uses itself`);
    if (typeof value === "string" && value.length > MAX_CHARACTERS) {
      notice("text_cut", field, `'${field}' is cut to ${MAX_CHARACTERS} characters`);
    } else if (typeof value === "object" && value !== null && sizeOf(value) > MAX_NESTED_BYTES) {
      notice("nested_too_large", field, `'${field}' is larger than 8 KB`);
    }
  }
  return found;
}

/** Of a list or an object as JSON, about: escapes are not counted. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return new TextEncoder().encode(value).length + 2;
  if (typeof value !== "object" || value === null) return String(value).length;
  const isList = Array.isArray(value);
  let size = 2;
  for (const [name, inner] of Object.entries(value)) size += sizeOf(inner) + 1 + (isList ? 0 : name.length + 3);
  return size;
}
