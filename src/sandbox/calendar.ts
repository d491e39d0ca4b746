/** Days in a time zone, and times without one. */

/** The day that it is: `2026-11-23`. */
export function today(nowMs: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** The first millisecond of the day that comes `daysLater` than `day`. */
export function startOfDay(day: string, daysLater: number, timeZone: string): number {
  return Temporal.PlainDate.from(day).add({ days: daysLater }).toZonedDateTime(timeZone).epochMilliseconds;
}

/** Reads a time as `Date.parse` does, except that it is UTC, and not this machine's time, when it names no zone. */
export function parseUtc(text: string): number {
  const time = Date.parse(`${text}Z`);
  return Number.isNaN(time) ? Date.parse(text) : time;
}
