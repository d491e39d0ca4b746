/** `/segmentation/numeric`, `/sum` and `/average`: a number of each event. */
import { rangesOf } from "../../analytics/numeric_segmentation.ts";
import { Refusal } from "../../sandbox/refusal.ts";
import { notInSql, type SqlAsking, type SqlQuestion, type SqlRow } from "../asking.ts";
import { sqlEvents } from "../chosen_events.ts";
import { countedSeries, seriesBody } from "../counted_rows.ts";
import { countStatement } from "../count_statement.ts";
import { refuseJson } from "../property_columns.ts";
import { selectOf, statementOf } from "../statement.ts";
import { sqlBuckets } from "../time_column.ts";
import { isNumeric, type TypedSql } from "../typed_sql.ts";
import { quoted } from "../words.ts";
import { readSegmentation, type Segmentation } from "./read_segmentation.ts";

/** A segmentation by a number; NULL where there is none. */
function readNumbers(asking: SqlAsking): { query: Segmentation; number: string; on: TypedSql } {
  const query = readSegmentation(asking);
  const { on } = query;
  if (on === undefined) throw new Refusal(400, "Missing required parameter: on");
  refuseJson(on, "numbers");
  const isNumber = isNumeric(on.type) || on.type === "unknown";
  return { query, number: asking.dialect.toNumber(isNumber ? on.sql : "NULL"), on };
}

export function numericQuestion(asking: SqlAsking): SqlQuestion {
  const { query: { event, type, buckets, commentOf, ...counting }, number } = readNumbers(asking);
  if (type !== "general") {
    throw notInSql("users by ranges of a number", "--math general counts events, which are counted by number");
  }
  const { statement, columns, read } = countStatement(asking, {
    ...counting,
    comment: [...commentOf(`How often ${quoted(event)} happened`), "mp puts the numbers into ranges."],
    where: [...counting.where, `${number} IS NOT NULL`],
    type,
    buckets,
    segment: number,
  });
  return {
    statement,
    columns,
    answer(rows) {
      const { labels, labelOf } = rangesOf(new Set(rows.map(([value]) => Number(value))));
      const counted = read(rows, (value) => [labelOf(Number(value))!]);
      return seriesBody(countedSeries(counted, { type, buckets, asked: labels }));
    },
  };
}

export function sumQuestion(asking: SqlAsking): SqlQuestion {
  const { totals, ...question } = totalsQuestion(asking, "Sum");
  return {
    ...question,
    answer: (rows) => ({
      status: "ok",
      computed_at: new Date(asking.nowMs).toISOString(),
      results: totals(rows, (sum) => sum),
    }),
  };
}

export function averageQuestion(asking: SqlAsking): SqlQuestion {
  const { totals, ...question } = totalsQuestion(asking, "Average");
  return {
    ...question,
    answer: (rows) => ({ results: totals(rows, (sum, events) => sum / (events || 1)), status: "ok" }),
  };
}

/** Sums and events by bucket. What is no number counts as zero. */
function totalsQuestion(asking: SqlAsking, what: string) {
  const { query: { event, unit, interval, buckets, where, chosen, commentOf }, number } = readNumbers(asking);
  const { time } = sqlEvents(asking);
  const bucket = sqlBuckets(asking, { time, unit, buckets, interval });
  const columns = ["bucket", "sum", "events"];
  const statement = statementOf({
    comment: commentOf(`${what} of a number over all events ${quoted(event)}`),
    parts: [...chosen.parts, {
      name: "counted",
      select: selectOf({
        columns: [`${bucket.sql} AS bucket`, `sum(${number}) AS sum`, "count(*) AS events"],
        from: chosen.from,
        where,
        groupBy: [bucket.sql],
      }),
    }],
    select: selectOf({
      columns: [`${bucket.shown("bucket")} AS bucket`, "sum", "events"],
      from: "counted",
      orderBy: ["bucket"],
    }),
  });
  const totals = (rows: readonly SqlRow[], numberOf: (sum: number, events: number) => number) => {
    const numbers = buckets.keys.map(() => 0);
    for (const [shown, sum, events] of rows) {
      const position = bucket.positionOf(shown!);
      if (position >= 0) numbers[position] = numberOf(Number(sum ?? 0), Number(events));
    }
    return Object.fromEntries(buckets.keys.map((key, position) => [key, numbers[position]]));
  };
  return { statement, columns, totals };
}
