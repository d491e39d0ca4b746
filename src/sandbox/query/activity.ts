/** `/stream/query`: what some people did, event by event. */
import { readEvents } from "../../analytics/rows/read_events.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { boundsOf, requiredDays } from "./days.ts";
import { eventViewOf, report, reportClock } from "./report.ts";

export const activityEndpoints: SandboxEndpoint[] = [report("/stream/query", activity, ["GET", "POST"])];

function activity(call: SandboxCall, fields: Fields): Response {
  const ids = fields.texts("distinct_ids");
  if (ids === undefined) throw new Refusal(400, "Missing required parameter: distinct_ids");
  const range = boundsOf(requiredDays(fields), reportClock(call).timeZone);
  const view = eventViewOf(call);
  const people = new Set(ids.map((id) => view.personWithId(call.store.identities.resolve(call.project.id, id))));
  const events = [];
  for (const { name, timeMs, distinctId, properties } of readEvents(view, { ...range, people })) {
    const { distinct_id: _id, ...rest } = properties;
    events.push({ event: name, properties: { time: Math.floor(timeMs / 1000), $distinct_id: distinctId, ...rest } });
  }
  return jsonAnswer({ status: "ok", results: { events } });
}
