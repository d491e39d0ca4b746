/** A funnel as `POST /insights` is asked for it. */
import { type FunnelStepResult, stepResults, type StepTotals } from "../../analytics/funnels/funnel.ts";
import { checkRules } from "../../analytics/funnels/funnel_rules.ts";
import { largest } from "../../analytics/ranking.ts";
import type { Buckets } from "../../analytics/time_buckets.ts";
import type { FunnelReport } from "../../reports/report.ts";
import { asAnswer } from "../../sandbox/query/bookmarks/answer.ts";
import { clausesOf } from "../../sandbox/query/bookmarks/clause.ts";
import { behaviorLabel } from "../../sandbox/query/bookmarks/events.ts";
import {
  checked,
  conversionWindowOf,
  countingOf,
  FUNNEL_TRENDS,
  funnelBuckets,
  funnelLabel,
  reentryOf,
  shownFunnel,
} from "../../sandbox/query/bookmarks/funnels.ts";
import { treeOf } from "../../sandbox/query/bookmarks/tree.ts";
import type { SqlAsking, SqlQuestion, SqlRow } from "../asking.ts";
import type { EngineName } from "../dialect.ts";
import { chosenEvents, sqlEvents } from "../chosen_events.ts";
import { refuseJson } from "../property_columns.ts";
import { statementOf } from "../statement.ts";
import { quoted } from "../words.ts";
import { type AskedReport, type ReportSplit, ReportSql } from "./asked_report.ts";
import { funnelParts } from "./funnel_parts.ts";
import type { SqlFunnel } from "./funnel_rules_sql.ts";
import { reportPeriods } from "./report_periods.ts";

export function funnelQuestion(asking: SqlAsking, asked: AskedReport<FunnelReport>): SqlQuestion {
  const { range, limit, headers, report, clause, behavior, groups } = asked;
  const isTrend = FUNNEL_TRENDS.has(asked.chart);
  const buckets = funnelBuckets(range, isTrend);
  const sql = new ReportSql(asking);
  const splits = (report.breakdowns ?? []).map((breakdown, index) => sql.split(breakdown, groups[index]!));
  const rules = rulesOf(asking, asked, sql, splits, buckets);
  const period = isTrend ? reportPeriods(asking, range, buckets) : undefined;
  const { parts, isRecursive, select, columns } = funnelParts(asking, rules.funnel, period);
  const labels = clausesOf(behavior.behaviors, "behaviors").map(behaviorLabel);
  const steps = labels.map((event) => ({ event }));
  const name = typeof clause.name === "string" && clause.name !== "" ? clause.name : funnelLabel({ steps });
  return {
    statement: statementOf({
      comment: [
        ...words(asked, labels),
        ...rules.remarks,
        ...(isRecursive ? [RECURSION[asking.dialect.name] ?? []].flat() : []),
        ...sql.expressions.properties.remarks,
      ],
      parts: [...rules.parts, ...parts],
      isRecursive,
      select,
    }),
    columns,
    answer(rows) {
      const read = new FunnelRows(
        columns,
        labels,
        splits,
        (value) => period === undefined ? 0 : period.positionOf(value!),
      );
      const found = read.tree(rows, buckets.keys.length, limit);
      return asAnswer(asking, range, shownFunnel(range, found, { name, headers, isTrend }));
    },
  };
}

function rulesOf(
  asking: SqlAsking,
  { report, behavior, measurement, range }: AskedReport<FunnelReport>,
  sql: ReportSql,
  splits: readonly ReportSplit[],
  { startMs, endMs }: Buckets,
) {
  const path = "sections.show[0].behavior";
  const counting = countingOf(measurement, "sections.show[0].measurement");
  const window = conversionWindowOf(behavior, counting, path);
  const holding = report.holdingConstant ?? [];
  const last = report.steps.length - 1;
  const between = (report.exclusions ?? []).map(({ event, from, to }) => ({
    event,
    after: Number.isNaN(from) ? 0 : from - 1,
    before: Number.isNaN(to) ? last : to - 1,
  }));
  checked(() =>
    checkRules({
      ...window,
      steps: report.steps,
      buckets: { startMs, endMs } as Buckets,
      exclusions: between,
      holding: holding.map(() => ({ bind: () => () => undefined })),
    })
  );
  const condition = (event: string, own?: FunnelReport["filter"]) => sql.events(event, own, report.filter);
  const held = holding.map((property) => {
    const value = sql.property(property);
    refuseJson(value, `${quoted(property.name)} to be held constant`);
    return value.type === "nothing" ? "NULL" : value.sql;
  });
  const steps = report.steps.map(({ event, filter }) => ({
    condition: condition(event, filter) ?? "1 = 1",
    inAnyOrder: report.order === "any",
  }));
  const exclusions = between.map(({ event, ...place }) => ({ condition: condition(event) ?? "1 = 1", ...place }));
  const { time, person, event, insertId } = sqlEvents(asking);
  const rules = {
    steps,
    exclusions,
    held,
    segments: splits.map((split) => split.sql),
    ...{ startMs, endMs, ...window, counting },
    reentersOptimally: reentryOf(behavior, path) === "optimized",
    sessions: { timeoutMs: 30 * 60_000, timeZone: range.timeZone },
  };
  const hasSessions = window.windowSessions !== undefined;
  const chosen = chosenEvents(asking, {
    names: hasSessions ? undefined : sql.namesOf([...report.steps, ...between].map((one) => one.event)),
    fromMs: startMs,
    toMs: endMs + window.windowMs + 1,
    columns: sql.expressions.properties.names,
  });
  const ties = [event, ...(insertId === undefined ? [] : [insertId])];
  const funnel: SqlFunnel = { ...rules, from: chosen.from, time, person, ties };
  return { funnel, parts: chosen.parts, remarks: chosen.remarks };
}

/** The rows of the statement as the numbers of a funnel. */
class FunnelRows {
  constructor(
    private readonly columns: readonly string[],
    private readonly labels: readonly string[],
    private readonly splits: readonly ReportSplit[],
    private readonly positionOf: (period: SqlRow[number] | undefined) => number,
  ) {}

  tree(rows: readonly SqlRow[], periods: number, limit: number) {
    const depth = this.splits.length;
    const levels = this.splits.map((_, level) => this.#byPath(rows, periods, level + 1));
    const overall = this.#byPath(rows, periods, 0).get("[]") ?? this.#none(periods);
    const shown = (numbers: StepTotals[][]): FunnelStepResult[][] => numbers.map(stepResults);
    const all = levels.map((level) => new Map([...level].map(([path, numbers]) => [path, shown(numbers)])));
    const deepest = levels[depth - 1] ?? new Map<string, StepTotals[][]>();
    const sizes = [...deepest].map(([path, numbers]): [string, number] => {
      return [path, numbers.reduce((sum, [first]) => sum + first!.count, 0)];
    });
    const kept = largest(sizes.filter(([, size]) => size > 0), Infinity);
    const segments = new Map(kept.slice(0, limit).map(([path]) => [path, all[depth - 1]!.get(path)!]));
    return { tree: treeOf(shown(overall), segments, all.slice(0, -1)), isCut: kept.length > limit };
  }

  /** By the keys of so many levels, and by period. */
  #byPath(rows: readonly SqlRow[], periods: number, level: number): Map<string, StepTotals[][]> {
    const found = new Map<string, StepTotals[][]>();
    const counts = this.columns.indexOf(`counts_${level}`);
    const number = (row: SqlRow, name: string) => Number(row[this.columns.indexOf(name)] ?? 0);
    for (const row of rows) {
      if (counts >= 0 && Number(row[counts]) !== 1) continue;
      const keys = this.splits.slice(0, level).map(({ keyOf }, index) => {
        return keyOf(row[this.columns.indexOf(`segment_${index + 1}`)]!);
      });
      const path = JSON.stringify(keys);
      const position = this.positionOf(row[this.columns.indexOf("period")]);
      if (position < 0) continue;
      let numbers = found.get(path);
      if (numbers === undefined) found.set(path, numbers = this.#none(periods));
      for (const [index, totals] of numbers[position]!.entries()) {
        const step = index + 1;
        totals.count += number(row, `step_${step}`);
        totals.sumMs += number(row, `ms_${index}_to_${step}`);
        totals.sumFromStartMs += number(row, `ms_1_to_${step}`);
      }
    }
    return found;
  }

  #none(periods: number): StepTotals[][] {
    return Array.from(
      { length: periods },
      () => this.labels.map((event) => ({ event, count: 0, sumMs: 0, sumFromStartMs: 0 })),
    );
  }
}

/** What an engine needs for a part that refers to itself. */
const RECURSION: Partial<Record<EngineName, string>> = {
  bigquery: "It fails where a person begins more than 500 times.",
  clickhouse: "It takes ClickHouse 24.4 or newer.",
  spark: "It takes Spark 4.1 or newer, or Databricks Runtime 17.",
};

const COUNTED = { uniques: "How many people", totals: "How often people", sessions: "In how many sessions people" };

/** The question as a sentence, or several. */
function words(
  { report, measurement, range, headers, chart }: AskedReport<FunnelReport>,
  labels: readonly string[],
): string[] {
  const { window, order, exclusions = [], holdingConstant = [], reentry } = report;
  const counting = countingOf(measurement, "");
  const filters = report.steps.map(({ filter }, index) => filter?.where && `${labels[index]} where ${filter.where}`);
  return [
    `${COUNTED[counting]} get from ${quoted(labels[0]!)} to ${labels.slice(1).map(quoted).join(", then ")}` +
    `${order === "any" ? " in any order" : ""}, within ${window.length} ${window.unit}${
      window.length === 1 ? "" : "s"
    }` +
    (headers.length === 0 ? "" : `, by ${headers.join(" and ")}`),
    `Who begins from ${range.fromDay} to ${range.toDay}${
      FUNNEL_TRENDS.has(chart) ? ` by ${range.unit.replaceAll("_", " ")}` : ""
    }, by the clock of ${range.timeZone}`,
    ...filters.filter((filter) => filter !== undefined),
    ...(report.filter?.where === undefined ? [] : [`All events where ${report.filter.where}`]),
    ...exclusions.map(({ event, from, to }) => `Without who did ${quoted(event)} between the steps ${from} and ${to}`),
    ...(holdingConstant.length === 0
      ? []
      : [`With the same ${holdingConstant.map(({ name }) => name).join(" and ")} in all steps`]),
    ...(reentry === "optimized" ? ["Of several beginnings the one that gets furthest counts."] : []),
    "Events up to 2 seconds apart count as simultaneous.",
  ];
}
