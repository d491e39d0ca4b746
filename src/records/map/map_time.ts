/** Times as programs and databases write them, as Mixpanel takes them. */
import { LongNumber } from "../../streams/json/json.ts";
import { dayMs } from "./calendar_day.ts";
import { formatReader, offsetMs } from "./time_format.ts";

/** Reads a time; undefined for what is none. Whole seconds stay seconds, all else becomes milliseconds. */
export type TimeReader = (value: unknown) => number | undefined;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Numbers from here on are milliseconds: as seconds they would be after the year 2969. A thousand times as much begins
 * microseconds, and again nanoseconds. Mixpanel itself knows seconds and milliseconds.
 */
const FIRST_MILLISECONDS = 31_536_000_000;

/** Local time changes by its zone at most at every quarter of an hour. */
const QUARTER_MS = 15 * MINUTE_MS;
const MOST_CACHED = 50_000;

const EPOCH = /^-?\d{9,19}(?:\.\d+)?$/;
/** A number of that size as spreadsheets and R write it. */
const SCIENTIFIC = /^\d(?:\.\d+)?[eE]\+?(?:0?9|1[0-8])$/;
const BASIC_DAY = /^(\d{4})(\d\d)(\d\d)$/;
/** `2026-01-31`, `2026/1/31`, with `T12:00`, ` 12:00:00.123456`; then `Z`, ` UTC`, `+02`, `+0200`, ` +02:00`. */
const MOMENT =
  /^(\d{4})([-/])(\d\d?)\2(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;

export interface TimeOptions {
  /** Of texts without a zone, such as `Europe/Berlin`. Default UTC. */
  timeZone?: string;
  /** Numbers count from 1970 in that zone, as in the exports of projects made before 2023. */
  epochsAreLocal?: boolean;
  /** The form of times that are not in the usual ones: see `formatReader`. It goes before them. */
  format?: string;
}

/**
 * A reader of times: numbers in seconds, milliseconds, microseconds or nanoseconds since 1970, also as texts; dates; ISO 8601
 * and the forms of SQL, with and without a zone.
 *
 * A local time that a change to summer time skips is taken as the moment that a clock would show that had not been put
 * forward; of one that comes twice, the first is taken.
 *
 * @throws RangeError for a zone that does not exist, and for a form that is none.
 */
export function timeReader({ timeZone = "UTC", epochsAreLocal = false, format }: TimeOptions = {}): TimeReader {
  const epochMs = localClock(timeZone);
  const readUsual = usualReader(epochMs, epochsAreLocal);
  if (format === undefined) return readUsual;
  const read = formatReader(format);
  return (value) => {
    const isText = typeof value === "string" || typeof value === "number" || value instanceof LongNumber;
    const found = isText ? read(String(value)) : undefined;
    if (found === undefined) return readUsual(value);
    return found.offsetMs === undefined ? epochMs(found.localMs) : found.localMs - found.offsetMs;
  };
}

function usualReader(epochMs: (localMs: number) => number, epochsAreLocal: boolean): TimeReader {
  const ofNumber = (value: number) => {
    const time = epochTime(value);
    if (!epochsAreLocal || time === undefined) return time;
    const isSeconds = Math.abs(time) < FIRST_MILLISECONDS;
    return isSeconds ? epochMs(time * 1000) / 1000 : epochMs(time);
  };
  return (value) => {
    switch (typeof value) {
      case "number":
        return ofNumber(value);
      case "bigint":
        return ofNumber(Number(value));
      case "string": {
        const text = value.trim();
        return EPOCH.test(text) || SCIENTIFIC.test(text) ? ofNumber(Number(text)) : momentOf(text, epochMs);
      }
      default:
        if (value instanceof LongNumber) return ofNumber(Number(value));
        return value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : undefined;
    }
  };
}

/** Whether a text is a number whose last digits a program has left out to make it shorter. */
export const isShortened = (text: string): boolean => SCIENTIFIC.test(text.trim());

/** A number in any of the four units; a nanosecond that a number cannot hold makes no difference to its millisecond. */
function epochTime(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const size = Math.abs(value);
  if (size < FIRST_MILLISECONDS) {
    const ms = Math.round(value * 1000);
    // As milliseconds it would be taken for seconds again: before 1971 only whole seconds can be said.
    return Number.isInteger(value) || Math.abs(ms) < FIRST_MILLISECONDS ? Math.floor(value) : ms;
  }
  if (size < FIRST_MILLISECONDS * 1e3) return Math.floor(value);
  if (size < FIRST_MILLISECONDS * 1e6) return Math.floor(value / 1e3);
  return Math.floor(value / 1e6);
}

function momentOf(text: string, epochMs: (localMs: number) => number): number | undefined {
  const match = MOMENT.exec(text);
  if (match === null) {
    const [, year, month, day] = BASIC_DAY.exec(text) ?? [];
    const date = year === undefined ? undefined : dayMs(Number(year), Number(month), Number(day));
    return date === undefined ? undefined : epochMs(date);
  }
  const [, year, , month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = match;
  const date = dayMs(Number(year), Number(month), Number(day));
  // The last second of a minute can be the 60th; Unix time does not count it.
  if (date === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const clockMs = (Number(hour) * 60 + Number(minute)) * MINUTE_MS + Number(second) * 1000 +
    Number(fraction.padEnd(3, "0").slice(0, 3));
  const localMs = date + clockMs;
  if (zone === undefined) return epochMs(localMs);
  const offset = offsetMs(zone);
  return offset === undefined ? undefined : localMs - offset;
}

/** From what a clock in a zone shows, as if it were UTC, to the moment. */
function localClock(timeZone: string): (localMs: number) => number {
  if (/^(utc|gmt|z|etc\/utc)$/i.test(timeZone)) return (localMs) => localMs;
  // Fails here, and not at the first record, when there is no such zone.
  const offsetOf = zoneOffset(timeZone);
  const offsets = new Map<number, number>();
  return (localMs) => {
    const quarter = Math.floor(localMs / QUARTER_MS);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      if (offsets.size >= MOST_CACHED) offsets.clear();
      // A day before, and a day after, no zone is more than one change away.
      const before = offsetOf(localMs - DAY_MS);
      const after = offsetOf(localMs + DAY_MS);
      // The earlier moment comes first; in a gap neither fits, and the offset from before it counts.
      const fits = [before, after].find((candidate) => offsetOf(localMs - candidate) === candidate);
      offsets.set(quarter, offset = fits ?? before);
    }
    return localMs - offset;
  };
}

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function zoneOffset(timeZone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (epochMs) => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(epochMs)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / 1000) * 1000;
  };
}
