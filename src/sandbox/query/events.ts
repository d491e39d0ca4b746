/** `/events` and what is below it. */
import { countEvents } from "../../analytics/count_events.ts";
import { eventNames } from "../../analytics/event_names.ts";
import { eventProperties } from "../../analytics/event_properties.ts";
import { propertyValues } from "../../analytics/property_values.ts";
import { type Buckets, recentBuckets, timeBuckets } from "../../analytics/time_buckets.ts";
import { topEvents } from "../../analytics/top_events.ts";
import { topProperties } from "../../analytics/top_properties.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { optionalDays } from "./days.ts";
import { bucketsOf, countTypeOf, eventViewOf, filterOf, report, reportClock, seriesAnswer, UNITS } from "./report.ts";

const DEFAULT_TOP_EVENTS = 100;
const DEFAULT_NAMES = 255;
/** A higher limit is lowered silently. */
const MOST_NAMES = 5000;

export const eventsEndpoints: SandboxEndpoint[] = [
  report("/events", counts),
  report("/events/top", top),
  report("/events/names", names),
  report("/events/properties", properties),
  report("/events/properties/top", propertiesTop),
  report("/events/properties/values", values),
];

function counts(call: SandboxCall, fields: Fields): Response {
  const type = countTypeOf(fields);
  const unit = fields.choice("unit", UNITS);
  if (type === "unique" && unit === "hour") throw new Refusal(400, "unique events cannot be counted by the hour");
  const wanted = fields.texts("event");
  if (wanted === undefined) throw new Refusal(400, "Missing required parameter: event");
  const buckets = bucketsOf(call, fields);
  const where = filterOf(call, fields);
  return seriesAnswer(countEvents(eventViewOf(call), { names: wanted, type, buckets, where }), fields);
}

function top(call: SandboxCall, fields: Fields): Response {
  const type = countTypeOf(fields);
  const limit = fields.count("limit", 1) ?? DEFAULT_TOP_EVENTS;
  const clock = reportClock(call);
  return jsonAnswer({ events: topEvents(eventViewOf(call), { ...clock, type, limit }), type });
}

function names(call: SandboxCall, fields: Fields): Response {
  const days = optionalDays(fields);
  const { timeZone } = reportClock(call);
  const buckets = days === undefined ? recently(call) : timeBuckets({ ...days, unit: "day", timeZone });
  const limit = Math.min(fields.count("limit", 1) ?? DEFAULT_NAMES, MOST_NAMES);
  return jsonAnswer(eventNames(eventViewOf(call), { type: countTypeOf(fields), limit, buckets }));
}

function properties(call: SandboxCall, fields: Fields): Response {
  const event = fields.requiredText("event");
  const property = fields.requiredText("name");
  const buckets = bucketsOf(call, fields);
  const series = eventProperties(eventViewOf(call), {
    event,
    property,
    values: fields.texts("values"),
    type: countTypeOf(fields),
    buckets,
    limit: fields.count("limit", 1),
  });
  return seriesAnswer(series, fields);
}

function propertiesTop(call: SandboxCall, fields: Fields): Response {
  const event = fields.text("event");
  const found = topProperties(eventViewOf(call), { event, buckets: recently(call), limit: fields.count("limit", 1) });
  return jsonAnswer(Object.fromEntries(Object.entries(found).map(([name, count]) => [name, { count }])));
}

function values(call: SandboxCall, fields: Fields): Response {
  const event = fields.text("event");
  const property = fields.requiredText("name");
  const limit = fields.count("limit", 1);
  return jsonAnswer(propertyValues(eventViewOf(call), { event, property, buckets: recently(call), limit }));
}

function recently(call: SandboxCall): Buckets {
  return recentBuckets({ interval: call.services.settings.recentDays, unit: "day", ...reportClock(call) });
}
