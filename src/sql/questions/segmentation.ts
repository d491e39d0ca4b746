/** `/segmentation`: one event over time. */
import { timeBuckets } from "../../analytics/time_buckets.ts";
import { requiredDays } from "../../sandbox/query/days.ts";
import { UNITS } from "../../sandbox/query/report.ts";
import { notInSql, type SqlAsking, type SqlQuestion } from "../asking.ts";
import { chosenEvents, sqlEvents } from "../chosen_events.ts";
import { countColumns, countedSeries, countsOf, seriesBody } from "../counted_rows.ts";
import { selectOf, statementOf } from "../statement.ts";
import { sqlBuckets } from "../time_column.ts";

export function segmentationQuestion(asking: SqlAsking): SqlQuestion {
  const { fields, dialect, timeZone } = asking;
  const event = fields.requiredText("event");
  const unit = fields.choice("unit", UNITS);
  const interval = unit === undefined ? fields.count("interval", 1) : undefined;
  const days = requiredDays(fields);
  const buckets = timeBuckets({ ...days, unit: unit ?? "day", interval, timeZone });
  const type = fields.choice("type", ["general", "unique", "average"]) ?? "general";
  if (fields.text("on") !== undefined || fields.text("where") !== undefined) throw notInSql("--on and --where");
  const { time, person } = sqlEvents(asking);
  const chosen = chosenEvents(asking, { names: [event], fromMs: buckets.startMs, toMs: buckets.endMs });
  const bucket = sqlBuckets(asking, { time, unit: unit ?? "day", buckets, interval });
  const counted = {
    name: "counted",
    select: selectOf({
      columns: [`${bucket.sql} AS bucket`, ...countColumns(type, person, dialect)],
      from: chosen.from,
      groupBy: [bucket.sql],
    }),
  };
  const counts = type === "average" ? ["events", "users"] : [type === "unique" ? "users" : "events"];
  return {
    statement: statementOf({
      comment: [`${JSON.stringify(event)} by ${unit ?? "day"}, ${days.fromDay} to ${days.toDay}`, ...chosen.remarks],
      parts: [...chosen.parts, counted],
      select: selectOf({
        columns: [`${bucket.shown("bucket")} AS bucket`, ...counts],
        from: "counted",
        orderBy: ["bucket"],
      }),
    }),
    columns: ["bucket", ...counts],
    answer(rows) {
      const found = rows.map((row) => ({
        keys: [event],
        position: bucket.positionOf(row[0]!),
        ...countsOf(type, row),
      }));
      return seriesBody(countedSeries(found, { type, buckets, asked: [event] }));
    },
  };
}
