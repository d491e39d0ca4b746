/** `/stream/query` and `/stream/bookmark`: what some people did, event by event. */
import { dayAt } from "../../analytics/calendar.ts";
import { readEvents } from "../../analytics/rows/read_events.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { stringifyJson } from "../../streams/json/json.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { boundsOf, dayOf, type Days, requiredDays } from "./days.ts";
import { eventViewOf, report, reportClock } from "./report.ts";

/** The most events of a page of `/stream/bookmark`, whatever is asked for. */
const MOST_EVENTS = 15_000;
const DEFAULT_DAYS = 30;

export const activityEndpoints: SandboxEndpoint[] = [
  report("/stream/query", activity, ["GET", "POST"]),
  report("/stream/bookmark", bookmarkedActivity, ["POST"]),
];

interface Feed {
  event: string;
  properties: Record<string, unknown>;
}

function activity(call: SandboxCall, fields: Fields): Response {
  return jsonAnswer({ status: "ok", results: { events: feedOf(call, fields, requiredDays(fields)) } });
}

/** All events of the people that `distinct_ids` names, from the first to the last. Throws Refusal 400 without any. */
function feedOf(call: SandboxCall, fields: Fields, days: Days): Feed[] {
  const ids = fields.texts("distinct_ids");
  if (ids === undefined) throw new Refusal(400, "Missing required parameter: distinct_ids");
  const range = boundsOf(days, reportClock(call).timeZone);
  const view = eventViewOf(call);
  const people = new Set(ids.map((id) => view.personWithId(call.store.identities.resolve(call.project.id, id))));
  const events: Feed[] = [];
  for (const { name, timeMs, distinctId, properties } of readEvents(view, { ...range, people })) {
    const { distinct_id: _id, ...rest } = properties;
    events.push({ event: name, properties: { time: Math.floor(timeMs / 1000), $distinct_id: distinctId, ...rest } });
  }
  return events;
}

/**
 * What Mixpanel's own client asks: days come in `bookmark.dateRange`, and what is over the limit on a further page. Its
 * cursor is the last event shown; the real one's members are not known beyond that it is an object.
 */
function bookmarkedActivity(call: SandboxCall, fields: Fields): Response {
  const bookmark = fields.json("bookmark");
  const range = isObject(bookmark) && isObject(bookmark.dateRange) ? bookmark.dateRange : undefined;
  if (range === undefined) throw new Refusal(400, "Missing required parameter: bookmark.dateRange");
  const included = fields.texts("include_events");
  const excluded = fields.texts("exclude_events");
  if (included !== undefined && excluded !== undefined) {
    throw new Refusal(400, "include_events and exclude_events are mutually exclusive");
  }
  const search = fields.text("search")?.toLowerCase();
  const found = feedOf(call, fields, daysOfRange(call, range)).filter(({ event, properties }) =>
    (included === undefined || included.includes(event)) && !excluded?.includes(event) &&
    (search === undefined || stringifyJson([event, properties]).toLowerCase().includes(search))
  );
  const cursor = fields.json("sentinel_event");
  const start = cursor === undefined
    ? 0
    : 1 + found.findIndex((one) => stringifyJson(cursorOf(one)) === stringifyJson(cursor));
  const events = found.slice(start, start + Math.min(fields.count("limit", 1) ?? MOST_EVENTS, MOST_EVENTS));
  const last = events.at(-1);
  const isCut = last !== undefined && start + events.length < found.length;
  return jsonAnswer({ status: "ok", results: { events, sentinel_event: isCut ? cursorOf(last) : null } });
}

const cursorOf = ({ event, properties: { time, $insert_id } }: Feed) => ({
  event,
  time,
  $insert_id: $insert_id ?? null,
});

/** `between` two days, `since` a day, and the days of a window before now. */
function daysOfRange(call: SandboxCall, range: Record<string, unknown>): Days {
  const { nowMs, timeZone } = reportClock(call);
  const today = dayAt(nowMs, timeZone);
  const day = (name: string) => dayOf(String(range[name] ?? ""), `bookmark.dateRange.${name}`);
  switch (range.type) {
    case "between":
      return { fromDay: day("from"), toDay: day("to") };
    case "since":
      return { fromDay: day("from"), toDay: today.toString() };
    case "relative_after": {
      const days = isObject(range.window) && range.window.unit === "day" ? Number(range.window.value) : DEFAULT_DAYS;
      return { fromDay: today.subtract({ days }).toString(), toDay: today.toString() };
    }
    default:
      throw new Refusal(400, `Invalid parameter bookmark.dateRange.type: '${range.type}'`);
  }
}
