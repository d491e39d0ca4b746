/** Reads parts of a bookmark's JSON, and refuses what has another form. */
import { isObject } from "../../../streams/json/is_object.ts";
import { Refusal } from "../../refusal.ts";

export type Clause = Record<string, unknown>;

/** @throws Refusal 400 when it is not an object. */
export function clauseOf(value: unknown, path: string): Clause {
  if (!isObject(value)) throw new Refusal(400, `Invalid params: ${path} must be an object`);
  return value;
}

/** A list of objects; null and nothing count as an empty one. */
export function clausesOf(value: unknown, path: string): Clause[] {
  return listOf(value, path).map((item, index) => clauseOf(item, `${path}[${index}]`));
}

export function listOf(value: unknown, path: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Refusal(400, `Invalid params: ${path} must be a list`);
  return value;
}

/** A text that may be missing or null. */
export function textAt(value: unknown, path: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new Refusal(400, `Invalid params: ${path} must be a string`);
  return value;
}

/** A number that may be missing or null. */
export function numberIn(value: unknown, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number") throw new Refusal(400, `Invalid params: ${path} must be a number`);
  return number;
}

/** One of a few words, that may be missing or null. */
export function wordOf<const T extends string>(value: unknown, words: readonly T[], path: string): T | undefined {
  const text = textAt(value, path);
  if (text === undefined) return undefined;
  const word = words.find((one) => one === text);
  if (word === undefined) {
    throw new Refusal(400, `Invalid params: ${path} is "${text}", which is not one of ${words.join(", ")}`);
  }
  return word;
}

/** @throws Refusal 400 that names the first key that is not known. */
export function refuseUnknownKeys(clause: Clause, known: ReadonlySet<string>, path: string): void {
  const unknown = Object.keys(clause).find((key) => !known.has(key));
  if (unknown !== undefined) {
    throw new Refusal(400, `Invalid params: unknown key "${unknown}"${path === "" ? "" : ` in ${path}`}`);
  }
}

/** What the real servers answer where they fail on a request that has the right form. */
export function serverFailure(): Refusal {
  return new Refusal(500, "An unexpected error occurred. Error ID: 0");
}
