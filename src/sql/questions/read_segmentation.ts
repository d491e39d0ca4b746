/** What the kinds of `/segmentation` have in common. */
import type { CountType } from "../../analytics/count_type.ts";
import { type Buckets, timeBuckets } from "../../analytics/time_buckets.ts";
import { requiredDays } from "../../sandbox/query/days.ts";
import { UNITS } from "../../sandbox/query/report.ts";
import type { SqlAsking } from "../asking.ts";
import { type ChosenEvents, chosenEvents } from "../chosen_events.ts";
import type { SqlUnit } from "../dialect.ts";
import { SqlExpressions } from "../expression_sql.ts";
import type { TypedSql } from "../typed_sql.ts";
import { asked, daysAsked } from "../words.ts";

export interface Segmentation {
  event: string;
  unit: SqlUnit;
  /** How many days make one bucket. */
  interval?: number;
  buckets: Buckets;
  type: CountType;
  where: readonly string[];
  on?: TypedSql;
  chosen: ChosenEvents;
  /** The question and what is to be said of it. */
  commentOf(what: string): string[];
}

export function readSegmentation(asking: SqlAsking): Segmentation {
  const { fields, timeZone } = asking;
  const event = fields.requiredText("event");
  // `interval` is in days, and takes the place of `unit`.
  const chosenUnit = fields.choice("unit", UNITS);
  const interval = chosenUnit === undefined ? fields.count("interval", 1) : undefined;
  const unit = chosenUnit ?? "day";
  const days = requiredDays(fields);
  const buckets = timeBuckets({ ...days, unit, interval, timeZone });
  const type = fields.choice("type", ["general", "unique", "average"]) ?? "general";
  const expressions = new SqlExpressions(asking);
  const { where, on } = asked(asking, expressions);
  const chosen = chosenEvents(asking, {
    names: [event],
    fromMs: buckets.startMs,
    toMs: buckets.endMs,
    columns: expressions.properties.names,
    countsPeople: type === "unique",
  });
  return {
    ...{ event, unit, interval, buckets, type, chosen, where: where.sql, on: on.value },
    commentOf: (what) => [
      `${what}${on.words}${where.words}`,
      daysAsked(asking, { ...days, unit, interval }),
      ...chosen.remarks,
      ...expressions.properties.remarks,
    ],
  };
}
