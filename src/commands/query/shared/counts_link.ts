/** The same question as a report of insights, of the older endpoints that count events over time: for a link to it. */
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { writeBookmark } from "../../../reports/bookmark.ts";
import { checkReport } from "../../../reports/check.ts";
import type { Breakdown, InsightsReport, Measure, Metric } from "../../../reports/report.ts";
import { commonOf } from "./ask_flags.ts";
import { countedOf, propertyOf } from "./ask_values.ts";
import { printLink } from "./link.ts";

export interface Counts {
  events: readonly string[];
  measure: Measure;
  /** Expressions, of which a report can have those that are a property alone. */
  on?: string;
  /** The number that is split into ranges. */
  ranged?: string;
  where?: string;
  unit?: string;
  from_date?: string;
  to_date?: string;
}

/** @throws MpError (input) for what the web page has no place for. */
export async function printCountsLink(context: Context, counts: Counts): Promise<void> {
  const { each, ...common } = commonOf(counts, undefined);
  const { on, ranged } = counts;
  const split: Breakdown | undefined = ranged !== undefined
    ? { kind: "property", property: propertyOf(onlyProperty(ranged), "number") }
    : on === undefined
    ? undefined
    : { kind: "property", property: propertyOf(onlyProperty(on)) };
  const report: InsightsReport = {
    kind: "insights",
    ...common,
    ...(split !== undefined && { breakdowns: [split] }),
    metrics: counts.events.map((event): Metric => ({
      kind: "event",
      of: countedOf(event),
      measure: counts.measure,
      ...(each !== undefined && { filter: each }),
    })),
    unit: (counts.unit ?? "day") as InsightsReport["unit"],
    chart: "line",
    analysis: { kind: "linear" },
  };
  checkReport(report);
  await printLink(context, report.kind, writeBookmark(report));
}

/** What the older endpoints count of an event, in the words of reports. */
export function countingMeasure(type: string | undefined): Measure {
  if (type === "average") {
    throw inputError(
      "Cannot link to events per user: the web page counts them otherwise",
      "use --math general or unique",
      "bad_flags",
    );
  }
  return { math: type === "unique" ? "unique" : "total" };
}

/** A number of a property; an expression that calculates has no place in a report. */
export function propertyMeasure(math: "total" | "average", on: string): Measure {
  return { math, property: propertyOf(onlyProperty(on), "number") };
}

function onlyProperty(on: string): string {
  if (propertyOf(on).name !== on) return on;
  throw inputError(
    `Cannot link to ${JSON.stringify(on)}: a report on the web page takes a property, and no expression`,
    "name a property alone, or leave --link out",
    "bad_expression",
  );
}
