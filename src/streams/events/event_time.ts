/** The time of an event, a number as Mixpanel has it. */

/** Numbers from here on are milliseconds: as seconds they would be after the year 2969. */
const FIRST_MILLISECONDS = 31_536_000_000;
/** The last moment that a `Date` can be, and the first one with a minus. */
const LAST_MS = 8.64e15;

/** A moment as `epochMs` reads it: in milliseconds, or where these would be taken for seconds, in seconds. */
export function timeText(ms: number): string {
  return String(Math.abs(ms) >= FIRST_MILLISECONDS ? ms : ms / 1000);
}

/** Milliseconds since 1970 of a time in seconds or milliseconds; undefined for what is none in whole milliseconds. */
export function epochMs(time: number): number | undefined {
  const isMs = Math.abs(time) >= FIRST_MILLISECONDS;
  const ms = isMs ? time : Math.round(time * 1000);
  const isExact = isMs ? Number.isInteger(time) : ms / 1000 === time;
  return isExact && Math.abs(ms) <= LAST_MS ? ms : undefined;
}

/** The same of a whole number of at most fifteen digits, which is always one. */
export function wholeEpochMs(time: number): number {
  return Math.abs(time) >= FIRST_MILLISECONDS ? time : time * 1000;
}
