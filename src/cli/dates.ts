/** Days as people type them. */
import { isDay } from "../api/params.ts";
import { inputError } from "../errors.ts";
import { isoDay } from "../streams/iso_time.ts";

const DAY_MS = 86_400_000;
const AGO = /^(\d{1,4})([dw])$/;

/**
 * Reads `2026-01-31`, `today`, `yesterday` or `7d` (seven days ago; `2w` is two weeks) as a day in UTC.
 *
 * @throws MpError (input) for anything else, and for days that no calendar has.
 */
export function resolveDay(text: string, flag: string, nowMs: number): string {
  const word = text.trim().toLowerCase();
  if (word === "today") return isoDay(nowMs);
  if (word === "yesterday") return isoDay(nowMs - DAY_MS);
  const ago = AGO.exec(word);
  if (ago !== null) return isoDay(nowMs - spanDays(ago) * DAY_MS);
  if (isDay(word)) return word;
  const shape = /^\d{4}-\d{2}-\d{2}$/.test(word);
  throw inputError(
    `Cannot use ${flag} ${JSON.stringify(text)}: ${shape ? "no such day" : "not a day"}`,
    "days are written 2026-01-31, today, yesterday or 7d (seven days ago)",
    "bad_date",
  );
}

/**
 * Reads `now`, a day as `resolveDay` does, or a day with a time of the clock (`yesterday 12:00`, `2026-01-31T12:00:00Z`).
 *
 * @throws MpError (input) for days that no calendar has; the parameter itself checks the time.
 */
export function resolveMoment(text: string, flag: string, nowMs: number): string {
  const trimmed = text.trim();
  // Seconds since 1970, for the parameters that take them.
  if (/^\d{9,}$/.test(trimmed)) return trimmed;
  if (trimmed.toLowerCase() === "now") return new Date(nowMs).toISOString().slice(0, 19);
  const [, day = trimmed, time = ""] = /^(\S+?)[ T](\d.*)$/.exec(trimmed) ?? [];
  return resolveDay(day, flag, nowMs) + (time === "" ? "" : `T${time}`);
}

/** The days of `--last 30d`: thirty of them, today included. */
export function lastDays(text: string, nowMs: number): { from: string; to: string } {
  const match = AGO.exec(text.trim().toLowerCase());
  const days = match === null ? 0 : spanDays(match);
  if (days < 1) {
    throw inputError(`Cannot use --last ${JSON.stringify(text)}: not a span of days`, "write --last 30d or --last 4w");
  }
  return { from: isoDay(nowMs - (days - 1) * DAY_MS), to: isoDay(nowMs) };
}

/** Refuses a range that ends before it begins. */
export function checkOrder(from: unknown, to: unknown): void {
  if (typeof from !== "string" || typeof to !== "string" || from <= to) return;
  throw inputError(
    `Cannot use --from ${from} with --to ${to}: it ends before it begins`,
    "swap the two days",
    "bad_range",
  );
}

function spanDays(match: RegExpExecArray): number {
  return Number(match[1]) * (match[2] === "w" ? 7 : 1);
}
