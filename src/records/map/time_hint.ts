/** How a text that is no time as it stands can be read: what to type. */
import { EXCEL, excelTime, formatReader } from "./time_format.ts";

/** Numbers that are days of a spreadsheet in this century, and hardly anything else. */
const FIRST_DAY = 36_526, LAST_DAY = 73_050;

const CLOCK = /[T ]+(\d{1,2}):(\d\d)(:\d\d)?([.,]\d{1,9})?( ?[ap]\.?m\.?)?( ?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$/i;

/** What can be typed after `--time-format` for this value, the likeliest first; none when it is no time that is known. */
export function timeFormatsFor(value: unknown): string[] {
  const text = String(value).trim();
  const serial = Number(text.replace(",", "."));
  if (serial >= FIRST_DAY && serial <= LAST_DAY && excelTime(text) !== undefined) return [EXCEL];
  return formsOf(text).filter((form) => formatReader(form)(text) !== undefined);
}

/** Whether a value has the form of a time, and is none: `31.02.2026`. */
function isOfCalendar(value: unknown): boolean {
  return formsOf(String(value).trim()).length > 0;
}

/** The forms that a text may have by its separators and letters. */
function formsOf(text: string): string[] {
  const clock = CLOCK.exec(text);
  const day = clock === null ? text : text.slice(0, clock.index);
  const tail = clock === null ? "" : `${text[clock.index] === "T" ? "T" : " "}${clockForm(clock)}`;
  return dayForms(day).map((form) => form + tail);
}

/** What is wrong with a value that is no time, and what to type. */
export function timeReason(field: string, value: unknown, shown: string): string {
  const formats = timeFormatsFor(value).map((format) => `--time-format ${quoted(format)}`);
  if (formats.length > 1) return `'${field}' can be read in two ways: ${shown}; say which: ${formats.join(" or ")}`;
  const [only] = formats;
  if (only === undefined && isOfCalendar(value)) return `'${field}' is a day or a time that there is not: ${shown}`;
  if (only === undefined) return `'${field}' is not a time: ${shown}; --time-format FORMAT says how it is written`;
  const serial = excelTime(String(value));
  const meant = only.endsWith(EXCEL) && serial !== undefined ? ` as ${spreadsheetMoment(serial.localMs)}` : "";
  return `'${field}' is not a time: ${shown}; ${only} reads it${meant}`;
}

/** The day, and the time of day where the number has one. */
export function spreadsheetMoment(ms: number): string {
  const text = new Date(ms).toISOString().replace("T", " ").replace(/(\.000)?Z$/, "");
  return text.replace(/ 00:00:00$/, "");
}

/** For a shell. */
function quoted(format: string): string {
  return /^[\w.,:/-]+$/.test(format) ? format : `'${format}'`;
}

function dayForms(day: string): string[] {
  const numbers = /^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})$/.exec(day);
  if (numbers !== null) {
    const [, first = "", separator = "", second = "", third = ""] = numbers;
    if (first.length === 4) return [["YYYY", "MM", "DD"].join(separator)];
    if (first.length > 2 || (third.length !== 2 && third.length !== 4)) return [];
    const year = "Y".repeat(third.length);
    const forms = [["DD", "MM", year].join(separator), ["MM", "DD", year].join(separator)];
    // Nobody writes the month first with points. Which of the others it is, a number above 12 tells.
    if (separator === "." || Number(first) > 12) return forms.slice(0, 1);
    return Number(second) > 12 ? forms.slice(1) : forms;
  }
  const named = /^(?:(\d{1,2})([ -])([A-Za-z]{3,9})\.?\2(\d{4}|\d\d)|([A-Za-z]{3,9})\.? (\d{1,2})(,?) (\d{4}))$/.exec(
    day,
  );
  if (named === null) return [];
  const [, dayFirst, separator = "", , year = "", , , comma = ""] = named;
  if (dayFirst === undefined) return [`MMM DD${comma} YYYY`];
  return [["DD", "MMM", "Y".repeat(year.length)].join(separator)];
}

function clockForm([, , , second, fraction, half, zone]: RegExpExecArray): string {
  const points = fraction === undefined ? "" : `${fraction[0]}SSS`;
  return `HH:mm${second === undefined ? "" : ":ss"}${points}${spaced(half, "A")}${spaced(zone, "Z")}`;
}

/** A part, with a blank before it where the text has one. */
function spaced(text: string | undefined, letters: string): string {
  return text === undefined ? "" : text.startsWith(" ") ? ` ${letters}` : letters;
}
