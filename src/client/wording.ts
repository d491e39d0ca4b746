/** Times, sizes and foreign text as they stand in messages. */
import { redact } from "./redact.ts";

/** `12 s`, `3 min`, `2 h`, for a wait. Never `0 s`. */
export function formatWait(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

/** The time of day on this machine's clock, with the day when it is not within the next 12 hours. */
export function clockTime(milliseconds: number, now: number): string {
  const date = new Date(milliseconds);
  const two = (number: number) => String(number).padStart(2, "0");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (milliseconds - now < 12 * 3_600_000) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** `512 B`, `4.5 kB`, `34 MB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  for (const unit of ["B", "kB", "MB", "GB"]) {
    if (value < 999.5 || unit === "GB") {
      return `${unit === "B" || value >= 10 ? Math.round(value) : value.toFixed(1)} ${unit}`;
    }
    value /= 1000;
  }
  return `${bytes} B`;
}

/**
 * Foreign text on one line: no secrets that it may repeat, no control or direction characters, no escape sequences, at
 * most `length` characters.
 */
export function oneLine(text: string, length = 400): string {
  const clean = redact(text)
    // deno-lint-ignore no-control-regex -- escape sequences of a terminal are what must go
    .replace(/\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)?/g, "")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu, "")
    .trim();
  return clean.length <= length ? clean : `${clean.slice(0, length).trimEnd()}…`;
}
