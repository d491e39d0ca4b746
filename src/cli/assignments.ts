/** Properties as people type them: `plan=pro` is text, `seats:=3` is JSON. */
import { inputError } from "../errors.ts";
import { parseExactJson } from "../streams/json/json.ts";

/** Reads `NAME=TEXT` and `NAME:=JSON`; a later one replaces an earlier one of the same name. */
export function readAssignments(assignments: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(assignments.map(readAssignment));
}

/** @throws MpError (input) for anything that is neither. */
export function readAssignment(assignment: string): [name: string, value: unknown] {
  const equals = assignment.indexOf("=");
  const isJson = assignment[equals - 1] === ":";
  const name = assignment.slice(0, isJson ? equals - 1 : equals);
  const value = assignment.slice(equals + 1);
  if (equals < 0 || name === "") {
    throw inputError(
      `Cannot use ${JSON.stringify(assignment)}: not NAME=TEXT or NAME:=JSON`,
      "write plan=pro for text, and seats:=3 for numbers, booleans and lists",
      "bad_property",
    );
  }
  if (!isJson) return [name, value];
  try {
    return [name, parseExactJson(value)];
  } catch {
    throw inputError(
      `Cannot use ${JSON.stringify(assignment)}: ${JSON.stringify(value)} is not JSON`,
      `for text, write ${name}=${value}`,
      "bad_property",
    );
  }
}
