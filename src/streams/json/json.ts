/**
 * JSON that keeps every digit. Mixpanel sends integers beyond 2^53 (data group ids have 19 digits),
 * which `JSON.parse` would round.
 */

import { isRounded } from "./json_numbers.ts";
import { JsonScanner, TOO_DEEP } from "./json_scanner.ts";

interface LosslessJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
}
const json = JSON as unknown as LosslessJson;

const LONG_DIGITS = /\d{16}/;
const INTEGER = /^-?\d+$/;

/** What may be a number that a double does not hold: many digits, or a large exponent at the end of a value. */
const MANY_DIGITS = /[\d.]{16}/;
/** Or one that a program has shortened: the exponents of ids and times. */
const EXPONENT = /[eE](?:[+-]?\d{3,}|\+?(?:0?9|1[0-8]))(?:[\s,}\]]|$)/;

const SHORTENED = /[eE]\+?(?:0?9|1[0-8])$/;

/** Lists and objects in each other. No program needs more, and functions that call themselves can bear this much. */
const MOST_DEPTH = 1000;
const OPENING = /[[{]/g;

/** JSON whose lists and objects are nested more than a thousand deep. */
export class JsonDepthError extends SyntaxError {
  constructor() {
    super(TOO_DEEP);
    this.name = "JsonDepthError";
  }
}

/** Why a text was not parsed, in the words of a message. */
export const faultOfJson = (error: unknown): string =>
  error instanceof JsonDepthError ? error.message : "not valid JSON";

/**
 * A number that says more in its text than as a double: 1e400, 20 digits with a fraction, or 1.79518E+12, whose digits have
 * been left out. Prints as its text.
 */
export class LongNumber {
  constructor(readonly text: string) {}

  toJSON(): unknown {
    return json.rawJSON(this.text);
  }

  toString(): string {
    return this.text;
  }

  /** The nearest double. */
  valueOf(): number {
    return Number(this.text);
  }
}

/**
 * Parses JSON; an integer that a number cannot hold becomes a bigint.
 *
 * @throws SyntaxError, JsonDepthError
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new JsonDepthError();
  if (!LONG_DIGITS.test(text)) return JSON.parse(text);
  return json.parse(text, (_key, value, { source }) => typeof value === "number" ? integerOr(value, source) : value);
}

/**
 * Parses JSON for those who print it again: no number is another one then. What `parseJson` would round becomes a
 * `LongNumber`, and so does a large number with an exponent.
 *
 * @throws SyntaxError, JsonDepthError
 */
export function parseExactJson(text: string): unknown {
  if (isTooDeep(text)) throw new JsonDepthError();
  if (!MANY_DIGITS.test(text) && !EXPONENT.test(text)) return JSON.parse(text);
  return json.parse(text, (_key, value, { source }) => {
    if (typeof value !== "number" || source === undefined || Number.isSafeInteger(value) && INTEGER.test(source)) {
      return value;
    }
    const number = integerOr(value, source);
    const isKept = typeof number === "number" && (isRounded(source, value) || SHORTENED.test(source));
    return isKept ? new LongNumber(source) : number;
  });
}

/** A value with numbers as programs compute with them: each `LongNumber` in it is the nearest double. */
export function roundedNumbers<Value>(value: Value): Value {
  return parseJson(stringifyJson(value)) as Value;
}

/** Prints JSON; bigints are printed as the integers they are. */
export function stringifyJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item) => typeof item === "bigint" ? json.rawJSON(item.toString()) : item,
    indent,
  );
}

function integerOr(value: number, source: string | undefined): number | bigint {
  return Number.isSafeInteger(value) || !source || !INTEGER.test(source) ? value : BigInt(source);
}

function isTooDeep(text: string): boolean {
  if (text.length <= MOST_DEPTH) return false;
  let openings = 0;
  OPENING.lastIndex = 0;
  while (OPENING.test(text)) if (++openings > MOST_DEPTH) return depthExceeds(text);
  return false;
}

function depthExceeds(text: string): boolean {
  const scanner = new JsonScanner({ maxDepth: MOST_DEPTH });
  scanner.use(new TextEncoder().encode(text));
  return scanner.skipValue(scanner.skipSpace(0)) < 0 && scanner.fault === TOO_DEEP;
}
