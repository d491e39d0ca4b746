/** `/api/2.0/export`: raw events as JSON Lines, at any size. */
import type { AnalyticsEvent } from "../../analytics/event.ts";
import { parseJson, stringifyJson } from "../../streams/json/json.ts";
import { projectReader } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { streamOf } from "../delivery.ts";
import type { SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { storedZone } from "../ingestion/event_time.ts";
import { boundsOf, refuseFuture, requiredDays } from "../query/days.ts";
import { eventFilter } from "../query/expressions.ts";
import { Refusal } from "../refusal.ts";
import { GrowingBytes } from "../../analytics/table/bytes.ts";
import type { EventRange } from "../store/events.ts";
import type { EventCursor } from "../store/events_in_order.ts";
import { dataExportSurface } from "../surfaces.ts";
import { LineWriter } from "./line.ts";

const MOST_LIMIT = 100_000;

export const exportEndpoints: SandboxEndpoint[] = [{
  methods: ["GET", "POST"],
  path: "/export",
  surface: dataExportSurface,
  access: projectReader,
  quota: "export",
  respond: exportEvents,
}];

async function exportEvents(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const { project, nowMs } = call;
  const days = requiredDays(fields);
  refuseFuture(days, nowMs, project.timeZone);
  const where = fields.text("where");
  const filter = where === undefined ? undefined : eventFilter(call, where);
  const skipAndTake = window(fields);
  const range: EventRange = { ...boundsOf(days, exportZone(call)), names: fields.texts("event") };
  const events = call.store.events.inOrder(project.id, range);
  const canonicalIds = call.store.identities.canonicalIds(project.id);
  const lines = linesOf(events, { filter, canonicalIds, timeInMs: fields.isOn("time_in_ms"), ...skipAndTake });
  return new Response(streamOf(lines), { headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** Newer projects export UTC days; older ones, whose stored time is their local clock, the days of that clock. */
function exportZone({ project }: SandboxCall): string {
  return project.storesLocalTime ? storedZone(project) : "UTC";
}

/** `limit` is published; `page`, of so many events each, is the reference's. */
function window(fields: Fields): { skip: number; take: number } {
  const limit = fields.count("limit", 1);
  if (limit === undefined) return { skip: 0, take: Infinity };
  if (limit > MOST_LIMIT) throw new Refusal(400, `limit must not be greater than ${MOST_LIMIT}`);
  return { skip: limit * (fields.count("page") ?? 0), take: limit };
}

interface LineOptions {
  filter?: (event: AnalyticsEvent) => boolean;
  canonicalIds?: ReadonlyMap<string, string>;
  timeInMs: boolean;
  skip: number;
  take: number;
}

/** Lines that are sent together. */
const PAGE_BYTES = 256 * 1024;

/** A page of lines at a time, so that memory doesn't grow with the export. */
async function* linesOf(events: Iterable<EventCursor>, options: LineOptions): AsyncGenerator<Uint8Array, void> {
  const { filter, canonicalIds, timeInMs } = options;
  let { skip, take } = options;
  const page = new GrowingBytes(PAGE_BYTES + PAGE_BYTES / 4);
  const lines = new LineWriter(page, timeInMs);
  for (const event of events) {
    if (filter !== undefined && !matches(event, filter)) continue;
    if (skip > 0) {
      skip--;
      continue;
    }
    const { name, timeMs } = event;
    const canonicalId = canonicalIds?.get(event.distinctId);
    lines.write(name, timeMs, canonicalId === undefined ? event.json : encoder.encode(rekeyed(event, canonicalId)));
    if (--take === 0) break;
    if (page.length < PAGE_BYTES) continue;
    yield page.copy();
    page.length = 0;
  }
  if (page.length > 0) yield page.copy();
}

const encoder = new TextEncoder();

/**
 * An event of someone who is now known by another id. Mixpanel re-keys only some, and late; here it is all, at once.
 */
function rekeyed({ distinctId, properties }: EventCursor, canonicalId: string): string {
  const values = parseJson(properties) as Record<string, unknown>;
  return stringifyJson({ ...values, distinct_id: canonicalId, $distinct_id_before_identity: distinctId });
}

function matches(
  { name, timeMs, distinctId, properties }: EventCursor,
  filter: (event: AnalyticsEvent) => boolean,
): boolean {
  return filter({ name, timeMs, distinctId, properties: parseJson(properties) as Record<string, unknown> });
}
