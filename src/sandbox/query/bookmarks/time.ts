/** `sections.time` of a bookmark: which days, and what they are cut into. (facts 2.4) */
import { dayAt } from "../../../analytics/calendar.ts";
import { type Buckets, clockBuckets, spanOfTime, timeBuckets } from "../../../analytics/time_buckets.ts";
import { Refusal } from "../../refusal.ts";
import { boundsOf, dayOf, type Days } from "../days.ts";
import { type ReportCall, reportClock } from "../report.ts";
import { type Clause, clauseOf, clausesOf, listOf, numberIn, textAt, wordOf } from "./clause.ts";

const UNITS = ["minute", "hour", "day", "week", "month", "quarter", "year", "hour_of_day", "day_of_week"] as const;
type RangeUnit = typeof UNITS[number];

const WINDOWS = {
  minute: { minutes: 1 },
  hour: { hours: 1 },
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
};
type WindowUnit = keyof typeof WINDOWS;
export const WINDOW_UNITS = Object.keys(WINDOWS) as WindowUnit[];

export interface TimeRange extends Days {
  unit: RangeUnit;
  /** The zone whose clock cuts stored times into days. */
  timeZone: string;
  /** The zone that answers' dates are in: the project's. */
  shownZone: string;
  /** Milliseconds since 1970, as times are stored. */
  nowMs: number;
}

/** @throws Refusal 400 for anything but one range of days that exist. */
export function timeRangeOf(call: ReportCall, value: unknown): TimeRange {
  const entries = clausesOf(value, "sections.time");
  if (entries.length !== 1) throw new Refusal(400, "Invalid params: sections.time must have exactly one entry");
  const [entry] = entries as [Clause];
  const unit = wordOf(entry.unit, UNITS, "sections.time[0].unit") ?? "day";
  return { ...rangeOfDays(call, daysOf(call, entry)), unit };
}

/** A range in days. */
export function rangeOfDays(call: ReportCall, days: Days): TimeRange {
  return { ...days, ...reportClock(call), shownZone: call.project.timeZone, unit: "day" };
}

function daysOf(call: ReportCall, entry: Clause): Days {
  const type = wordOf(
    entry.dateRangeType ?? "between",
    ["between", "in the last", "since", "on", "relative_after"],
    "sections.time[0].dateRangeType",
  );
  const { nowMs, timeZone } = reportClock(call);
  const toDay = dayAt(nowMs, timeZone).toString();
  switch (type) {
    case "in the last":
      return daysUntilNow(call, clauseOf(entry.window, "sections.time[0].window"));
    case "since":
      return ordered({ fromDay: dayOfValue(entry.value, 0), toDay });
    case "on":
      return ordered({ fromDay: dayOfValue(entry.value, 0), toDay: dayOfValue(entry.value, 0) });
    case "relative_after": {
      const fromDay = dayOfValue(entry.value, 0);
      const { unit, value } = windowOf(clauseOf(entry.window, "sections.time[0].window"), "sections.time[0].window");
      const end = Temporal.PlainDate.from(fromDay).add(times(unit, value));
      return ordered({ fromDay, toDay: Temporal.PlainDate.compare(end, toDay) > 0 ? toDay : end.toString() });
    }
    default:
      return ordered({ fromDay: dayOfValue(entry.value, 0), toDay: dayOfValue(entry.value, 1) });
  }
}

/** The days of a window that ends now. A window of hours or minutes has whole days, too: those that it touches. */
export function daysUntilNow(call: ReportCall, window: Clause): Days {
  const { unit, value } = windowOf(window, "window");
  const { nowMs, timeZone } = reportClock(call);
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  const toDay = now.toPlainDate();
  if (unit === "hour" || unit === "minute") {
    return { fromDay: now.subtract(times(unit, value)).toPlainDate().toString(), toDay: toDay.toString() };
  }
  return { fromDay: toDay.subtract(times(unit, value)).add({ days: 1 }).toString(), toDay: toDay.toString() };
}

function windowOf(window: Clause, path: string): { unit: WindowUnit; value: number } {
  const unit = wordOf(window.unit, WINDOW_UNITS, `${path}.unit`) ?? "day";
  const value = numberIn(window.value, `${path}.value`);
  if (value === undefined || !Number.isSafeInteger(value) || value < 1) {
    throw new Refusal(400, `Invalid params: ${path}.value must be a whole number above 0`);
  }
  return { unit, value };
}

/** So many units, as a length of time. */
export function times(unit: WindowUnit, count: number): Temporal.DurationLike {
  return Object.fromEntries(Object.entries(WINDOWS[unit]).map(([name, length]) => [name, length * count]));
}

function dayOfValue(value: unknown, index: number): string {
  const one = typeof value === "string" ? value : listOf(value, "sections.time[0].value")[index];
  const text = textAt(one, "sections.time[0].value");
  if (text === undefined) throw new Refusal(400, "Invalid params: sections.time[0].value lacks a date");
  return dayOf(text.slice(0, 10), "sections.time[0].value");
}

function ordered(days: Days): Days {
  if (days.fromDay > days.toDay) throw new Refusal(400, "to_date cannot be before from_date");
  return days;
}

/** What a range is cut into by its unit. */
export function bucketsOfRange(range: TimeRange): Buckets {
  const { unit } = range;
  if (unit === "hour_of_day" || unit === "day_of_week") return clockBuckets({ ...range, by: unit });
  return timeBuckets({ ...range, unit });
}

/** All of a range as one bucket. */
export function wholeRange(range: TimeRange): Buckets {
  const { fromMs, toMs } = boundsOf(range, range.timeZone);
  return spanOfTime(fromMs, toMs);
}

/** The key of a bucket as answers have it: `2026-04-01T00:00:00-07:00`; hours of the day and weekdays as they are. */
export function shownKey(key: string, { shownZone, unit }: TimeRange): string {
  if (unit === "hour_of_day" || unit === "day_of_week") return key;
  const moment = Temporal.PlainDateTime.from(key.replace(" ", "T")).toZonedDateTime(shownZone);
  return moment.toString({ timeZoneName: "never" });
}

/** `date_range` of an answer. */
export function dateRange({ fromDay, toDay, shownZone }: TimeRange): { from_date: string; to_date: string } {
  const start = (day: string) => Temporal.PlainDate.from(day).toZonedDateTime(shownZone);
  const end = start(toDay).add({ days: 1 }).subtract({ seconds: 1 });
  return {
    from_date: start(fromDay).toString({ timeZoneName: "never" }),
    to_date: end.toString({ timeZoneName: "never" }),
  };
}

/** The same range, earlier: `relative` by a unit, or as many days from or up to a day. (facts 2.10) */
export function earlierRange(range: TimeRange, comparison: Clause): TimeRange {
  const type = wordOf(comparison.type, ["relative", "absolute-start", "absolute-end"], "timeComparison.type");
  const first = Temporal.PlainDate.from(range.fromDay);
  const last = Temporal.PlainDate.from(range.toDay);
  if (type === undefined || type === "relative") {
    const unit = wordOf(comparison.value ?? comparison.unit, WINDOW_UNITS, "timeComparison.value") ?? "week";
    const step = times(unit, 1);
    return { ...range, fromDay: first.subtract(step).toString(), toDay: last.subtract(step).toString() };
  }
  const day = Temporal.PlainDate.from(
    dayOf(textAt(comparison.value, "timeComparison.value") ?? "", "timeComparison.value"),
  );
  const length = first.until(last);
  const fromDay = type === "absolute-start" ? day : day.subtract(length);
  return { ...range, fromDay: fromDay.toString(), toDay: fromDay.add(length).toString() };
}
