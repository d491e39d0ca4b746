/** Finds the values of a record, and makes them into what a property should hold. */
import { plainNumber } from "../../streams/csv/decimal_comma.ts";
import { LongNumber, parseExactJson, stringifyJson } from "../../streams/json/json.ts";
import { setMember } from "../../streams/json/members.ts";
import type { ValueType } from "./map_recipe.ts";
import type { TimeReader } from "./map_time.ts";

/** A record before it is mapped: values by the names of columns. */
export type SourceRow = Readonly<Record<string, unknown>>;
export type Getter = (row: SourceRow) => unknown;

/** What a conversion gives for a value that it does not fit. */
export const MISFIT = Symbol("misfit");
export type Converter = (value: unknown) => unknown;

/** Whether a value is an object of members: no list, and no date or number in the form of an object. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date) &&
    !(value instanceof LongNumber);
}

/** Whether a source holds anything: databases export an empty column as null or an empty text. */
export const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === "";

/**
 * Reads a column, or what lies under a path with dots. A column whose name has the dots in it comes first, as tables have
 * them. A path leads through JSON that is held as text, too.
 */
export function getter(path: string): Getter {
  if (!path.includes(".")) return (row) => Object.hasOwn(row, path) ? row[path] : undefined;
  const steps = path.split(".");
  return (row) => {
    if (Object.hasOwn(row, path)) return row[path];
    let value: unknown = row;
    for (const step of steps) {
      if (typeof value === "string") value = objectOf(value);
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
      value = (value as SourceRow)[step];
    }
    return value;
  };
}

/** The first of several sources that holds something. */
export function firstOf(paths: readonly string[]): Getter {
  const getters = paths.map(getter);
  const [only] = getters;
  if (getters.length === 1 && only !== undefined) return only;
  return (row) => {
    for (const get of getters) {
      const value = get(row);
      if (!isEmpty(value)) return value;
    }
    return undefined;
  };
}

/** An object, or the text of one; undefined for anything else. */
export function objectOf(value: unknown): Record<string, unknown> | undefined {
  const parsed = typeof value === "string" && value.trimStart().startsWith("{") ? parsedOr(value, undefined) : value;
  return isPlainObject(parsed) ? parsed : undefined;
}

/** A list, or the text of one; undefined for anything else. */
function listOf(value: unknown): unknown[] | undefined {
  const parsed = typeof value === "string" && value.trimStart().startsWith("[") ? parsedOr(value, undefined) : value;
  return Array.isArray(parsed) ? parsed : undefined;
}

/** `[{key, value: {string_value, int_value, …}}]` as an object. Undefined for anything else. */
export function keyValuesOf(value: unknown): Record<string, unknown> | undefined {
  const list = listOf(value);
  if (list === undefined) return undefined;
  const object: Record<string, unknown> = {};
  for (const item of list) {
    if (!isPlainObject(item) || typeof item.key !== "string") continue;
    const typed = isPlainObject(item.value) ? item.value : { string_value: item.value };
    const found = typed.string_value ?? integerOf(typed.int_value) ?? numberOf(typed.double_value) ??
      numberOf(typed.float_value);
    if (found !== undefined && found !== null) setMember(object, item.key, found);
  }
  return object;
}

/** How a property gets its type. Values that are empty are never converted. */
export function converter(type: ValueType, readTime: TimeReader, decimalComma = false): Converter {
  switch (type) {
    case "string":
      return (value) => value instanceof Date ? propertyTime(value.getTime()) : valueText(value);
    case "number":
      return (value) => {
        if (typeof value === "number" || typeof value === "bigint" || value instanceof LongNumber) return value;
        if (typeof value === "boolean") return value ? 1 : 0;
        if (typeof value !== "string") return MISFIT;
        return numberOf(decimalComma ? plainNumber(value.trim()) ?? value : value) ?? MISFIT;
      };
    case "boolean":
      return booleanOf;
    case "time":
      return (value) => {
        const time = readTime(value);
        return time === undefined ? MISFIT : propertyTime(Math.abs(time) < 31_536_000_000 ? time * 1000 : time);
      };
    case "list":
      return (value) =>
        listOf(value) ?? (typeof value === "string" ? value.split(",").map((item) => item.trim()) : [value]);
    case "json":
      return (value) => typeof value === "string" ? parsedOr(value, MISFIT) : value;
  }
}

/** The form in which Mixpanel takes a property for a date. */
export function propertyTime(ms: number): string {
  const text = new Date(ms).toISOString();
  return text.endsWith(".000Z") ? text.slice(0, 19) : text.slice(0, 23);
}

export function valueText(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "object" ? stringifyJson(value) : String(value);
}

const TRUE: ReadonlySet<string> = new Set(["true", "t", "yes", "y", "1"]);
const FALSE: ReadonlySet<string> = new Set(["false", "f", "no", "n", "0"]);

function booleanOf(value: unknown): unknown {
  if (typeof value === "boolean") return value;
  const text = String(value).trim().toLowerCase();
  return TRUE.has(text) ? true : FALSE.has(text) ? false : MISFIT;
}

/** The number that a text says, with all of its digits. */
function numberOf(value: unknown): number | bigint | LongNumber | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  const text = typeof value === "string" ? value.trim() : "";
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return undefined;
  const number = Number(text);
  if (!Number.isFinite(number)) return undefined;
  if (/^[+-]?\d+$/.test(text)) return Number.isSafeInteger(number) ? number : BigInt(text.replace("+", ""));
  const exact = parsedOr(text.replace("+", ""), undefined);
  return exact instanceof LongNumber ? exact : number;
}

/** 64-bit integers come out of databases as texts. */
function integerOf(value: unknown): unknown {
  return typeof value === "string" && /^-?\d+$/.test(value) ? numberOf(value) : value;
}

function parsedOr<Other>(text: string, other: Other): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return other;
  }
}
