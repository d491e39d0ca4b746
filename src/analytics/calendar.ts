/** Days in a time zone. */

export function dayAt(timeMs: number, timeZone: string): Temporal.PlainDate {
  if (timeZone === "UTC") return Temporal.PlainDate.from(new Date(timeMs).toISOString().slice(0, -14));
  return Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** The first millisecond of a day, which a clock change may put at another hour than midnight. */
export function startOfDayMs(day: Temporal.PlainDate, timeZone: string): number {
  // The rules of time zones take milliseconds to load.
  if (timeZone === "UTC") return Date.parse(`${day}T00:00:00Z`);
  return day.toZonedDateTime(timeZone).epochMilliseconds;
}
