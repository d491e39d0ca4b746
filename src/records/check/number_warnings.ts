/** Numbers that programs read as other ones than they are written, anywhere in a record. */
import { LongNumber } from "../../streams/json/json.ts";
import { type RecordProblem, ruleProblem } from "../record_rules.ts";

const NONE: readonly never[] = [];

/** @param scope what the members are of, for the names of fields: `properties.` */
export function numberWarnings(members: object, scope: string): readonly RecordProblem[] {
  let found: RecordProblem[] | undefined;
  for (const name in members) {
    const value = (members as Record<string, unknown>)[name];
    if (typeof value === "object" && value !== null) found = withNumbers(value, scope + name, found);
  }
  return found ?? NONE;
}

function withNumbers(value: object, field: string, found: RecordProblem[] | undefined): RecordProblem[] | undefined {
  if (value instanceof LongNumber) {
    if (value.isBeyondDouble) (found ??= []).push(ruleProblem("number_rounded", { field, detail: value.text }));
  } else if (Array.isArray(value)) {
    for (const inner of value) {
      if (typeof inner === "object" && inner !== null) found = withNumbers(inner, field, found);
    }
  } else {
    for (const name in value) {
      const inner = (value as Record<string, unknown>)[name];
      if (typeof inner === "object" && inner !== null) found = withNumbers(inner, `${field}.${name}`, found);
    }
  }
  return found;
}
