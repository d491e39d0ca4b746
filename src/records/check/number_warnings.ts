/** Numbers that programs read as other ones than they are written, anywhere in a record. */
import { LongNumber } from "../../streams/json/json.ts";
import { type RecordProblem, ruleProblem } from "../record_rules.ts";

/** @param scope what the members are of, for the names of fields: `properties.` */
export function numberWarnings(members: object, scope: string): RecordProblem[] {
  const found: RecordProblem[] = [];
  for (const name in members) {
    const value = (members as Record<string, unknown>)[name];
    if (typeof value === "object" && value !== null) addNumbers(value, scope + name, found);
  }
  return found;
}

function addNumbers(value: object, field: string, found: RecordProblem[]): void {
  if (value instanceof LongNumber) {
    if (value.isRounded) found.push(ruleProblem("number_rounded", { field, detail: value.text }));
    return;
  }
  const isList = Array.isArray(value);
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === "object" && inner !== null) addNumbers(inner, isList ? field : `${field}.${name}`, found);
  }
}
