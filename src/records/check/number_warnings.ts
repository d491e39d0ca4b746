/** Numbers that programs read as other ones than they are written, anywhere in a record. */
import { LongNumber } from "../../streams/json/json.ts";
import { isBeyondDouble } from "../../streams/json/json_numbers.ts";
import { type RecordProblem, ruleProblem } from "../record_rules.ts";

const NONE: readonly never[] = [];

/** @param scope what the members are of, for the names of fields: `properties.` */
export function numberWarnings(members: object, scope: string): readonly RecordProblem[] {
  let found: RecordProblem[] | undefined;
  for (const name in members) {
    const value = (members as Record<string, unknown>)[name];
    if (mayHoldNumbers(value)) found = withNumbers(value, scope + name, found);
  }
  return found ?? NONE;
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
