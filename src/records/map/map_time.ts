/** Times as programs and databases write them, as Mixpanel takes them. */
import { LongNumber } from "../../streams/json/json.ts";
import { dayMs } from "./calendar_day.ts";
import { localClock } from "./local_clock.ts";
import { formatReader, isFinerThanMs, offsetMs } from "./time_format.ts";

/** Reads a time; undefined for what is none. Whole seconds stay seconds, all else becomes milliseconds. */
export type TimeReader = (value: unknown) => number | undefined;

const MINUTE_MS = 60_000;

/**
 * Numbers from here on are milliseconds: as seconds they would be after the year 2969. A thousand times as much begins
 * microseconds, and again nanoseconds. Mixpanel itself knows seconds and milliseconds.
 */
const FIRST_MILLISECONDS = 31_536_000_000;

/** Digits that a number holds without rounding. */
const EXACT_CHARACTERS = 15;

const EPOCH = /^-?\d{9,19}(?:\.\d+)?$/;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
/** A number of that size as spreadsheets and R write it. */
const SCIENTIFIC = /^\d(?:\.\d+)?[eE]\+?(?:0?9|1[0-8])$/;
const BASIC_DAY = /^(\d{4})(\d\d)(\d\d)$/;
/** `2026-01-31`, `2026/1/31`, with `T12:00`, ` 12:00:00.123456`; then `Z`, ` UTC`, `+02`, `+0200`, ` +02:00`. */
const MOMENT =
  /^(\d{4})([-/])(\d\d?)\2(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * What is to be said of a time that was read: `time_cut`, digits finer than a millisecond were left out; `time_shortened`, a
 * program had left digits out before; `time_skipped` and `time_twice`, no clock of the zone has shown it, or two times.
 */
export interface TimeDoubt {
  rule: "time_cut" | "time_shortened" | "time_skipped" | "time_twice";
  /** As it is written. */
  value: unknown;
  /** Of the last two: the moment that was taken, in milliseconds. */
  takenMs?: number;
}

export interface TimeOptions {
  /** Of texts without a zone, such as `Europe/Berlin`. Default UTC. */
  timeZone?: string;
  /** Numbers count from 1970 in that zone, as in the exports of projects made before 2023. */
  epochsAreLocal?: boolean;
  /** The form of times that are not in the usual ones: see `formatReader`. It takes precedence over them. */
  format?: string;
  /** Told, while a time is read, of what may not be meant. */
  onDoubt?(doubt: TimeDoubt): void;
}

/**
 * A reader of times: numbers in seconds, milliseconds, microseconds or nanoseconds since 1970, also as texts; dates; ISO 8601
 * and the forms of SQL, with and without a zone.
 *
 * What is finer than a millisecond is cut off, whatever the form. A local time that a change to summer time skips is taken
 * as the moment that a clock would show that had not been put forward; of one that comes twice, the first is taken.
 *
 * @throws RangeError for a zone that does not exist, and for a form that is none.
 */
export function timeReader(
  { timeZone = "UTC", epochsAreLocal = false, format, onDoubt = () => {} }: TimeOptions = {},
): TimeReader {
  let written: unknown;
  const onCut = () => onDoubt({ rule: "time_cut", value: written });
  const epochMs = localClock(
    timeZone,
    (change, takenMs) => onDoubt({ rule: `time_${change}`, value: written, takenMs }),
  );
  const onShortened = () => onDoubt({ rule: "time_shortened", value: written });
  const readUsual = usualReader(epochMs, epochsAreLocal, onCut, onShortened);
  if (format === undefined) {
    return (value) => {
      written = value;
      return readUsual(value);
    };
  }
  const readFormat = formatReader(format);
  return (value) => {
    written = value;
    const isText = typeof value === "string" || typeof value === "number" || value instanceof LongNumber;
    const found = isText ? readFormat(String(value)) : undefined;
    if (found === undefined) return readUsual(value);
    if (found.isCut) onCut();
    return found.offsetMs === undefined ? epochMs(found.localMs) : found.localMs - found.offsetMs;
  };
}

type Tell = () => void;

function usualReader(
  epochMs: (localMs: number) => number,
  epochsAreLocal: boolean,
  onCut: Tell,
  onShortened: Tell,
): TimeReader {
  const ofEpoch = (time: number | undefined) => {
    if (!epochsAreLocal || time === undefined) return time;
    const isSeconds = Math.abs(time) < FIRST_MILLISECONDS;
    return isSeconds ? epochMs(time * 1000) / 1000 : epochMs(time);
  };
  const ofText = (text: string) => {
    if (EPOCH.test(text)) {
      const number = text.length <= EXACT_CHARACTERS ? Number(text) : NaN;
      return ofEpoch(isMillisecond(number) ? number : epochTime(text, onCut));
    }
    if (!isShortened(text)) return momentOf(text, epochMs, onCut);
    onShortened();
    return ofEpoch(epochTime(String(Number(text)), onCut));
  };
  return (value) => {
    switch (typeof value) {
      case "number":
        return ofEpoch(isMillisecond(value) ? value : epochTime(String(value), onCut));
      case "bigint":
        return ofEpoch(epochTime(String(value), onCut));
      case "string":
        return ofText(value.trim());
      default:
        if (value instanceof LongNumber) {
          return isShortened(value.text) ? ofText(value.text) : ofEpoch(epochTime(value.text, onCut));
        }
        return value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : undefined;
    }
  };
}

/** Whether a text is a number whose last digits a program has left out to make it shorter. */
export const isShortened = (text: string): boolean => SCIENTIFIC.test(text);

/** Whether a number is in whole seconds or milliseconds, as it is taken. */
const isMillisecond = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < FIRST_MILLISECONDS * 1e3;

/** A number in any of the four units. Its digits are looked at, because a number does not hold all nanoseconds. */
function epochTime(text: string, onCut: Tell): number | undefined {
  const [, sign, whole = "", fraction = ""] = DECIMAL.exec(text) ?? [];
  // With an exponent, it is far from any time.
  if (sign === undefined) return Number.isFinite(Number(text)) ? Math.floor(Number(text)) : undefined;
  const size = Number(whole);
  const inSeconds = size < FIRST_MILLISECONDS;
  if (inSeconds && !/[1-9]/.test(fraction)) return Number(`${sign}${whole}`);
  const shift = inSeconds ? 3 : size < FIRST_MILLISECONDS * 1e3 ? 0 : size < FIRST_MILLISECONDS * 1e6 ? -3 : -6;
  const digits = whole + fraction.padEnd(3, "0");
  const point = whole.length + shift;
  const isCut = /[1-9]/.test(digits.slice(point));
  const ms = Number(digits.slice(0, point));
  const floored = sign === "" ? ms : -ms - (isCut ? 1 : 0);
  // As milliseconds it would be taken for seconds again: before 1971 only whole seconds can be said.
  if (inSeconds && Math.abs(floored) < FIRST_MILLISECONDS) return Math.floor(Number(text));
  if (isCut) onCut();
  return floored;
}

function momentOf(text: string, epochMs: (localMs: number) => number, onCut: Tell): number | undefined {
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
  const offset = zone === undefined ? undefined : offsetMs(zone);
  if (zone !== undefined && offset === undefined) return undefined;
  if (fraction.length > 3 && isFinerThanMs(fraction)) onCut();
  return offset === undefined ? epochMs(localMs) : localMs - offset;
}
