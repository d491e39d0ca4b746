import { stringifyJson } from "../streams/json/json.ts";
import { Moment, momentOfNumber, momentOfParts, momentOfText, type ZoneClock } from "./moment.ts";
import type { FunctionName } from "./syntax.ts";
import { decimalText, isList, isNumber, type NumberValue, type Value } from "./values.ts";

/** A function of one argument as the evaluator calls it. None of them throws. */
export type ValueFunction = (value: Value) => Value;

/** The functions of the language, for a project's time zone. */
export function functionsFor(zone: ZoneClock): Record<FunctionName, ValueFunction> {
  return {
    floor: (value) => onNumber(value, Math.floor),
    ceil: (value) => onNumber(value, Math.ceil),
    round: (value) => onNumber(value, roundHalfAwayFromZero),
    boolean: toBoolean,
    number: toNumber,
    string: toText,
    list: (value) => value === undefined || isList(value) ? value : [value],
    defined: (value) => value !== undefined,
    datetime: (value) => toMoment(value, zone),
  };
}

/** `datetime(2024, 1, 1)`: year, month, day, and perhaps hour, minute, second, in the project's time zone. */
export function momentOfValues(values: readonly Value[], zone: ZoneClock): Moment | undefined {
  return values.every(isNumber) ? momentOfParts(values.map(Number), zone) : undefined;
}

/** A number counts seconds or milliseconds, text is a date; anything else is no moment. */
export function toMoment(value: Value, zone: ZoneClock): Moment | undefined {
  if (value instanceof Moment) return value;
  if (typeof value === "string") return momentOfText(value, zone);
  return isNumber(value) ? momentOfNumber(value, zone) : undefined;
}

/** Text is false when empty or `false`, a number when zero; what is missing is false, and any other value true. */
function toBoolean(value: Value): boolean {
  if (typeof value === "string") return value !== "" && value !== "false";
  if (isNumber(value)) return Number(value) !== 0;
  return typeof value === "boolean" ? value : value !== null && value !== undefined;
}

function toNumber(value: Value): NumberValue | undefined {
  if (isNumber(value)) return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Moment) return value.seconds;
  if (typeof value !== "string" || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(value)) return undefined;
  const number = Number(value);
  if (!Number.isFinite(number)) return undefined;
  return Number.isSafeInteger(number) || !/^\s*[+-]?\d+\s*$/.test(value)
    ? number
    : BigInt(value.trim().replace("+", ""));
}

function toText(value: Value): Value {
  if (value === undefined || value === null || typeof value === "string") return value;
  if (isNumber(value)) return decimalText(value);
  return typeof value === "object" && !(value instanceof Moment) ? stringifyJson(value) : String(value);
}

function onNumber(value: Value, compute: (number: number) => number): Value {
  // A bigint is an integer already.
  if (typeof value === "bigint") return value;
  return typeof value === "number" ? compute(value) : undefined;
}

/** The rule for halves is not documented; this is the one taught at school, the same on both sides of zero. */
function roundHalfAwayFromZero(value: number): number {
  return value < 0 ? -Math.round(-value) : Math.round(value);
}
