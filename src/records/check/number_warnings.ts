/** Numbers that programs read as other ones than they are written, anywhere in a record. */
import type { EventScanner } from "../../streams/events/event_scanner.ts";
import { LongNumber, parseExactJson } from "../../streams/json/json.ts";
import { isBeyondDouble } from "../../streams/json/json_numbers.ts";
import { type RecordProblem, ruleProblem } from "../record_rules.ts";

const NONE: readonly never[] = [];
const decoder = new TextDecoder();

/** @param scope what the members are of, for the names of fields: `properties.` */
export function numberWarnings(members: object, scope: string): readonly RecordProblem[] {
  let found: RecordProblem[] | undefined;
  for (const name in members) {
    const value = (members as Record<string, unknown>)[name];
    if (mayHoldNumbers(value)) found = withNumbers(value, scope + name, found);
  }
  return found ?? NONE;
}

/**
 * The same of an event that was scanned, and is sent as `bytes`, in which properties may be missing or have another name.
 * Only for events with long numbers, since most have none.
 *
 * @param nameOf the name that a property is sent with; undefined where that has to be looked for
 */
export function scannedNumberWarnings(
  found: EventScanner,
  bytes: Uint8Array,
  nameOf: (name: string) => string | undefined,
): readonly RecordProblem[] {
  const warnings: RecordProblem[] = [];
  const properties = found.beyondDoubles();
  for (const { name, text } of properties ?? []) {
    const sent = nameOf(name);
    if (sent === undefined) return warningsOfText(bytes);
    warnings.push(ruleProblem("number_rounded", { field: `properties.${sent}`, detail: text }));
  }
  return properties === undefined ? warningsOfText(bytes) : warnings;
}

function warningsOfText(event: Uint8Array): readonly RecordProblem[] {
  return numberWarnings((parseExactJson(decoder.decode(event)) as { properties: object }).properties, "properties.");
}

/** Integers beyond 2^53 are bigints. */
function mayHoldNumbers(value: unknown): value is object | bigint {
  return typeof value === "object" && value !== null || typeof value === "bigint";
}

function withNumbers(
  value: object | bigint,
  field: string,
  found: RecordProblem[] | undefined,
): RecordProblem[] | undefined {
  if (typeof value === "bigint" || value instanceof LongNumber) {
    const text = String(value);
    if (isBeyondDouble(text)) (found ??= []).push(ruleProblem("number_rounded", { field, detail: text }));
  } else if (Array.isArray(value)) {
    for (const inner of value) if (mayHoldNumbers(inner)) found = withNumbers(inner, field, found);
  } else {
    for (const name in value) {
      const inner = (value as Record<string, unknown>)[name];
      if (mayHoldNumbers(inner)) found = withNumbers(inner, `${field}.${name}`, found);
    }
  }
  return found;
}
