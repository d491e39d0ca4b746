/** `/retention`: who comes back after their own first event, in intervals of so many days. */
import type { RetentionRow } from "../../analytics/retention.ts";
import { timeBuckets } from "../../analytics/time_buckets.ts";
import { requiredDays } from "../../sandbox/query/days.ts";
import { retentionFields } from "../../sandbox/query/retention.ts";
import type { SqlAsking, SqlQuestion, SqlRow } from "../asking.ts";
import { chosenEvents, sqlEvents } from "../chosen_events.ts";
import { SqlExpressions } from "../expression_sql.ts";
import { refuseJson } from "../property_columns.ts";
import { segmentsOf } from "../segments.ts";
import { selectOf, statementOf } from "../statement.ts";
import { quoted } from "../words.ts";
import { largestOf, retentionRows } from "./retention_counts.ts";
import { retentionParts } from "./retention_parts.ts";
import { retentionPeriods } from "./retention_periods.ts";

const DEFAULT_SEGMENTS = 255;

export function retentionQuestion(asking: SqlAsking): SqlQuestion {
  const { fields, dialect, timeZone } = asking;
  const { kind, bornEvent, event, unit, interval, intervalMs, intervalCount, unbounded } = retentionFields(fields);
  const days = requiredDays(fields);
  const buckets = timeBuckets({ ...days, unit, interval, timeZone });
  const expressions = new SqlExpressions(asking);
  const [bornWhere, where] = ["born_where", "where"].map((name) => fields.text(name));
  const on = fields.text("on");
  const value = on === undefined ? undefined : expressions.value(on);
  if (value !== undefined) refuseJson(value, `${on} to split people by`);
  const segments = value && segmentsOf(value, dialect);
  const { event: name, time, person, insertId } = sqlEvents(asking);
  const condition = (event: string | undefined, where: string | undefined) =>
    [
      ...(event === undefined ? [] : [`${name} = ${dialect.text(event)}`]),
      ...(where === undefined ? [] : [expressions.filter(where)]),
    ].join(" AND ") || "1 = 1";
  const returned = condition(event, where);
  const born = kind === "birth" ? condition(bornEvent, bornWhere) : returned;
  const bornName = kind === "birth" ? bornEvent : event;
  const chosen = chosenEvents(asking, {
    names: bornName === undefined || event === undefined ? undefined : [...new Set([bornName, event])],
    // Whoever was born before is not born again.
    fromMs: kind === "birth" ? -Infinity : buckets.startMs,
    toMs: buckets.endMs + intervalMs * (intervalCount + 1),
    columns: expressions.properties.names,
  });
  const period = retentionPeriods(asking, { unit, interval, buckets });
  const carry = unbounded ? "carry_back" : "none";
  const { parts, from, columns } = retentionParts(asking, {
    ...{ from: chosen.from, time, person, ties: [name, ...(insertId === undefined ? [] : [insertId])] },
    ...{ born, returned, kind, startMs: buckets.startMs, endMs: buckets.endMs, period: period.sql },
    intervals: { lengthMs: intervalMs, count: intervalCount + 1 },
    ...{ carry, countsEvents: false, splitBy: "returned" },
    segments: segments?.sql === undefined ? [] : [segments.sql],
  });
  const limit = fields.count("limit", 1) ?? DEFAULT_SEGMENTS;
  const segment = columns.indexOf("segment_1");
  const keyOf = (row: SqlRow): string => segments?.keysOf(segment < 0 ? null : row[segment]!)[0] ?? "";
  return {
    statement: statementOf({
      comment: [
        kind === "birth"
          ? `Who did ${quoted(bornEvent!)}${
            bornWhere === undefined ? "" : ` where ${bornWhere}`
          } for the first time, and how many of them come back`
          : "Who did it in a period, and how many of them come back",
        `Coming back: ${event === undefined ? "any event" : quoted(event)}${
          where === undefined ? "" : ` where ${where}`
        }, in the ${intervalCount + 1} intervals of ${intervalMs / 86_400_000} days after that moment${
          unbounded ? ", or in a later one" : ""
        }${on === undefined ? "" : `, by ${on}`}`,
        `${days.fromDay} to ${days.toDay}, by the clock of ${timeZone}`,
        ...chosen.remarks,
        ...expressions.properties.remarks,
      ],
      parts: [...chosen.parts, ...parts],
      select: selectOf({
        columns: columns.map((name) => name === "period" ? `${period.shown("counts.period")} AS period` : name),
        from,
        orderBy: columns.slice(0, -1),
      }),
    }),
    columns,
    answer(rows) {
      const how = {
        columns,
        periods: buckets.keys.length,
        positionOf: period.positionOf,
        buckets: intervalCount + 1,
        carry,
      } as const;
      const none = { counts: new Array<number>(intervalCount + 1).fill(0), first: 0 };
      const all = retentionRows(rows, how, () => "").get("") ?? buckets.keys.map(() => none);
      if (segments === undefined) return byPeriod((position) => all[position]!);
      const split = retentionRows(rows, how, keyOf);
      const sizes = [...split].map(([key, periods]): [string, number] => {
        return [key, periods.reduce((sum, { counts }) => sum + counts.reduce((total, count) => total + count, 0), 0)];
      });
      const { keys } = largestOf(sizes, limit);
      return byPeriod((position) =>
        Object.fromEntries(
          keys.map((key) => [key, { counts: split.get(key)![position]!.counts, first: all[position]!.first }]),
        )
      );
    },
  };

  function byPeriod(of: (position: number) => RetentionRow | Record<string, RetentionRow>): unknown {
    return Object.fromEntries(buckets.keys.map((key, position) => [key, of(position)]));
  }
}
