/** Days of a request. */
import { dayAt, startOfDayMs } from "../../analytics/calendar.ts";
import { isoDay } from "../../streams/iso_time.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";

export interface Days {
  fromDay: string;
  toDay: string;
}

/** The required range of days. Throws Refusal 400 when one is missing, is no day, or comes before the other. */
export function requiredDays(fields: Fields): Days {
  const days = {
    fromDay: dayOf(fields.requiredText("from_date"), "from_date"),
    toDay: dayOf(fields.requiredText("to_date"), "to_date"),
  };
  if (days.fromDay > days.toDay) throw new Refusal(400, "to_date cannot be before from_date");
  return days;
}

/** The range of days, if the request has one. */
export function optionalDays(fields: Fields): Days | undefined {
  const hasDays = fields.text("from_date") !== undefined || fields.text("to_date") !== undefined;
  return hasDays ? requiredDays(fields) : undefined;
}

/** Milliseconds of a range's first moment, and of the first one after it. */
export function boundsOf({ fromDay, toDay }: Days, timeZone: string): { fromMs: number; toMs: number } {
  const lastDay = Temporal.PlainDate.from(toDay);
  return {
    fromMs: startOfDayMs(Temporal.PlainDate.from(fromDay), timeZone),
    toMs: startOfDayMs(lastDay.add({ days: 1 }), timeZone),
  };
}

/** Mixpanel keeps no events of days to come, and says so instead of answering with none. */
export function refuseFuture({ toDay }: Days, nowMs: number, timeZone: string): void {
  if (toDay > dayAt(nowMs, timeZone).toString()) throw new Refusal(400, "to_date cannot be later than today");
}

/** A day such as `2026-08-01`. Throws Refusal 400 that has the parameter's name for anything else. */
export function dayOf(text: string, name: string): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  const date = match && new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  if (!date || isoDay(date.getTime()) !== text) throw new Refusal(400, `Error in ${name}: invalid date`);
  if (date.getUTCFullYear() < 2000) throw new Refusal(400, `Error in ${name}: invalid date, bad year`);
  return text;
}
