/** `/segmentation` and its numeric kinds: one event over time. */
import type { CountType } from "../../analytics/count_type.ts";
import { type Buckets, timeBuckets } from "../../analytics/time_buckets.ts";
import { type Days, requiredDays } from "../../sandbox/query/days.ts";
import { UNITS } from "../../sandbox/query/report.ts";
import type { SqlAsking, SqlQuestion } from "../asking.ts";
import { type ChosenEvents, chosenEvents } from "../chosen_events.ts";
import { countedSeries, seriesBody } from "../counted_rows.ts";
import { countStatement } from "../count_statement.ts";
import type { SqlUnit } from "../dialect.ts";
import { SqlExpressions } from "../expression_sql.ts";
import { segmentsOf } from "../segments.ts";
import type { TypedSql } from "../typed_sql.ts";
import { asked, daysAsked, quoted } from "../words.ts";

const DEFAULT_SEGMENTS = 60, MOST_SEGMENTS = 10_000;

/** What the four have in common. */
interface Segmentation {
  event: string;
  days: Days;
  unit: SqlUnit;
  interval?: number;
  buckets: Buckets;
  type: CountType;
  where: readonly string[];
  on?: TypedSql;
  chosen: ChosenEvents;
  /** The question and what is to be said of it. */
  commentOf(what: string): string[];
}

function readSegmentation(asking: SqlAsking): Segmentation {
  const { fields, timeZone } = asking;
  const event = fields.requiredText("event");
  // `interval` is in days, and takes the place of `unit`.
  const unit = fields.choice("unit", UNITS);
  const interval = unit === undefined ? fields.count("interval", 1) : undefined;
  const days = requiredDays(fields);
  const buckets = timeBuckets({ ...days, unit: unit ?? "day", interval, timeZone });
  const type = fields.choice("type", ["general", "unique", "average"]) ?? "general";
  const expressions = new SqlExpressions(asking);
  const { where, on } = asked(asking, expressions);
  const chosen = chosenEvents(asking, {
    names: [event],
    fromMs: buckets.startMs,
    toMs: buckets.endMs,
    columns: expressions.properties.names,
  });
  return {
    ...{ event, days, unit: unit ?? "day", interval, buckets, type, chosen, where: where.sql, on: on.value },
    commentOf: (what) => [
      `${what}${on.words}${where.words}`,
      daysAsked(asking, { ...days, unit: unit ?? "day", interval }),
      ...chosen.remarks,
      ...expressions.properties.remarks,
    ],
  };
}

const WORDS: Readonly<Record<CountType, (event: string) => string>> = {
  general: (event) => `How often ${event} happened`,
  unique: (event) => `How many users did ${event}`,
  average: (event) => `How often ${event} happened for each user who did it`,
};

export function segmentationQuestion(asking: SqlAsking): SqlQuestion {
  const { event, on, type, buckets, commentOf, ...counting } = readSegmentation(asking);
  const limit = Math.min(asking.fields.count("limit", 1) ?? DEFAULT_SEGMENTS, MOST_SEGMENTS);
  const segments = on && segmentsOf(on, asking.dialect);
  segments?.refuseOverlaps(type);
  const { statement, columns, read } = countStatement(asking, {
    ...counting,
    comment: commentOf(WORDS[type](quoted(event))),
    type,
    buckets,
    segment: segments?.sql,
    limit: segments?.hasSizes === true ? limit : undefined,
  });
  return {
    statement,
    columns,
    answer(rows) {
      if (segments === undefined) {
        return seriesBody(countedSeries(read(rows, () => [event]), { type, buckets, asked: [event] }));
      }
      return seriesBody(countedSeries(read(rows, segments.keysOf), { type, buckets, limit }));
    },
  };
}
