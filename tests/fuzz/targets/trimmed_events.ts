/** Properties taken out of events: what is left is as it was. */
import { EventTrimmer } from "../../../src/streams/events/event_trimmer.ts";
import { parseJson, stringifyJson } from "../../../src/streams/json/json.ts";
import type { Random } from "../../helpers/random.ts";
import { eventText } from "../corpus.ts";
import { describeBytes, requireSameBytes } from "../expect.ts";
import { mutated } from "../mutate.ts";

const NAMES = [
  "mp_processing_time_ms",
  "$mp_api_timestamp_ms",
  "$mp_api_endpoint",
  "plan",
  "items",
  "beta",
  "",
];

// deno-lint-ignore require-await -- targets are asynchronous
export async function fuzzTrimmedEvents(random: Random): Promise<void> {
  const drop = NAMES.filter(() => random.chance(0.4));
  const trimmer = new EventTrimmer({ drop });
  for (let count = 0; count < 5; count++) {
    const bytes = mutated(new TextEncoder().encode(eventText(random)), random, random.below(3));
    const out = new Uint8Array(3 * bytes.length + 64);
    const end = trimmer.trim(bytes, 0, bytes.length, out, 0);
    check(bytes, out.subarray(0, end), drop);
  }
}

function check(bytes: Uint8Array, trimmed: Uint8Array, drop: readonly string[]): void {
  const record = read(bytes);
  // What is no event is passed on as it is.
  if (record === undefined) return requireSameBytes(trimmed, bytes, bytes);
  if (typeof record.properties !== "object" || record.properties === null || Array.isArray(record.properties)) return;
  for (const name of drop) delete record.properties[name];
  const actual = read(trimmed);
  if (actual === undefined || stringifyJson(actual) !== stringifyJson(record)) {
    throw new Error(`Without ${drop.join(", ")}, ${describeBytes(bytes)} becomes ${describeBytes(trimmed)}`);
  }
}

function read(bytes: Uint8Array): { properties?: Record<string, unknown> } | undefined {
  try {
    const value = parseJson(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
