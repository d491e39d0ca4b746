import { stringifyJson } from "../streams/json/json.ts";

/** The key of events that lack the value they are split by. The published spec names none; Mixpanel's reports show this. */
const MISSING_KEY = "undefined";

/** The text that stands for a value as a key of a report: `US`, `42`, `true`, `null`, `undefined`. */
function segmentKey(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return String(value);
  const json = stringifyJson(value);
  // A value with a text form of its own, such as a moment, is that text and not its quoted JSON.
  return json.startsWith('"') ? JSON.parse(json) : json;
}

/**
 * The segments that one value puts an event into: one, except that a list puts it into one for each distinct element.
 * An empty list counts as missing, so that no event disappears from a breakdown.
 */
export function segmentKeys(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [segmentKey(value)];
  if (value.length === 0) return [MISSING_KEY];
  return [...new Set(value.map(segmentKey))];
}
