/** `/retention/addiction`: in how many hours or days of a period people were active. */
import { FrequencyTallies } from "../../analytics/frequency.ts";
import { timeBuckets } from "../../analytics/time_buckets.ts";
import { requiredDays } from "../../sandbox/query/days.ts";
import { Refusal } from "../../sandbox/refusal.ts";
import type { SqlAsking, SqlQuestion } from "../asking.ts";
import { chosenEvents, sqlEvents } from "../chosen_events.ts";
import { SqlExpressions } from "../expression_sql.ts";
import { segmentsOf } from "../segments.ts";
import { selectOf, statementOf } from "../statement.ts";
import { sqlBuckets } from "../time_column.ts";
import { asked, daysAsked, quoted } from "../words.ts";

export function frequencyQuestion(asking: SqlAsking): SqlQuestion {
  const { fields, dialect, timeZone } = asking;
  const unit = fields.choice("unit", ["day", "week", "month"]);
  const partUnit = fields.choice("addiction_unit", ["hour", "day"]);
  if (unit === undefined) throw new Refusal(400, "Missing required parameter: unit");
  if (partUnit === undefined) throw new Refusal(400, "Missing required parameter: addiction_unit");
  const event = fields.text("event");
  const days = requiredDays(fields);
  const buckets = timeBuckets({ ...days, unit, timeZone });
  const expressions = new SqlExpressions(asking);
  const { where, on } = asked(asking, expressions);
  const segments = on.value && segmentsOf(on.value, dialect);
  segments?.refuseOverlaps("unique");
  const chosen = chosenEvents(asking, {
    names: event === undefined ? undefined : [event],
    fromMs: buckets.startMs,
    toMs: buckets.endMs,
    columns: expressions.properties.names,
    countsPeople: true,
  });
  const { time, person } = sqlEvents(asking);
  const period = sqlBuckets(asking, { time, unit, buckets });
  const part = dialect.truncated(dialect.localTime(time, timeZone), partUnit);
  const split = segments?.sql === undefined ? [] : [{ name: "segment", sql: segments.sql }];
  const keys = [...split, { name: "period", sql: period.sql }];
  const names = keys.map(({ name }) => name);
  const statement = statementOf({
    comment: [
      `In how many ${partUnit}s of a ${unit} people did ${
        event === undefined ? "anything" : quoted(event)
      }${on.words}${where.words}`,
      daysAsked(asking, { ...days, unit }),
      ...chosen.remarks,
      ...expressions.properties.remarks,
    ],
    parts: [...chosen.parts, {
      name: "active",
      select: selectOf({
        columns: [
          ...keys.map(({ name, sql }) => `${sql} AS ${name}`),
          `${person} AS person`,
          `${dialect.countDistinct(part)} AS parts`,
        ],
        from: chosen.from,
        where: [...where.sql, `${person} IS NOT NULL`],
        groupBy: [...keys.map(({ sql }) => sql), person],
      }),
    }],
    select: selectOf({
      columns: [
        ...names.map((name) => name === "period" ? `${period.shown("period")} AS period` : name),
        "parts",
        "count(*) AS users",
      ],
      from: "active",
      groupBy: [...names.map((name) => `active.${name}`), "parts"],
      orderBy: [...names, "parts"],
    }),
  });
  return {
    statement,
    columns: [...names, "parts", "users"],
    answer(rows) {
      const tallies = new FrequencyTallies({ ...days, unit, partUnit, timeZone }, buckets);
      const numbers = new Map<string, number>();
      for (const row of rows) {
        const [users, parts, shown] = row.toReversed();
        const position = period.positionOf(shown!);
        const keys = segments === undefined ? [""] : segments.keysOf(split.length === 0 ? null : row[0]!);
        for (const key of position < 0 ? [] : keys) {
          if (!numbers.has(key)) numbers.set(key, numbers.size);
          tallies.add(numbers.get(key)!, position, Number(parts), Number(users));
        }
      }
      const limit = fields.count("limit", 1);
      return { data: segments === undefined ? tallies.ofAll() : tallies.bySegment([...numbers.keys()], limit) };
    },
  };
}
