const DAY_MS = 86_400_000;
/** Up to how many days of a range each unit gives a picture that can be read. */
const LONGEST_RANGE = { day: 14, week: 112 };

/** The days of a range, both ends included. */
export function daysOfRange(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** The unit of retention that suits a range. */
export function suitedUnit(from: string, to: string): "day" | "week" | "month" {
  const days = daysOfRange(from, to);
  return days <= LONGEST_RANGE.day ? "day" : days <= LONGEST_RANGE.week ? "week" : "month";
}
