/** From what people type to changes of a profile: `plan=pro`, `logins=1`, `tags=a tags=b`. */
import type { ProfileChange } from "../../../api/profile_updates.ts";
import { readAssignment, readAssignments } from "../../../cli/assignments.ts";
import { inputError } from "../../../errors.ts";

/** What was typed: `NAME=TEXT`, `NAME:=JSON` or a plain name each, and properties as a JSON object. */
export interface TypedChange {
  property: readonly string[];
  properties?: Record<string, unknown>;
}

/**
 * The payloads that carry out what was typed. Mostly there is one; appending two values to one list takes two.
 *
 * @throws MpError (input) for what cannot be read, and for what this change cannot do.
 */
export function readChange(change: ProfileChange, { property, properties = {} }: TypedChange): unknown[] {
  switch (change) {
    case "$set":
    case "$set_once":
      return [{ ...properties, ...readAssignments(property) }];
    case "$add":
      return [{ ...properties, ...Object.fromEntries(property.map(readSum)) }];
    case "$append":
    case "$remove":
      return oneOfEach([...Object.entries(properties), ...property.map(readAssignment)]);
    case "$union":
      return [listsOf([...Object.entries(properties), ...property.map(readAssignment)])];
    case "$unset":
      return [[...new Set(property)]];
    case "$delete":
      return [""];
  }
}

/** The names of properties that payloads are about, each once. */
export function namesOf(payloads: readonly unknown[]): string[] {
  return [...new Set(payloads.flatMap((one) => Array.isArray(one) ? one as string[] : Object.keys(one as object)))];
}

/** A number is a number here, with or without the colon. */
function readSum(assignment: string): [name: string, value: unknown] {
  const [name, value] = readAssignment(assignment);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if ((typeof number === "number" && Number.isFinite(number)) || typeof number === "bigint") return [name, number];
  throw inputError(
    `Cannot add ${JSON.stringify(value)} to ${name}: it is not a number`,
    `write ${name}=1, or ${name}=-1 to subtract`,
    "bad_property",
  );
}

/** An update takes one value a property: the second value of a property goes into a second update. */
function oneOfEach(entries: readonly [string, unknown][]): Record<string, unknown>[] {
  const payloads: Map<string, unknown>[] = [];
  for (const [name, value] of entries) {
    let payload = payloads.find((one) => !one.has(name));
    if (payload === undefined) payloads.push(payload = new Map());
    payload.set(name, value);
  }
  return payloads.map((one) => Object.fromEntries(one));
}

function listsOf(entries: readonly [string, unknown][]): Record<string, unknown[]> {
  const lists = new Map<string, unknown[]>();
  for (const [name, value] of entries) {
    lists.set(name, [...lists.get(name) ?? [], ...(Array.isArray(value) ? value : [value])]);
  }
  return Object.fromEntries(lists);
}
