/** Metrics of insights as `POST /insights` is asked for them: counts, and numbers of properties. */
import { largest } from "../../analytics/ranking.ts";
import type { EventMetric, InsightsReport } from "../../reports/report.ts";
import { asAnswer } from "../../sandbox/query/bookmarks/answer.ts";
import { type Clause, clauseOf, clausesOf } from "../../sandbox/query/bookmarks/clause.ts";
import {
  insightsBuckets,
  insightsOf,
  isOverTime,
  type Line,
  metricLabel,
  type MetricSource,
} from "../../sandbox/query/bookmarks/insights.ts";
import type { MathName } from "../../sandbox/query/bookmarks/metrics.ts";
import { isFormula } from "../../sandbox/query/bookmarks/show.ts";
import { treeOf } from "../../sandbox/query/bookmarks/tree.ts";
import { notInSql, type SqlAsking, type SqlQuestion, type SqlRow, type SqlValue } from "../asking.ts";
import { chosenEvents, sqlEvents } from "../chosen_events.ts";
import { refuseJson } from "../property_columns.ts";
import { selectOf, type SqlPart, statementOf } from "../statement.ts";
import { sqlBuckets } from "../time_column.ts";
import { isNumeric } from "../typed_sql.ts";
import { daysAsked, quoted } from "../words.ts";
import { type AskedReport, type ReportSplit, ReportSql } from "./asked_report.ts";

const COVERED = "--math total, unique, total:P, average:P, min:P and max:P of events have a statement";

/** A metric in the statement. */
interface SqlMetric {
  /** As answers call it. */
  label: string;
  clause: Clause;
  metric: EventMetric;
  /** The names of its events, and which of them count; undefined: all. */
  names: readonly string[];
  condition?: string;
  counted: CountedValue;
}

export function insightsQuestion(asking: SqlAsking, asked: AskedReport<InsightsReport>): SqlQuestion {
  const { report, range, groups, headers, limit } = asked;
  const { unit } = range;
  if (unit === "hour_of_day" || unit === "day_of_week") throw notInSql("hours of the day and days of the week");
  const params = clauseOf(asking.fields.json("bookmark"), "bookmark");
  const display = clauseOf(params.displayOptions, "displayOptions");
  const sql = new ReportSql(asking);
  const splits = (report.breakdowns ?? []).map((breakdown, index) => sql.split(breakdown, groups[index]!));
  const clauses = clausesOf(clauseOf(params.sections, "sections").show, "sections.show");
  const metrics = metricsOf(asking, report, clauses, sql);
  const buckets = insightsBuckets(range, display);
  const chosen = chosenEvents(asking, {
    names: sql.namesOf(metrics.flatMap(({ names }) => names)),
    fromMs: buckets.startMs,
    toMs: buckets.endMs,
    columns: sql.expressions.properties.names,
    countsPeople: metrics.every(({ metric }) => metric.measure.math === "unique"),
  });
  const bucket = isOverTime(display) ? sqlBuckets(asking, { time: sqlEvents(asking).time, unit, buckets }) : undefined;
  const segments = splits.map((_, index) => `segment_${index + 1}`);
  const times = bucket === undefined ? [] : ["bucket"];
  const parts = metrics.map(({ condition, counted }, index): SqlPart => ({
    name: `looked_${index + 1}`,
    select: selectOf({
      columns: [
        ...splits.map(({ sql }, level) => `${sql} AS ${segments[level]}`),
        ...(bucket === undefined ? [] : [`${bucket.sql} AS bucket`]),
        `${counted.of} AS counted_value`,
      ],
      from: chosen.from,
      where: condition === undefined ? [] : [`(${condition})`],
    }),
  }));
  // The last level first: it says of which types the columns are.
  const levels = Array.from({ length: splits.length + 1 }, (_, index) => splits.length - index);
  const number = (value: string) => metrics.length > 1 ? asking.dialect.toNumber(value) : value;
  const selects = levels.flatMap((level) =>
    metrics.map(({ counted }, index) =>
      selectOf({
        columns: [
          `${index + 1} AS metric`,
          `${level} AS level`,
          ...segments.map((name, at) => at < level ? name : `NULL AS ${name}`),
          ...times,
          `${number(counted.value)} AS value`,
        ],
        from: parts[index]!.name,
        groupBy: [...segments.slice(0, level), ...times],
      })
    )
  );
  const columns = ["metric", "level", ...segments, ...times, "value"];
  const answer = (rows: readonly SqlRow[]) => {
    const positionOf = (row: SqlRow) => bucket === undefined ? 0 : bucket.positionOf(row[columns.length - 2]!);
    const keys = buckets.keys.length;
    const lines = metricLines(rows, { metrics, splits, positionOf, keys });
    const source: MetricSource = {
      clauses,
      headers,
      resolved: (clause) => clause,
      numbers(clause) {
        const index = metrics.findIndex((one) => one.clause === clause);
        const { label, counted } = metrics[index]!;
        return { name: label, ...treeOfLines(lines[index]!, { counted, keys, limit }) };
      },
    };
    return asAnswer(asking, range, insightsOf(source, params, range));
  };
  // What the answer would refuse is refused before anything is asked.
  answer([]);
  return {
    statement: statementOf({
      comment: [
        `${metrics.map(({ label }) => label).join("; ")}${headers.length === 0 ? "" : `, by ${headers.join(" and ")}`}`,
        ...words(asking, asked, metrics, bucket !== undefined),
        ...chosen.remarks,
        ...sql.expressions.properties.remarks,
      ],
      parts: [...chosen.parts, ...parts, { name: "counted", select: selects.join("\nUNION ALL\n") }],
      select: selectOf({
        columns: columns.map((column) => column === "bucket" ? `${bucket!.shown("bucket")} AS bucket` : column),
        from: "counted",
        orderBy: columns.slice(0, -1),
      }),
    }),
    columns,
    answer,
  };
}

function words(
  asking: SqlAsking,
  { report, range, headers }: AskedReport<InsightsReport>,
  metrics: readonly SqlMetric[],
  overTime: boolean,
) {
  const { fromDay, toDay, unit } = range;
  const days = unit === "hour_of_day" || unit === "day_of_week" || !overTime
    ? `${fromDay} to ${toDay}, by the clock of ${range.timeZone}`
    : daysAsked(asking, { fromDay, toDay, unit });
  return [
    days,
    ...(headers.length === 0 ? [] : ["Level 0 has all segments together, and each level those of one more property."]),
    ...metrics.flatMap(({ label, metric: { filter } }) =>
      filter?.where === undefined ? [] : [`${label} where ${filter.where}`]
    ),
    ...(report.filter?.where === undefined ? [] : [`All events where ${report.filter.where}`]),
  ];
}

/** The metrics that are events; formulas are made of their numbers. */
function metricsOf(
  asking: SqlAsking,
  report: InsightsReport,
  clauses: readonly Clause[],
  sql: ReportSql,
): SqlMetric[] {
  const metrics = report.metrics.flatMap((metric, index): SqlMetric[] => {
    const clause = clauses[index]!;
    if (
      metric.kind === "formula" && isFormula(clause) &&
      clausesOf(clause.referencedMetrics, "referencedMetrics").length === 0
    ) {
      return [];
    }
    if (metric.kind !== "event") throw notInSql("a metric that is no event", COVERED);
    const label = metricLabel(
      clauseOf(clause.behavior, "behavior"),
      metric.measure.math as MathName,
      clause.measurement,
    );
    return [{ label, clause, metric, ...eventsOfMetric(metric, report, sql), counted: countedBy(asking, metric, sql) }];
  });
  if (metrics.length === 0) throw notInSql("a report without an event", COVERED);
  return metrics;
}

/** Which events count. */
function eventsOfMetric({ of, filter }: EventMetric, report: InsightsReport, sql: ReportSql) {
  if (of.type === "event") return { names: [of.event], condition: sql.events(of.event, filter, report.filter) };
  if (of.type !== "events") throw notInSql("a custom event or a cohort", "name the events that count");
  const each = of.events.map((one) => sql.events(one.event, one.filter, filter, report.filter) ?? "1 = 1");
  return { names: of.events.map(({ event }) => event), condition: each.map((one) => `(${one})`).join(" OR ") };
}

/** What is made of the events. */
interface CountedValue {
  /** What is looked at of each event, as the column `counted_value`. */
  of: string;
  /** What those of a cell come to. */
  value: string;
  /** Whether segments that come to nothing are left out. */
  isCount: boolean;
  /** What nothing comes to. */
  empty: 0 | null;
}

function countedBy(asking: SqlAsking, { measure }: EventMetric, sql: ReportSql): CountedValue {
  const { dialect } = asking;
  const { math, property, perUser } = measure;
  if (perUser !== undefined) throw notInSql("a number of each user", COVERED);
  const { event, person } = sqlEvents(asking);
  if (property === undefined) {
    if (math === "total") return { of: event, value: "count(*)", isCount: true, empty: 0 };
    if (math === "unique") {
      return { of: person, value: dialect.countDistinct("counted_value"), isCount: true, empty: 0 };
    }
    throw notInSql(`--math ${math}`, COVERED);
  }
  const { type, sql: found } = sql.property(property);
  refuseJson({ type, sql: found }, `numbers of ${quoted(property.name)}`);
  const of = dialect.toNumber(isNumeric(type) || type === "unknown" ? found : "NULL");
  switch (math) {
    case "total":
      return { of, value: "sum(counted_value)", isCount: false, empty: 0 };
    case "average":
      return {
        of,
        value: dialect.quotient("sum(counted_value)", dialect.toNumber("count(counted_value)")),
        isCount: false,
        empty: null,
      };
    case "min":
    case "max":
      return { of, value: `${math}(counted_value)`, isCount: false, empty: null };
    default:
      throw notInSql(`--math ${math} of a property`, COVERED);
  }
}

/** Of each metric, for each level: values by bucket by the path of the segment. */
function metricLines(
  rows: readonly SqlRow[],
  { metrics, splits, positionOf, keys }: {
    metrics: readonly SqlMetric[];
    splits: readonly ReportSplit[];
    positionOf(row: SqlRow): number;
    keys: number;
  },
): Map<string, Line>[][] {
  const lines = metrics.map(() => Array.from({ length: splits.length + 1 }, () => new Map<string, Line>()));
  for (const row of rows) {
    const index = Number(row[0]) - 1, level = Number(row[1]), position = positionOf(row);
    if (position < 0) continue;
    const { empty } = metrics[index]!.counted;
    const path = JSON.stringify(splits.slice(0, level).map(({ keyOf }, at) => keyOf(row[at + 2]!)));
    const ofLevel = lines[index]![level]!;
    let line = ofLevel.get(path);
    if (line === undefined) ofLevel.set(path, line = new Array(keys).fill(empty));
    line[position] = numberOf(row.at(-1)!) ?? empty;
  }
  return lines;
}

/** The largest segments of a metric, below all levels above. */
function treeOfLines(
  levels: readonly Map<string, Line>[],
  { counted: { empty, isCount }, keys, limit }: { counted: CountedValue; keys: number; limit: number },
) {
  const overall = levels[0]!.get("[]") ?? new Array(keys).fill(empty);
  if (levels.length === 1) return { tree: treeOf(overall, new Map(), []), isCut: false };
  const deepest = levels.at(-1)!;
  const sizes = [...deepest].map(([path, line]): [string, number] => [path, sizeOf(line)])
    .filter(([, size]) => !isCount || size > 0);
  const kept = largest(sizes, limit);
  const segments = new Map(kept.map(([path]) => [path, deepest.get(path)!]));
  return { tree: treeOf(overall, segments, levels.slice(1, -1)), isCut: kept.length < sizes.length };
}

const numberOf = (value: SqlValue): number | null => value === null ? null : Number(value);

const sizeOf = (line: Line): number =>
  line.reduce<number>((sum, value) => sum + (typeof value === "number" ? value : 0), 0);
