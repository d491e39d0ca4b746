/** Days in a time zone. */

/** The day that it is: `2026-11-23`. */
export function today(nowMs: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** The first millisecond of the day that comes `daysLater` than `day`. */
export function startOfDay(day: string, daysLater: number, timeZone: string): number {
  return Temporal.PlainDate.from(day).add({ days: daysLater }).toZonedDateTime(timeZone).epochMilliseconds;
}
