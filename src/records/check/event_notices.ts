/** What Mixpanel does to an event that it takes without saying so: texts that are cut, properties that are lost. */
import { isPlainObject } from "../map/map_values.ts";
import { LIMITS, type RecordProblem, ruleProblem } from "../record_rules.ts";

const MAX_NESTED_BYTES = LIMITS.nestedKilobytes * 1024;
const RESERVED: ReadonlySet<string> = new Set(["bucket", "$bucket"]);
const encoder = new TextEncoder();

/** The notices about an event. */
export function eventNotices(record: unknown): RecordProblem[] {
  if (!isPlainObject(record)) return [];
  const found: RecordProblem[] = [];
  if (typeof record.event === "string" && record.event.length > LIMITS.characters) {
    found.push(ruleProblem("event_name_cut"));
  }
  if (!isPlainObject(record.properties)) return found;
  for (const name in record.properties) {
    const value = record.properties[name];
    const field = `properties.${name}`;
    if (name.length > LIMITS.characters) found.push(ruleProblem("property_name_cut", { field }));
    if (name === "$ignore") found.push(ruleProblem("event_ignored", { field }));
    else if (RESERVED.has(name)) found.push(ruleProblem("reserved_name", { field, detail: name }));
    if (typeof value === "string" && value.length > LIMITS.characters) {
      found.push(ruleProblem("text_cut", { field }));
    } else if (typeof value === "object" && value !== null && sizeOf(value) > MAX_NESTED_BYTES) {
      found.push(ruleProblem("nested_too_large", { field }));
    }
  }
  return found;
}

/** Of a list or an object as JSON, about: escapes are not counted. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return encoder.encode(value).length + 2;
  if (typeof value !== "object" || value === null) return String(value).length;
  const isList = Array.isArray(value);
  let size = 2;
  for (const [name, inner] of Object.entries(value)) size += sizeOf(inner) + 1 + (isList ? 0 : name.length + 3);
  return size;
}
