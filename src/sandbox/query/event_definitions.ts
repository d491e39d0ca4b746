/** `/data_definitions/events`: all events, and on request the properties of each. */
import { eventNames } from "../../analytics/event_names.ts";
import { recentBuckets } from "../../analytics/time_buckets.ts";
import { topProperties } from "../../analytics/top_properties.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { eventViewOf, report, reportClock } from "./report.ts";

/** As far back as events are looked for. */
const DAYS = 366;

export const eventsWithPropertiesEndpoints: SandboxEndpoint[] = [report("/data_definitions/events", list)];

function list(call: SandboxCall, fields: Fields): Response {
  const buckets = recentBuckets({ interval: DAYS, unit: "day", ...reportClock(call) });
  const view = eventViewOf(call);
  const wanted = fields.texts("name[]");
  const names = eventNames(view, { type: "general", limit: Infinity, buckets })
    .filter((name) => wanted === undefined || wanted.includes(name));
  const propertiesOf = (event: string) =>
    Object.keys(topProperties(view, { event, buckets, limit: undefined })).map((name) => ({ name }));
  const withProperties = fields.isOn("fetch_per_event_properties");
  return jsonAnswer({
    results: names.map((name) => withProperties ? { name, properties: propertiesOf(name) } : { name }),
    status: "ok",
  });
}
