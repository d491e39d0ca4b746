/** JSON Lines: one value on each line. */
import { stringifyJson } from "../streams/json/json.ts";

/** Each value as compact JSON with a line feed. Integers of any size keep their digits. */
export function* jsonLines(values: Iterable<unknown>): Generator<string> {
  for (const value of values) yield stringifyJson(value) + "\n";
}
