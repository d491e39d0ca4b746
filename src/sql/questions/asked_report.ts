/** A report as `POST /insights` is asked for it: read by `src/reports`, and refused where SQL would leave something out. */
import { readBookmark } from "../../reports/bookmark.ts";
import type { Breakdown, Conditions, PropertyRef, SectionsReport } from "../../reports/report.ts";
import { testsOfExpression } from "../../reports/tests_of_expression.ts";
import { type Clause, clauseOf, clausesOf } from "../../sandbox/query/bookmarks/clause.ts";
import { ANY_EVENT } from "../../sandbox/query/bookmarks/event_names.ts";
import { groupClauses, headerOf, numberRanges, rangeName } from "../../sandbox/query/bookmarks/groups.ts";
import { checkKeys } from "../../sandbox/query/bookmarks/known_keys.ts";
import { type TimeRange, timeRangeOf } from "../../sandbox/query/bookmarks/time.ts";
import { segmentLimitOf } from "../../sandbox/query/insights.ts";
import { notInSql, type SqlAsking, type SqlValue } from "../asking.ts";
import { sqlEvents } from "../chosen_events.ts";
import { SqlExpressions } from "../expression_sql.ts";
import { refuseJson } from "../property_columns.ts";
import { segmentsOf } from "../segments.ts";
import type { TypedSql } from "../typed_sql.ts";
import { quoted } from "../words.ts";

export interface AskedReport<R extends SectionsReport = SectionsReport> {
  report: R;
  /** Its one clause of `sections.show`, with the behavior and the measurement of it. */
  clause: Clause;
  behavior: Clause;
  measurement: Clause;
  range: TimeRange;
  /** The most segments that an answer tells. */
  limit: number;
  chart: string;
  /** What answers call the levels of the split. */
  headers: readonly string[];
  groups: readonly Clause[];
}

/** @throws Refusal for params of another form; MpError (input) for what has no statement */
export function readAskedReport(asking: SqlAsking): AskedReport {
  const { fields, timeZone, nowMs } = asking;
  if (fields.choice("format", ["json", "csv"]) === "csv") throw notInSql("the server's own CSV");
  const params = clauseOf(fields.json("bookmark"), "bookmark");
  checkKeys(params);
  const sections = clauseOf(params.sections, "sections");
  const range = timeRangeOf({ nowMs, project: { timeZone, storesLocalTime: false } }, sections.time);
  const report = readBookmark(params);
  if (report === undefined) throw notInSql("a report of this form");
  refuseUnread(report);
  const [clause] = clausesOf(sections.show, "sections.show") as [Clause];
  const groups = groupClauses(sections.group);
  return {
    report,
    clause,
    behavior: clauseOf(clause.behavior ?? {}, "sections.show[0].behavior"),
    measurement: clauseOf(clause.measurement ?? {}, "sections.show[0].measurement"),
    range,
    limit: segmentLimitOf(fields),
    chart: report.chart,
    headers: groups.map(headerOf),
    groups,
  };
}

/** What is said in a report and not read from it would be left out of the statement. */
function refuseUnread({ comparison, raw = {} }: SectionsReport): void {
  if (comparison !== undefined) {
    throw notInSql("a comparison with an earlier time", "ask for the earlier days by themselves");
  }
  const { sections, clause = {}, behavior, measurement, clauses } = raw;
  const { name: _, ...ofClause } = clause;
  const [key] = Object.keys({ ...sections, ...ofClause, ...behavior, ...measurement });
  if (clauses !== undefined) throw notInSql("several metrics in one report");
  if (key !== undefined) throw notInSql(`${quoted(key)} of a report`);
}

/** Conditions, properties and splits of a report as expressions. */
export class ReportSql {
  readonly expressions: SqlExpressions;

  constructor(private readonly asking: SqlAsking) {
    this.expressions = new SqlExpressions(asking);
  }

  /** Events of a name that meet all of the conditions. Undefined: every event. */
  events(name: string, ...conditions: readonly (Conditions | undefined)[]): string | undefined {
    if (name.startsWith("$custom_event:")) throw notInSql("a custom event", "name the events that it stands for");
    const { event } = sqlEvents(this.asking);
    const all = [
      ...(ANY_EVENT.has(name) ? [] : [`${event} = ${this.asking.dialect.text(name)}`]),
      ...conditions.flatMap((one) => one === undefined ? [] : [this.#conditions(one)]),
    ];
    return all.length === 0 ? undefined : all.join(" AND ");
  }

  /** The names of events; undefined where one stands for all events. */
  namesOf(events: readonly string[]): string[] | undefined {
    return events.some((event) => ANY_EVENT.has(event)) ? undefined : [...new Set(events)];
  }

  #conditions({ where, cohorts = [], raw = [] }: Conditions): string {
    if (cohorts.length > 0) throw notInSql("a cohort", "the table has events, and no profiles");
    if (raw.length > 0) throw notInSql(`the filter ${JSON.stringify(raw[0])}`);
    if (where === undefined) return "1 = 1";
    for (const test of testsOfExpression(where).tests) {
      if (EVENT_NAMES.has(test.property.name)) {
        throw notInSql(`a filter on ${test.property.name}`, "name the events themselves");
      }
      const isOfText = test.is === "one_of" || test.is === "none_of" || test.is === "with" || test.is === "without";
      if (test.property.source === "people" || !isOfText) continue;
      refuseAsText(this.property({ name: test.property.name, source: "events", type: "string" }), test.property.name);
    }
    return this.expressions.filter(where);
  }

  property({ name, source, customPropertyId }: PropertyRef): TypedSql {
    if (customPropertyId !== undefined) throw notInSql("a custom property");
    if (source === "people") throw notInSql(`user[${quoted(name)}]`, "the table has events, and no profiles");
    if (EVENT_NAMES.has(name)) return { sql: sqlEvents(this.asking).event, type: "text", isSure: true };
    return this.expressions.value({ kind: "reference", source: "properties", name, start: 0, end: 0 });
  }

  /** What a report is split by. */
  split(breakdown: Breakdown, group: Clause): ReportSplit {
    if (breakdown.kind === "cohort") throw notInSql("a split by cohort", "the table has events, and no profiles");
    if (breakdown.kind === "raw") throw notInSql(`the split ${JSON.stringify(breakdown.clause)}`);
    const { property, buckets } = breakdown;
    const value = this.property(property);
    refuseJson(value, `a split by ${quoted(property.name)}`);
    if (property.name === "$time") throw notInSql("a split by $time", "--unit splits by days");
    if (buckets !== undefined) return this.#ranges(value, clauseOf(group.customBucket, "customBucket"));
    const { dialect } = this.asking;
    const { sql, keysOf } = segmentsOf(value, dialect);
    if (sql === undefined) return this.#missing;
    const hasFractions = value.type === "number" || value.type === "unknown";
    return {
      sql: hasFractions && !dialect.partitionsByFractions ? dialect.toText(sql) : sql,
      keyOf: (segment) => keysOf(segment)[0]!,
    };
  }

  #ranges({ sql, type }: TypedSql, bucket: Clause): ReportSplit {
    const ranges = numberRanges(bucket, "sections.group.customBucket");
    if (type === "text" || type === "boolean" || type === "nothing") return this.#missing;
    const { dialect } = this.asking;
    const number = dialect.toNumber(sql);
    const { size, least, most } = ranges;
    const position = dialect.floor(dialect.quotient(`(${number} - ${dialect.number(least)})`, dialect.number(size)));
    const above = Number.isFinite(most) ? [`WHEN ${number} >= ${dialect.number(most)} THEN ${ABOVE}`] : [];
    const below = `WHEN ${number} < ${dialect.number(least)} THEN -1`;
    const range = `CASE ${[below, ...above].join(" ")} ELSE ${position} END`;
    return {
      sql: dialect.partitionsByFractions ? range : dialect.wholeText(range),
      keyOf: (value) =>
        value === null ? "undefined" : rangeName(ranges, Number(value) === ABOVE ? Infinity : Number(value)),
    };
  }

  get #missing(): ReportSplit {
    return { sql: this.asking.dialect.text("undefined"), keyOf: String };
  }
}

/** The range above all others. */
const ABOVE = -2;

export interface ReportSplit {
  /** The value, to group by. No two values have one key. */
  sql: string;
  keyOf(value: SqlValue): string;
}

/** Names under which reports have the name of the event. */
const EVENT_NAMES: ReadonlySet<string> = new Set(["$event_name", "$event", "$name"]);

/** A report's tests of texts look at the digits of numbers, too; an expression does not. */
function refuseAsText({ type }: TypedSql, name: string): void {
  if (type === "text" || type === "unknown" || type === "nothing") return;
  throw notInSql(
    `a text to compare ${quoted(name)} with, which holds no texts`,
    "write numbers and true or false without quotes",
  );
}
