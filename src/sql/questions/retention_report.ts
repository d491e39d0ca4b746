/** Retention as `POST /insights` is asked for it. */
import type { RetentionRow } from "../../analytics/retention.ts";
import type { RetentionReport } from "../../reports/report.ts";
import { asAnswer } from "../../sandbox/query/bookmarks/answer.ts";
import { clausesOf } from "../../sandbox/query/bookmarks/clause.ts";
import { behaviorLabel } from "../../sandbox/query/bookmarks/events.ts";
import {
  averaged,
  mathOf,
  RETENTION_UNIT_MS,
  shownRetention,
  type Spans,
  spansOf,
  unboundedOf,
} from "../../sandbox/query/bookmarks/retention.ts";
import { combined, treeOf } from "../../sandbox/query/bookmarks/tree.ts";
import { notInSql, type SqlAsking, type SqlQuestion, type SqlRow } from "../asking.ts";
import { chosenEvents, sqlEvents } from "../chosen_events.ts";
import { selectOf, statementOf } from "../statement.ts";
import { quoted } from "../words.ts";
import { type AskedReport, ReportSql } from "./asked_report.ts";
import { largestOf, retentionRows } from "./retention_counts.ts";
import { retentionParts, type SqlIntervals } from "./retention_parts.ts";
import { retentionPeriods } from "./retention_periods.ts";

const PATH = "sections.show[0]";

export function retentionReportQuestion(asking: SqlAsking, asked: AskedReport<RetentionReport>): SqlQuestion {
  const { report, range, clause, behavior, measurement, groups, headers, limit } = asked;
  const { type: kind } = report;
  if (kind === "addiction") throw notInSql('retention of the type "addiction"', "mp sql frequency asks how often");
  const math = mathOf(measurement, `${PATH}.measurement`);
  const countsEvents = math === "total" || math === "average";
  const carry = unboundedOf(behavior, measurement, `${PATH}.behavior`);
  const spans = spansOf(range, behavior, `${PATH}.behavior`);
  const { buckets, unit } = spans;
  const sql = new ReportSql(asking);
  const splits = (report.breakdowns ?? []).map((breakdown, index) => sql.split(breakdown, groups[index]!));
  const [born, returned] = [report.birth, report.returning].map(({ event, filter }) =>
    sql.events(event, filter, report.filter) ?? "1 = 1"
  ) as [string, string];
  const chosen = chosenEvents(asking, {
    names: sql.namesOf([report.birth.event, report.returning.event]),
    // Whoever was born before is not born again.
    fromMs: kind === "birth" ? -Infinity : buckets.startMs,
    toMs: buckets.endMs + Math.max(0, ...spans.endsOf(buckets.endMs - 1)),
    columns: sql.expressions.properties.names,
  });
  const { event, time, person, insertId } = sqlEvents(asking);
  const period = retentionPeriods(asking, { unit, interval: 1, buckets });
  const { parts, from, columns } = retentionParts(asking, {
    ...{ from: chosen.from, time, person, ties: [event, ...(insertId === undefined ? [] : [insertId])] },
    ...{ born, returned, kind, startMs: buckets.startMs, endMs: buckets.endMs, period: period.sql },
    ...{ intervals: intervalsOf(spans), carry, countsEvents, splitBy: "born" },
    segments: splits.map((split) => split.sql),
  });
  const labels = clausesOf(behavior.behaviors, `${PATH}.behavior.behaviors`).map(behaviorLabel);
  const label = `${labels[0]} and then ${labels[1]}`;
  const name = typeof clause.name === "string" && clause.name !== "" ? clause.name : label;
  const pathOf = (row: SqlRow, level: number) =>
    JSON.stringify(
      splits.slice(0, level).map(({ keyOf }, index) => keyOf(row[columns.indexOf(`segment_${index + 1}`)]!)),
    );
  return {
    statement: statementOf({
      comment: [
        ...words(asked, labels, spans),
        ...chosen.remarks,
        ...sql.expressions.properties.remarks,
      ],
      parts: [...chosen.parts, ...parts],
      select: selectOf({
        columns: columns.map((column) => column === "period" ? `${period.shown("counts.period")} AS period` : column),
        from,
        orderBy: columns.slice(0, -1),
      }),
    }),
    columns,
    answer(rows) {
      const how = {
        ...{ columns, periods: buckets.keys.length, positionOf: period.positionOf, buckets: spans.bucketCount },
        carry: countsEvents ? "none" : carry,
      } as const;
      const everybody = (found: ReturnType<typeof retentionRows>) =>
        countsEvents ? found : new Map([...found].map(([path, numbers]) => [path, numbers.map(withBirths)]));
      const levels = [0, ...splits.keys().map((level) => level + 1)].map((level) =>
        everybody(retentionRows(rows, how, (row) => pathOf(row, level)))
      );
      const none = buckets.keys.map((): RetentionRow => ({ first: 0, counts: new Array(spans.bucketCount).fill(0) }));
      const deepest = splits.length === 0 ? new Map<string, RetentionRow[]>() : levels.at(-1)!;
      const sizes = [...deepest].map(([path, numbers]): [string, number] => {
        return [path, numbers.reduce((sum, { first }) => sum + first, 0)];
      });
      const { keys, isCut } = largestOf(sizes, limit);
      const segments = new Map(keys.map((path) => [path, deepest.get(path)!]));
      const tree = treeOf(levels[0]!.get("[]") ?? none, segments, levels.slice(1, -1));
      const withMath = combined([tree], ([numbers]) => math === "average" ? numbers!.map(averaged) : numbers!);
      return asAnswer(asking, range, shownRetention(range, { tree: withMath, isCut }, { name, headers, spans }));
    },
  };
}

/** Everybody who was born counts in the 0th bucket. */
function withBirths({ first, counts: [own = 0, ...counts] }: RetentionRow): RetentionRow {
  // Those who come back as long as they come each time have no rows of their births alone.
  const all = Math.max(first, own);
  return { first: all, counts: [all, ...counts] };
}

function intervalsOf({ ends, unit, isCalendar }: Spans): SqlIntervals {
  if (isCalendar) return { unit, ends };
  const isEven = ends.every((end, index) => end === index + 1);
  return isEven
    ? { lengthMs: RETENTION_UNIT_MS[unit], count: ends.length }
    : { endsMs: ends.map((end) => end * RETENTION_UNIT_MS[unit]) };
}

const CARRIED = {
  none: "",
  carry_back: " Who comes back counts in the intervals before, too.",
  carry_forward: " Who came back counts in the intervals after, too.",
  consecutive_forward: " Who does not come back in an interval does not count in those after.",
};

/** The question as sentences. */
function words(
  { report, range, headers, behavior, measurement }: AskedReport<RetentionReport>,
  [born, returned]: readonly string[],
  { unit, ends, isCalendar }: Spans,
): string[] {
  const conditions = [[born, report.birth.filter], [returned, report.returning.filter], [
    "All events",
    report.filter,
  ]] as const;
  const days = `${range.fromDay} to ${range.toDay}, by the clock of ${range.timeZone}`;
  const since = isCalendar ? `of the calendar` : "after that moment";
  return [
    `Who did ${quoted(born!)}${
      report.type === "birth" ? " for the first time" : ""
    }, by ${unit}, and how many of them come back with ${quoted(returned!)}` +
    (headers.length === 0 ? "" : `, by ${headers.join(" and ")} of the first`),
    `${days}; intervals up to ${ends.join(", ")} ${unit}s ${since}.${
      CARRIED[unboundedOf(behavior, measurement, PATH)]
    }`,
    ...conditions.flatMap(([label, filter]) => filter?.where === undefined ? [] : [`${label} where ${filter.where}`]),
  ];
}
