/** `/segmentation` and its numeric kinds: one event over time. */
import type { AnalyticsEvent } from "../../analytics/event.ts";
import { numericSegmentation } from "../../analytics/numeric_segmentation.ts";
import { segmentation } from "../../analytics/segmentation.ts";
import { segmentationAverage, segmentationSum } from "../../analytics/segmentation_sum.ts";
import { timeBuckets } from "../../analytics/time_buckets.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { requiredDays } from "./days.ts";
import type { EventExpression } from "./expressions.ts";
import {
  countTypeOf,
  eventsFor,
  filterOf,
  rangeOf,
  report,
  reportClock,
  seriesAnswer,
  UNITS,
  valueOf,
} from "./report.ts";

const MOST_SEGMENTS = 10_000;

export const segmentationEndpoints: SandboxEndpoint[] = [
  report("/segmentation", segments),
  report("/segmentation/numeric", numeric),
  report("/segmentation/sum", sum),
  report("/segmentation/average", average),
];

/** What the four have in common. */
function readQuery(call: SandboxCall, fields: Fields) {
  const event = fields.requiredText("event");
  // `interval` is in days, and takes the place of `unit`.
  const unit = fields.choice("unit", UNITS);
  const interval = unit === undefined ? fields.count("interval", 1) : undefined;
  const { timeZone } = reportClock(call);
  const buckets = timeBuckets({ ...requiredDays(fields), unit: unit ?? "day", interval, timeZone });
  return { event, buckets, where: filterOf(call, fields), type: countTypeOf(fields) };
}

async function segments(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const { event, buckets, where, type } = readQuery(call, fields);
  const on = valueOf(call, fields);
  const limit = Math.min(fields.count("limit", 1) ?? 60, MOST_SEGMENTS);
  const events = eventsFor(call, rangeOf(buckets, [event]), where, on);
  const query = { event, buckets, type, limit, on: on?.evaluate, where: where?.evaluate };
  return seriesAnswer(segmentation(events, query), fields);
}

async function numeric(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const { event, buckets, where, type } = readQuery(call, fields);
  const on = requiredValue(call, fields);
  const events = eventsFor(call, rangeOf(buckets, [event]), where, on);
  const query = { event, buckets, type, on: on.evaluate, where: where?.evaluate };
  return seriesAnswer(numericSegmentation(events, query), fields);
}

async function sum(call: SandboxCall): Promise<Response> {
  const results = await numbers(call, segmentationSum);
  return jsonAnswer({ status: "ok", computed_at: new Date(call.nowMs).toISOString(), results });
}

async function average(call: SandboxCall): Promise<Response> {
  return jsonAnswer({ results: await numbers(call, segmentationAverage), status: "ok" });
}

async function numbers(
  call: SandboxCall,
  compute: typeof segmentationSum,
): Promise<Record<string, number>> {
  const fields = await call.fields();
  const { event, buckets, where } = readQuery(call, fields);
  const on = requiredValue(call, fields);
  const events: Iterable<AnalyticsEvent> = eventsFor(call, rangeOf(buckets, [event]), where, on);
  return compute(events, { event, buckets, on: on.evaluate, where: where?.evaluate });
}

function requiredValue(call: SandboxCall, fields: Fields): EventExpression<unknown> {
  const on = valueOf(call, fields);
  if (on === undefined) throw new Refusal(400, "Missing required parameter: on");
  return on;
}
