/**
 * Forms of times that are told by `--time-format`: in the letters of spreadsheets and databases (`DD.MM.YYYY HH:mm`), in
 * those of strftime (`%d.%m.%Y %H:%M`), or `excel` for the day numbers of spreadsheets.
 */
import { dayMs } from "./calendar_day.ts";

/** What a clock has shown, as if it were UTC, and how far it was ahead of UTC, where the text says so. */
export interface ClockTime {
  localMs: number;
  offsetMs?: number;
  /** Whether it has digits that are finer than a millisecond. */
  isCut?: boolean;
}

/** Reads a text of one form; undefined for another one, and for a day that no calendar has. */
export type FormatReader = (text: string) => ClockTime | undefined;

/** The name of the form in which spreadsheets count days. */
export const EXCEL = "excel";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** 1970-01-01 in the days of spreadsheets. */
const EXCEL_EPOCH = 25_569;
/** The year 9999, the last that spreadsheets know. */
const LAST_EXCEL_DAY = 2_958_465;

type Part =
  | "year"
  | "shortYear"
  | "month"
  | "monthName"
  | "day"
  | "hour"
  | "minute"
  | "second"
  | "fraction"
  | "half"
  | "zone";
/** A part, or a text that says nothing. */
type Token = Part | { literal: string };

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const SOURCES: Readonly<Record<Part, string>> = {
  year: "(\\d{4})",
  shortYear: "(\\d{2})",
  month: "(\\d{1,2})",
  monthName: "([A-Za-z]{3,9})\\.?",
  day: "(\\d{1,2})",
  hour: "(\\d{1,2})",
  minute: "(\\d{2})",
  second: "(\\d{2})",
  fraction: "(\\d{1,9})",
  half: "([AaPp])\\.?[Mm]\\.?",
  zone: "(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)",
};

/** What may follow a form that has a day and no hour. */
const CLOCK: readonly Part[] = ["hour", "minute", "second", "fraction", "half", "zone"];
const CLOCK_SOURCE =
  `(?:[T\\s]\\s*${SOURCES.hour}:${SOURCES.minute}(?::${SOURCES.second}(?:[.,]${SOURCES.fraction})?)?(?:\\s*${SOURCES.half})?(?:\\s*${SOURCES.zone})?)?`;

const STRFTIME: Readonly<Record<string, readonly Token[]>> = {
  Y: ["year"],
  y: ["shortYear"],
  m: ["month"],
  d: ["day"],
  e: ["day"],
  b: ["monthName"],
  B: ["monthName"],
  h: ["monthName"],
  H: ["hour"],
  k: ["hour"],
  I: ["hour"],
  l: ["hour"],
  M: ["minute"],
  S: ["second"],
  f: ["fraction"],
  L: ["fraction"],
  p: ["half"],
  P: ["half"],
  z: ["zone"],
  Z: ["zone"],
  F: ["year", { literal: "-" }, "month", { literal: "-" }, "day"],
  D: ["month", { literal: "/" }, "day", { literal: "/" }, "shortYear"],
  T: ["hour", { literal: ":" }, "minute", { literal: ":" }, "second"],
  R: ["hour", { literal: ":" }, "minute"],
  "%": [{ literal: "%" }],
};

/** Groups of letters, the longest first. `MM` after an hour is the minute that was meant. */
const LETTERS: readonly [RegExp, Part][] = [
  [/^y{4}/i, "year"],
  [/^yy/i, "shortYear"],
  [/^M{3,4}|^Mon(?:th)?/, "monthName"],
  [/^MI/i, "minute"],
  [/^MM?/, "month"],
  [/^d{1,2}/i, "day"],
  [/^h{1,2}(?:24|12)?/i, "hour"],
  [/^mm?/, "minute"],
  [/^S{3,9}|^F{1,9}\d?/, "fraction"],
  [/^s{1,2}/i, "second"],
  [/^[ap]m?\b/i, "half"],
  [/^Z{1,2}|^TZ[HD]?/, "zone"],
];

/**
 * The reader of a form.
 *
 * @throws RangeError that says what is wrong with the form.
 */
export function formatReader(format: string): FormatReader {
  if (format.toLowerCase() === EXCEL) return excelTime;
  const tokens = format.includes("%") ? strftimeTokens(format) : letterTokens(format);
  const parts = tokens.filter((token) => typeof token === "string");
  const has = (...any: Part[]) => any.some((part) => parts.includes(part));
  if (!has("year", "shortYear")) throw new RangeError("it has no year");
  if (!has("month", "monthName")) throw new RangeError("it has no month");
  if (!has("day")) throw new RangeError("it has no day");
  const twice = parts.find((part, index) => parts.indexOf(part) !== index);
  if (twice !== undefined) throw new RangeError(`it has the ${twice} twice`);
  const isDay = !has("hour");
  const source = tokens.map((token) => typeof token === "string" ? SOURCES[token] : literalSource(token.literal)).join(
    "",
  );
  const pattern = new RegExp(`^${source}${isDay ? CLOCK_SOURCE : ""}$`, "i");
  const names = isDay ? [...parts, ...CLOCK] : parts;
  return (text) => {
    const match = pattern.exec(text.trim());
    if (match === null) return undefined;
    const found: Partial<Record<Part, string>> = {};
    for (const [index, name] of names.entries()) found[name] = match[index + 1];
    return clockTime(found);
  };
}

/** A day number of a spreadsheet; its fraction is the time of day, to the nearest millisecond: a third of a day has no end. */
export function excelTime(text: string): ClockTime | undefined {
  const trimmed = text.trim();
  const days = /^\d{1,7}(?:[.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(",", ".")) : NaN;
  return days >= 1 && days <= LAST_EXCEL_DAY ? { localMs: Math.round((days - EXCEL_EPOCH) * DAY_MS) } : undefined;
}

function clockTime(found: Partial<Record<Part, string>>): ClockTime | undefined {
  const { year, shortYear, month, monthName, day, hour = "0", minute = "0", second = "0", fraction = "", half, zone } =
    found;
  // As POSIX has it, and with it most programs.
  const fullYear = year === undefined ? Number(shortYear) + (Number(shortYear) < 69 ? 2000 : 1900) : Number(year);
  const monthNumber = monthName === undefined ? Number(month) : MONTHS.indexOf(monthName.slice(0, 3).toLowerCase()) + 1;
  const date = dayMs(fullYear, monthNumber, Number(day));
  const hours = half === undefined ? Number(hour) : hourOfHalf(Number(hour), half);
  if (date === undefined || !(hours <= 23) || Number(minute) > 59 || Number(second) > 60) return undefined;
  const clockMs = hours * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * 1000 +
    Number(fraction.padEnd(3, "0").slice(0, 3));
  const isCut = isFinerThanMs(fraction);
  if (zone === undefined) return { localMs: date + clockMs, isCut };
  const offset = offsetMs(zone);
  return offset === undefined ? undefined : { localMs: date + clockMs, offsetMs: offset, isCut };
}

/** Whether the digits behind a second say more than its milliseconds. */
export const isFinerThanMs = (fraction: string): boolean => /[1-9]/.test(fraction.slice(3));

/** Of a clock with twelve hours; NaN for one that it has not. */
function hourOfHalf(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return NaN;
  return hour % 12 + (/p/i.test(half) ? 12 : 0);
}

/** No clock is further from UTC. */
const MOST_OFFSET_HOURS = 18;

/** Of `Z`, `UTC`, `+02`, `+0200`, `+02:00`; undefined for what no clock shows. */
export function offsetMs(zone: string): number | undefined {
  if (!/^[+-]/.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", "") || 0);
  if (hours > MOST_OFFSET_HOURS || minutes > 59) return undefined;
  const size = hours * HOUR_MS + minutes * MINUTE_MS;
  return zone.startsWith("-") ? -size : size;
}

function strftimeTokens(format: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < format.length; at++) {
    const character = format[at] as string;
    if (character !== "%") {
      tokens.push({ literal: character });
      continue;
    }
    // `%-d` is a day without a zero before it, which is read in any case.
    if (format[at + 1] === "-") at++;
    const letter = format[++at] ?? "";
    const known = Object.hasOwn(STRFTIME, letter) ? STRFTIME[letter] : undefined;
    if (known === undefined) throw new RangeError(`it has %${letter}, which is not known`);
    tokens.push(...known);
  }
  return tokens;
}

function letterTokens(format: string): Token[] {
  const tokens: Token[] = [];
  let rest = format;
  while (rest !== "") {
    const quoted = /^\[([^\]]*)\]|^'([^']*)'|^"([^"]*)"/.exec(rest);
    if (quoted !== null) {
      tokens.push({ literal: quoted[1] ?? quoted[2] ?? quoted[3] ?? "" });
      rest = rest.slice(quoted[0].length);
      continue;
    }
    const [length, part] = letterGroup(rest);
    if (part === undefined) tokens.push({ literal: rest[0] as string });
    else tokens.push(part === "month" && tokens.includes("hour") ? "minute" : part);
    rest = rest.slice(length);
  }
  return tokens;
}

/** @throws RangeError for a letter that stands for nothing, but for the `T` of ISO 8601. */
function letterGroup(text: string): [length: number, part: Part | undefined] {
  for (const [pattern, part] of LETTERS) {
    const found = pattern.exec(text);
    if (found !== null) return [found[0].length, part];
  }
  const letter = text[0] as string;
  if (letter !== "T" && /\p{L}/u.test(letter)) {
    throw new RangeError(`it has ${JSON.stringify(letter)}, which is not known`);
  }
  return [1, undefined];
}

function literalSource(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/\s+/g, "\\s+");
}
