/** What the types of Parquet become in JSON. */
import type { ParquetParsers, SchemaElement } from "hyparquet";
import { parseJson } from "../json/json.ts";

const decoder = new TextDecoder();

/** How the reader decodes annotated values. Times are ISO texts in UTC. */
export const parquetParsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (milliseconds) => isoTime(BigInt(milliseconds), 3),
  timestampFromMicroseconds: (microseconds) => isoTime(BigInt(microseconds), 6),
  timestampFromNanoseconds: (nanoseconds) => isoTime(BigInt(nanoseconds), 9),
  dateFromDays: (days) =>
    days === undefined || days === null ? days : isoTime(BigInt(days) * 86_400_000n, 3)?.slice(0, -14),
  jsonFromBytes: (bytes) => bytes && parsedOrText(decoder.decode(bytes)),
};

/** The value of a top-level column. */
export function parquetValue(value: unknown, element: SchemaElement): unknown {
  if (value === undefined || value === null) return undefined;
  if (element.converted_type === "DECIMAL") return decimal(value, element.scale ?? 0);
  if (element.logical_type?.type === "TIMESTAMP" && !element.logical_type.isAdjustedToUTC) {
    // Local times have no zone.
    return String(value).replace(/Z$/, "");
  }
  return plainValue(value);
}

function plainValue(value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return shortest(value);
    case "number":
      if (Number.isFinite(value)) return value;
      return Number.isNaN(value) ? undefined : String(value);
    case "object":
      if (value === null) return null;
      if (value instanceof Uint8Array) return decoder.decode(value);
      if (value instanceof Date) return value.toISOString();
      if (Array.isArray(value) || ArrayBuffer.isView(value)) {
        return Array.from(value as ArrayLike<unknown>, (item) => plainValue(item) ?? null);
      }
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item)]));
    default:
      return value;
  }
}

/** A number when it can hold the integer, else the bigint. */
function shortest(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The value of JSON; the text itself when it is none. */
export function parsedOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch { // expected: SyntaxError, for text that is not the JSON that its column promises
    return text;
  }
}

/** A decimal as it was stored: an integer, or its bytes with the first one foremost. */
function decimal(stored: unknown, scale: number): number | bigint {
  let unscaled: bigint;
  if (stored instanceof Uint8Array) {
    unscaled = 0n;
    for (const byte of stored) unscaled = (unscaled << 8n) | BigInt(byte);
    unscaled = BigInt.asIntN(8 * stored.length, unscaled);
  } else {
    unscaled = BigInt(stored as number | bigint);
  }
  if (scale <= 0) return shortest(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return Number(`${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`);
}

/**
 * ISO text of a time since 1970 that is counted in units of ten to the minus `digits` seconds. Milliseconds are always
 * there, finer digits when they are not zeros. Undefined for a time that dates do not reach.
 */
function isoTime(count: bigint, digits: 3 | 6 | 9): string | undefined {
  const perMillisecond = 10n ** BigInt(digits - 3);
  const rest = ((count % perMillisecond) + perMillisecond) % perMillisecond;
  const date = new Date(Number((count - rest) / perMillisecond));
  if (Number.isNaN(date.getTime())) return undefined;
  const finer = rest === 0n ? "" : String(rest).padStart(digits - 3, "0");
  return date.toISOString().replace(/Z$/, `${finer}Z`);
}
