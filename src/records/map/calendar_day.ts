/** Days of the calendar. */

/** Midnight in UTC; undefined for a day that no calendar has, and before the year 100. */
export function dayMs(year: number, month: number, day: number): number | undefined {
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  // `Date.UTC` takes the years up to 99 for those of another century.
  if (year < 100) return undefined;
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : undefined;
}
