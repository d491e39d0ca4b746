/** What the types of Parquet become in JSON. */
import type { SchemaElement } from "hyparquet";
import { DEFAULT_PARSERS, parseFloat16 } from "hyparquet/src/convert.js";
import { LongNumber, parseExactJson } from "../json/json.ts";
import { withStandIns } from "../shown_bytes.ts";
import { isoTime, timeOfDay } from "./parquet_times.ts";
import { ParquetError } from "./parquet_error.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A value as it is stored, before it is one of JSON. */
export type StoredValue = boolean | number | bigint | Uint8Array;

/** What a stored value becomes. */
export type Conversion = (stored: StoredValue) => unknown;

/** In place of a text whose bytes are no UTF-8, or of a value with such a text in it. */
export class NotUtf8 {
  /** @param value with stand-ins for the bytes that are part of no character */
  constructor(readonly value: unknown) {}
}
/** In place of numbers that JSON has not. They are called as programs print them. */
const NOT_A_NUMBER = Symbol("NaN");
const INFINITY = Symbol("Infinity"), MINUS_INFINITY = Symbol("-Infinity");

/** What stands for such a number in JSON: NaN is what tables have for null, the others are texts. */
export function withoutInfinity(stored: symbol): string | undefined {
  return stored === NOT_A_NUMBER ? undefined : stored.description;
}

/** The number, or what stands for it here when JSON has it not. */
export function finiteOrMark(value: number): number | symbol {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? NOT_A_NUMBER : value > 0 ? INFINITY : MINUS_INFINITY;
}

/** Any decimal of so many digits is told by a number. */
const NUMBER_DIGITS = 15;
/** The first day of INT96, 1970-01-01, counted as it counts days. */
const JULIAN_EPOCH = 2_440_588n;
const DAY_NANOSECONDS = 86_400_000_000_000n;

/** What bytes without a type of their own are taken for; `bytes` for those that are part of something else. */
export type BinaryForm = "text" | "hex" | "bytes";

/** How the values of a column become those of JSON; what is no value there is one of the symbols. */
export function conversionOf(element: SchemaElement, binary: BinaryForm): Conversion {
  const { type, converted_type: converted, logical_type: logical } = element;
  switch (logical?.type ?? converted) {
    case "STRING":
    case "UTF8":
    case "ENUM":
      return ofBytes(textOf);
    case "JSON":
      return ofBytes(jsonOrText);
    case "DECIMAL":
      return decimalOf(logical?.type === "DECIMAL" ? logical.scale : element.scale ?? 0);
    case "DATE":
      return (days) => isoTime(BigInt(days as number) * 86_400_000n, 3)?.slice(0, -14) ?? endlessOf(days as number);
    case "TIME":
      return logical?.type === "TIME" ? timeOfDayOf(logical.unit, logical.isAdjustedToUTC) : asIs;
    case "TIME_MILLIS":
      return timeOfDayOf("MILLIS");
    case "TIME_MICROS":
      return timeOfDayOf("MICROS");
    case "TIMESTAMP":
      return logical?.type === "TIMESTAMP" ? timestampOf(logical.unit, logical.isAdjustedToUTC !== false) : asIs;
    case "TIMESTAMP_MILLIS":
      return timestampOf("MILLIS", true);
    case "TIMESTAMP_MICROS":
      return timestampOf("MICROS", true);
    case "INTEGER":
      return logical?.type === "INTEGER" && !logical.isSigned ? unsignedOf(logical.bitWidth) : integerOf;
    case "UINT_8":
    case "UINT_16":
    case "UINT_32":
      return unsignedOf(32);
    case "UINT_64":
      return unsignedOf(64);
    case "UUID":
      return ofBytes((bytes) => DEFAULT_PARSERS.uuidFromBytes(bytes));
    case "FLOAT16":
      return ofBytes((bytes) => finiteOrMark(shortestHalf(bytes)));
    case "INTERVAL":
      return ofBytes(durationOf);
    case "GEOMETRY":
    case "GEOGRAPHY":
      return ofBytes((bytes) => DEFAULT_PARSERS.geometryFromBytes(bytes));
    case "BSON":
      return ofBytes(hexOf);
  }
  switch (type) {
    case "INT64":
      return integerOf;
    case "INT96":
      return (stored) => isoTime(nanosecondsOf(stored as bigint), 9);
    case "FLOAT":
      return (stored) => finiteOrMark(shortestSingle(stored as number));
    case "DOUBLE":
      return (stored) => finiteOrMark(stored as number);
    case "BYTE_ARRAY":
    case "FIXED_LEN_BYTE_ARRAY":
      return ofBytes(binary === "text" ? textOf : binary === "hex" ? hexOf : (bytes) => bytes.slice());
  }
  return asIs;
}

export function isUnsigned({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return logical?.type === "INTEGER" ? !logical.isSigned : converted?.startsWith("UINT_") === true;
}

/** Whether a column has bytes of which the file does not say what they are. */
export function isUntypedBinary({ type, converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  const isBytes = type === "BYTE_ARRAY" || type === "FIXED_LEN_BYTE_ARRAY";
  return isBytes && converted === undefined && logical === undefined;
}

/** Whether the file says of a column that it is text. */
export function isDeclaredText({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return ["STRING", "UTF8", "ENUM", "JSON"].includes(logical?.type ?? converted ?? "");
}

const asIs: Conversion = (stored) => stored;

const ofBytes = (convert: (bytes: Uint8Array) => unknown): Conversion => (stored) => {
  if (!(stored instanceof Uint8Array)) throw new ParquetError("damaged", "its type does not fit its values");
  return convert(stored);
};

function textOf(bytes: Uint8Array): string | NotUtf8 {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return new NotUtf8(withStandIns(bytes));
  }
}

function jsonOrText(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  return typeof text === "string" ? parsedOrText(text) : text;
}

/** The value of JSON; the text itself when it is none. */
export function parsedOrText(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    // Not the JSON that its column promises.
    if (!(error instanceof SyntaxError)) throw error;
    return text;
  }
}

function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte < 16 ? `0${byte.toString(16)}` : byte.toString(16);
  return text;
}

/** A number when it can hold the integer, else the bigint. */
function integerOf(stored: StoredValue): number | bigint {
  if (typeof stored !== "bigint") return stored as number;
  const number = Number(stored);
  return Number.isSafeInteger(number) ? number : stored;
}

const unsignedOf = (bits: number): Conversion => (stored) =>
  typeof stored === "bigint" ? integerOf(BigInt.asUintN(64, stored)) : bits === 32 ? (stored as number) >>> 0 : stored;

/** Decimals are stored as integers, or as the bytes of one with the first foremost. */
const decimalOf = (scale: number): Conversion => (stored) => {
  let unscaled: bigint;
  if (stored instanceof Uint8Array) {
    const hex = hexOf(stored);
    unscaled = hex === "" ? 0n : BigInt.asIntN(8 * stored.length, BigInt(`0x${hex}`));
  } else {
    unscaled = BigInt(stored as number | bigint);
  }
  if (scale <= 0) return integerOf(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const fraction = digits.slice(-scale).replace(/0+$/, "");
  const text = `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}${fraction === "" ? "" : `.${fraction}`}`;
  if (fraction === "") return integerOf(BigInt(text));
  const number = Number(text);
  return digits.length <= NUMBER_DIGITS || String(number) === text ? number : new LongNumber(text);
};

const DIGITS = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const;
type Unit = keyof typeof DIGITS;

/** Local times have no zone, and what older writers mark by the converted type alone mostly has none either. */
const timeOfDayOf = (unit: Unit, isInUtc = false): Conversion => (stored) => {
  const text = timeOfDay(BigInt(stored as number | bigint), DIGITS[unit]);
  return isInUtc ? `${text}Z` : text;
};

/** Local times have no zone. */
const timestampOf = (unit: Unit, isMoment: boolean): Conversion => (stored) => {
  const text = isoTime(BigInt(stored as number | bigint), DIGITS[unit]);
  return text === undefined ? endlessOf(stored as number | bigint) : isMoment ? text : text.slice(0, -1);
};

/** A time that no calendar reaches, as DuckDB and Postgres write `infinity`. */
const endlessOf = (stored: number | bigint): symbol => stored > 0 ? INFINITY : MINUS_INFINITY;

/** INT96 has the day in the upper 32 bits, and the nanoseconds of the day in the others. */
const nanosecondsOf = (stored: bigint): bigint =>
  ((stored >> 64n) - JULIAN_EPOCH) * DAY_NANOSECONDS + BigInt.asUintN(64, stored);

/** The shortest decimal of which the nearest number of 32 bits is this one. */
function shortestSingle(value: number): number {
  // A whole number is meant as it is: ids and times stand in such columns, too.
  if (Number.isSafeInteger(value) || !Number.isFinite(value)) return value;
  // Six digits are always told apart, unless the number is so small that it has fewer bits.
  for (let digits = Math.abs(value) < 2 ** -126 ? 1 : 6; digits < 9; digits++) {
    const shorter = rounded(value, digits);
    if (Math.fround(shorter) === value) return shorter;
  }
  return rounded(value, 9);
}

/** The shortest decimal that is nearer to this number of 16 bits than to the ones beside it; whole numbers are meant as they are. */
function shortestHalf(bytes: Uint8Array): number {
  const value = parseFloat16(bytes) as number;
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  const bits = (bytes[0] as number) | (bytes[1] as number) << 8;
  const beside = [bits - 1, bits + 1].map((other) => parseFloat16(Uint8Array.of(other, other >> 8)) as number);
  for (let digits = 1; digits < 5; digits++) {
    const shorter = rounded(value, digits);
    const distance = Math.abs(shorter - value);
    if (beside.every((other) => distance < Math.abs(other - value) / 2)) return shorter;
  }
  return rounded(value, 5);
}

/** To so many digits; what lies in the middle, to an even one, as everybody prints such numbers. */
function rounded(value: number, digits: number): number {
  const text = value.toPrecision(digits);
  const longer = value.toPrecision(digits + 1);
  const isMiddle = /5(?:e|$)/.test(longer) && Number(longer) === value;
  return Number(isMiddle && /[13579](?:e|$)/.test(text) ? longer.replace(/5(?=e|$)/, "") : text);
}

/** Months, days and milliseconds, as ISO 8601 has durations. */
function durationOf(bytes: Uint8Array): string {
  if (bytes.length !== 12) throw new ParquetError("damaged", "an interval has not 12 bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [months, days, milliseconds] = [0, 4, 8].map((at) => view.getUint32(at, true)) as [number, number, number];
  const text = `${months ? `${months}M` : ""}${days ? `${days}D` : ""}${
    milliseconds ? `T${milliseconds / 1000}S` : ""
  }`;
  return text === "" ? "PT0S" : `P${text}`;
}
