/** Times as programs and databases write them, as Mixpanel takes them. */
import { LongNumber } from "../../streams/json/json.ts";

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
const BASIC_DAY = /^(\d{4})(\d\d)(\d\d)$/;
/** `2026-01-31`, with `T12:00`, ` 12:00:00.123456`; then `Z`, ` UTC`, `+02`, `+0200`, ` +02:00`. */
const MOMENT =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;

export interface TimeOptions {
  /** Of texts without a zone, such as `Europe/Berlin`. Default UTC. */
  timeZone?: string;
  /** Numbers count from 1970 in that zone, as in the exports of projects made before 2023. */
  epochsAreLocal?: boolean;
}

/**
 * A reader of times: numbers in seconds, milliseconds, microseconds or nanoseconds since 1970, also as texts; dates; ISO 8601
 * and the forms of SQL, with and without a zone.
 *
 * A local time that a change to summer time skips is taken as the moment that a clock would show that had not been put
 * forward; of one that comes twice, the first is taken.
 *
 * @throws RangeError for a zone that does not exist.
 */
export function timeReader({ timeZone = "UTC", epochsAreLocal = false }: TimeOptions = {}): TimeReader {
  const epochMs = localClock(timeZone);
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
        return EPOCH.test(text) ? ofNumber(Number(text)) : momentOf(text, epochMs);
      }
      default:
        if (value instanceof LongNumber) return ofNumber(Number(value));
        return value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : undefined;
    }
  };
}

/** A number in any of the four units; a nanosecond that a number cannot hold makes no difference to its millisecond. */
function epochTime(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const size = Math.abs(value);
  if (size < FIRST_MILLISECONDS) return Number.isInteger(value) ? value : Math.round(value * 1000);
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
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = match;
  const date = dayMs(Number(year), Number(month), Number(day));
  // The last second of a minute can be the 60th; Unix time does not count it.
  if (date === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const clockMs = (Number(hour) * 60 + Number(minute)) * MINUTE_MS + Number(second) * 1000 +
    Number(fraction.padEnd(3, "0").slice(0, 3));
  const localMs = date + clockMs;
  if (zone === undefined) return epochMs(localMs);
  if (!/^[+-]/.test(zone)) return localMs;
  const offset = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", "") || 0)) * MINUTE_MS;
  return zone.startsWith("-") ? localMs + offset : localMs - offset;
}

/** Undefined for a day that no calendar has. */
function dayMs(year: number, month: number, day: number): number | undefined {
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  // `Date.UTC` takes the years up to 99 for those of another century.
  if (year < 100) return undefined;
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : undefined;
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
