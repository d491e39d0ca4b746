/** Reports as people save them, and their numbers. */
import { funnel, type FunnelStepResult } from "../../analytics/funnels/funnel.ts";
import { retention, type RetentionRow } from "../../analytics/retention.ts";
import { averageRetention, completeIntervals } from "../../analytics/retention_average.ts";
import { segmentation } from "../../analytics/segmentation.ts";
import { type Buckets, timeBuckets } from "../../analytics/time_buckets.ts";
import type { SandboxCall } from "../call.ts";
import { Refusal } from "../refusal.ts";
import type { Days } from "./days.ts";
import { rowFilter, rowValue } from "./expressions.ts";
import { FUNNEL, type SavedFunnel, savedWindowMs, stepsOf } from "./funnels.ts";
import { eventViewOf, reportClock } from "./report.ts";

const DAY_MS = 86_400_000;

/** The kind of saved objects that reports are. */
export const REPORT = "report";

/** A report as it is saved, under its id. */
export type SavedReport =
  & {
    name: string;
    /** How many days it covers, today included. */
    days: number;
  }
  & (
    | {
      type: "insights";
      events: string[];
      unit: "day" | "week" | "month";
      /** What it is split by: an expression. */
      on?: string;
      where?: string;
      /** Counts users instead of events. */
      unique?: boolean;
    }
    | { type: "funnels"; funnelId: number }
    | { type: "retention"; bornEvent: string; event?: string; unit: "day" | "week"; intervalCount: number }
  );

/** `series` of the answer, and what the levels of its keys are. */
interface ReportNumbers {
  headers: string[];
  series: Record<string, unknown>;
}

/** The report's numbers. Throws Refusal 404 when it is of a funnel that is gone. */
export function computeReport(call: SandboxCall, report: SavedReport, days: Days): ReportNumbers {
  switch (report.type) {
    case "insights":
      return insights(call, report, days);
    case "funnels":
      return funnelReport(call, report.funnelId, days);
    case "retention":
      return retentionReport(call, report, days);
  }
}

/** Counts over time by event, or by event and segment; with the zone's offset in the dates, as the UI has them. */
function insights(call: SandboxCall, report: SavedReport & { type: "insights" }, days: Days): ReportNumbers {
  const view = eventViewOf(call);
  const { timeZone } = reportClock(call);
  const buckets = timeBuckets({ ...days, unit: report.unit, timeZone });
  const type = report.unique ? "unique" : "general";
  const where = report.where === undefined ? undefined : rowFilter(call, view, report.where);
  const on = report.on === undefined ? undefined : rowValue(call, view, report.on);
  const series = Object.fromEntries(report.events.map((event) => {
    const count = (split: typeof on) => segmentation(view, { event, buckets, type, on: split, where }).values;
    const whole = datedValues(count(undefined)[event]!, timeZone);
    if (on === undefined) return [event, whole];
    const segments = Object.entries(count(on)).map(([segment, numbers]) => [segment, datedValues(numbers, timeZone)]);
    return [event, Object.fromEntries([["$overall", whole], ...segments])];
  }));
  return { headers: ["$event", ...(on === undefined ? [] : [...on.properties])], series };
}

function datedValues(numbers: Record<string, number>, timeZone: string): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([day, count]) => [startOf(day, timeZone), count]));
}

/** `2026-08-31T00:00:00-07:00`: a day's first moment in its zone. */
export function startOf(day: string, timeZone: string): string {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toString({ timeZoneName: "never" });
}

function funnelReport(call: SandboxCall, id: number, days: Days): ReportNumbers {
  const saved = call.store.savedObjects.get<SavedFunnel>(call.project.id, FUNNEL, id);
  if (saved === undefined) throw new Refusal(404, `Funnel ${id} not found`);
  const buckets = wholeRange(days, reportClock(call).timeZone);
  const windowMs = savedWindowMs(saved);
  const [period] = Object.values(funnel(eventViewOf(call), { steps: stepsOf(call, saved), buckets, windowMs }));
  const results = period!.steps;
  const byStep = (value: (step: FunnelStepResult) => number | null) =>
    Object.fromEntries(results.map((step, index) => [`${index + 1}. ${step.event}`, { all: value(step) }]));
  return {
    headers: ["$funnel"],
    series: {
      [`${results[0]!.event} through ${results[results.length - 1]!.event}`]: {
        count: byStep(({ count }) => count),
        step_conv_ratio: byStep(({ step_conv_ratio }) => step_conv_ratio),
        overall_conv_ratio: byStep(({ overall_conv_ratio }) => overall_conv_ratio),
        avg_time: byStep(({ avg_time }) => avg_time),
        avg_time_from_start: byStep(({ avg_time_from_start }) => avg_time_from_start),
      },
    },
  };
}

function retentionReport(call: SandboxCall, report: SavedReport & { type: "retention" }, days: Days): ReportNumbers {
  const { bornEvent, event, unit, intervalCount } = report;
  const { nowMs, timeZone } = reportClock(call);
  const buckets = timeBuckets({ ...days, unit, timeZone });
  const intervalMs = unit === "week" ? 7 * DAY_MS : DAY_MS;
  const rows = retention(eventViewOf(call), {
    kind: "birth",
    bornEvent,
    event,
    buckets,
    intervalMs,
    intervalCount,
  });
  const withRates = Object.entries(rows).map(([date, row]) => [date, { ...row, rates: ratesOf(row) }]);
  const isComplete = completeIntervals(buckets, { nowMs, intervalMs, timeZone });
  return {
    headers: ["$retention"],
    series: {
      [`${bornEvent} and then ${event ?? "any event"}`]: {
        ...Object.fromEntries(withRates),
        $average: averageRetention(Object.values(rows), isComplete),
      },
    },
  };
}

function ratesOf({ counts, first }: RetentionRow): number[] {
  return counts.map((count) => first === 0 ? 0 : count / first);
}

/** One bucket of all days. */
function wholeRange(days: Days, timeZone: string): Buckets {
  const length = Temporal.PlainDate.from(days.fromDay).until(days.toDay).days + 1;
  return timeBuckets({ ...days, unit: "day", interval: length, timeZone });
}
