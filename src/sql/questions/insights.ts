/** One metric of insights as `POST /insights` is asked for it: a count, or a number of a property. */
import { largest } from "../../analytics/ranking.ts";
import type { EventMetric, InsightsReport } from "../../reports/report.ts";
import { asAnswer } from "../../sandbox/query/bookmarks/answer.ts";
import { clauseOf } from "../../sandbox/query/bookmarks/clause.ts";
import { analysed, isOverTime, type Line, metricLabel, shownLine } from "../../sandbox/query/bookmarks/insights.ts";
import type { MathName } from "../../sandbox/query/bookmarks/metrics.ts";
import { bucketsOfRange, wholeRange } from "../../sandbox/query/bookmarks/time.ts";
import { shown, treeOf } from "../../sandbox/query/bookmarks/tree.ts";
import { notInSql, type SqlAsking, type SqlQuestion, type SqlRow, type SqlValue } from "../asking.ts";
import { chosenEvents, sqlEvents } from "../chosen_events.ts";
import { refuseJson } from "../property_columns.ts";
import { selectOf, statementOf } from "../statement.ts";
import { sqlBuckets } from "../time_column.ts";
import { isNumeric } from "../typed_sql.ts";
import { daysAsked, quoted } from "../words.ts";
import { type AskedReport, type ReportSplit, ReportSql } from "./asked_report.ts";

const COVERED = "--math total, unique, total:P, average:P, min:P and max:P of one --event have a statement";

export function insightsQuestion(asking: SqlAsking, asked: AskedReport<InsightsReport>): SqlQuestion {
  const { fields } = asking;
  const { report, range, clause, behavior, measurement, groups, headers, limit } = asked;
  const metric = onlyMetric(report);
  const { unit } = range;
  if (unit === "hour_of_day" || unit === "day_of_week") throw notInSql("hours of the day and days of the week");
  const sql = new ReportSql(asking);
  const splits = (report.breakdowns ?? []).map((breakdown, index) => sql.split(breakdown, groups[index]!));
  const counted = countedBy(asking, metric, sql);
  const { names, condition } = eventsOfMetric(metric, report, sql);
  const display = clauseOf(clauseOf(fields.json("bookmark"), "bookmark").displayOptions, "displayOptions");
  const overTime = isOverTime(display);
  const buckets = overTime ? bucketsOfRange(range) : wholeRange(range);
  const chosen = chosenEvents(asking, {
    names: sql.namesOf(names),
    fromMs: buckets.startMs,
    toMs: buckets.endMs,
    columns: sql.expressions.properties.names,
    countsPeople: metric.measure.math === "unique",
  });
  const bucket = overTime ? sqlBuckets(asking, { time: sqlEvents(asking).time, unit, buckets }) : undefined;
  const segments = splits.map((_, index) => `segment_${index + 1}`);
  const times = bucket === undefined ? [] : ["bucket"];
  const looked = {
    name: "looked",
    select: selectOf({
      columns: [
        ...splits.map(({ sql }, index) => `${sql} AS ${segments[index]}`),
        ...(bucket === undefined ? [] : [`${bucket.sql} AS bucket`]),
        `${counted.of} AS counted_value`,
      ],
      from: chosen.from,
      where: condition === undefined ? [] : [`(${condition})`],
    }),
  };
  // The last level first: it says of which types the columns are.
  const levels = Array.from({ length: splits.length + 1 }, (_, index) => splits.length - index);
  const selects = levels.map((level) =>
    selectOf({
      columns: [
        `${level} AS level`,
        ...segments.map((name, index) => index < level ? name : `NULL AS ${name}`),
        ...times,
        `${counted.value} AS value`,
      ],
      from: looked.name,
      groupBy: [...segments.slice(0, level), ...times],
    })
  );
  const columns = ["level", ...segments, ...times, "value"];
  const label = metricLabel(behavior, metric.measure.math as MathName, measurement);
  const name = typeof clause.name === "string" && clause.name !== "" ? clause.name : label;
  return {
    statement: statementOf({
      comment: [
        `${label}${headers.length === 0 ? "" : `, by ${headers.join(" and ")}`}, and all levels above`,
        overTime
          ? daysAsked(asking, { ...range, unit })
          : `${range.fromDay} to ${range.toDay}, by the clock of ${range.timeZone}`,
        ...[metric.filter, report.filter].flatMap((one) => one?.where === undefined ? [] : [`Where ${one.where}`]),
        ...chosen.remarks,
        ...sql.expressions.properties.remarks,
      ],
      parts: [...chosen.parts, looked, { name: "counted", select: selects.join("\nUNION ALL\n") }],
      select: selectOf({
        columns: columns.map((column) => column === "bucket" ? `${bucket!.shown("bucket")} AS bucket` : column),
        from: "counted",
        orderBy: columns.slice(0, -1),
      }),
    }),
    columns,
    answer(rows) {
      const positionOf = (row: SqlRow) => bucket === undefined ? 0 : bucket.positionOf(row[columns.length - 2]!);
      const { empty } = counted;
      const emptyLine = () => buckets.keys.map((): unknown => empty);
      const lines = levelLines(rows, splits, { positionOf, empty, emptyLine });
      const deepest = lines[splits.length]!;
      const sizes = [...deepest].map(([path, line]): [string, number] => [path, sizeOf(line)])
        .filter(([, size]) => !counted.isCount || size > 0);
      const kept = splits.length === 0 ? [] : largest(sizes, limit);
      const kinds = new Map(kept.map(([path]) => [path, deepest.get(path)!]));
      const tree = analysed(
        treeOf(lines[0]!.get("[]") ?? emptyLine(), kinds, lines.slice(1, -1)),
        display,
        measurement,
      );
      return asAnswer(asking, range, {
        headers: ["$metric", ...headers],
        series: {
          [name]: shown(tree, (line) => shownLine(line, range, overTime ? buckets : undefined), splits.length),
        },
        isCut: splits.length > 0 && kept.length < sizes.length,
        metricKeys: [name],
        subQueries: 1,
      });
    },
  };
}

function onlyMetric({ metrics }: InsightsReport): EventMetric {
  const [metric, ...others] = metrics;
  if (others.length > 0) throw notInSql("several metrics", "ask for each by itself");
  if (metric?.kind !== "event" || metric.of.type === "custom_event" || metric.of.type === "cohort") {
    throw notInSql("a metric that is no event", COVERED);
  }
  return metric;
}

/** Which events count. */
function eventsOfMetric({ of, filter }: EventMetric, report: InsightsReport, sql: ReportSql) {
  if (of.type === "event") return { names: [of.event], condition: sql.events(of.event, filter, report.filter) };
  if (of.type !== "events") throw notInSql("a metric that is no event", COVERED);
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

/** For each level, values by bucket by the path of the segment. */
function levelLines(
  rows: readonly SqlRow[],
  splits: readonly ReportSplit[],
  { positionOf, empty, emptyLine }: { positionOf(row: SqlRow): number; empty: 0 | null; emptyLine(): Line },
): Map<string, Line>[] {
  const levels = Array.from({ length: splits.length + 1 }, () => new Map<string, Line>());
  for (const row of rows) {
    const level = Number(row[0]), position = positionOf(row);
    if (position < 0) continue;
    const path = JSON.stringify(splits.slice(0, level).map(({ keyOf }, index) => keyOf(row[index + 1]!)));
    let line = levels[level]!.get(path);
    if (line === undefined) levels[level]!.set(path, line = emptyLine());
    line[position] = numberOf(row.at(-1)!) ?? empty;
  }
  return levels;
}

const numberOf = (value: SqlValue): number | null => value === null ? null : Number(value);

const sizeOf = (line: Line): number =>
  line.reduce<number>((sum, value) => sum + (typeof value === "number" ? value : 0), 0);
