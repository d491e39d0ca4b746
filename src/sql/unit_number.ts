/** Days, weeks and months of the calendar as whole numbers, one after another. */
import type { SqlOptions } from "./asking.ts";
import type { SqlTime } from "./dialect.ts";

export type CalendarUnit = "day" | "week" | "month";

/** The number of the unit that a moment is in, by the clock of the project's zone: see {@linkcode unitNumberOf}. */
export function unitNumber({ dialect, timeZone }: SqlOptions, time: SqlTime, unit: CalendarUnit): string {
  const first = dialect.truncated(dialect.localTime(time, timeZone), unit);
  if (unit === "month") {
    const part = (from: number, length: number) =>
      dialect.parsedNumber(`substr(${dialect.dayText(first)}, ${from}, ${length})`);
    return `(${part(1, 4)} * 12 + ${part(6, 2)})`;
  }
  const day = dialect.dayNumber(first);
  return unit === "day" ? day : dialect.floor(dialect.quotient(dialect.toNumber(`${day} + 3`), "7"));
}

/** The number of the unit that a day is in. */
export function unitNumberOf(day: Temporal.PlainDate, unit: CalendarUnit): number {
  if (unit === "month") return day.year * 12 + day.month;
  const number = Date.parse(day.toString()) / 86_400_000;
  // 1970 began on a Thursday, and weeks begin on Monday.
  return unit === "day" ? number : Math.floor((number + 3) / 7);
}
