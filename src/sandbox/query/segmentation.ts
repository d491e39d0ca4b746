/** `/segmentation` and its numeric kinds: one event over time. */
import { numericSegmentation } from "../../analytics/numeric_segmentation.ts";
import { segmentation } from "../../analytics/segmentation.ts";
import { segmentationAverage, segmentationSum } from "../../analytics/segmentation_sum.ts";
import { timeBuckets } from "../../analytics/time_buckets.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { requiredDays } from "./days.ts";
import { countTypeOf, eventViewOf, filterOf, report, reportClock, seriesAnswer, UNITS, valueOf } from "./report.ts";

const MOST_SEGMENTS = 10_000;

export const segmentationEndpoints: SandboxEndpoint[] = [
  report("/segmentation", segments),
  report("/segmentation/numeric", numeric),
  report("/segmentation/sum", sum),
  report("/segmentation/average", average),
];

/** What the four have in common: the events, and what is asked about them. */
function readQuery(call: SandboxCall, fields: Fields) {
  const event = fields.requiredText("event");
  // `interval` is in days, and takes the place of `unit`.
  const unit = fields.choice("unit", UNITS);
  const interval = unit === undefined ? fields.count("interval", 1) : undefined;
  const { timeZone } = reportClock(call);
  const buckets = timeBuckets({ ...requiredDays(fields), unit: unit ?? "day", interval, timeZone });
  const where = filterOf(call, fields);
  const type = countTypeOf(fields);
  const on = valueOf(call, fields);
  return { view: eventViewOf(call), query: { event, buckets, type, where }, on };
}

/** The same of a kind that cannot do without `on`. */
function readNumericQuery(call: SandboxCall, fields: Fields) {
  const { view, query, on } = readQuery(call, fields);
  if (on === undefined) throw new Refusal(400, "Missing required parameter: on");
  return { view, query: { ...query, on } };
}

function segments(call: SandboxCall, fields: Fields): Response {
  const { view, query, on } = readQuery(call, fields);
  const limit = Math.min(fields.count("limit", 1) ?? 60, MOST_SEGMENTS);
  return seriesAnswer(segmentation(view, { ...query, on, limit }), fields);
}

function numeric(call: SandboxCall, fields: Fields): Response {
  const { view, query } = readNumericQuery(call, fields);
  return seriesAnswer(numericSegmentation(view, query), fields);
}

function sum(call: SandboxCall, fields: Fields): Response {
  const { view, query } = readNumericQuery(call, fields);
  const results = segmentationSum(view, query);
  return jsonAnswer({ status: "ok", computed_at: new Date(call.nowMs).toISOString(), results });
}

function average(call: SandboxCall, fields: Fields): Response {
  const { view, query } = readNumericQuery(call, fields);
  return jsonAnswer({ results: segmentationAverage(view, query), status: "ok" });
}
