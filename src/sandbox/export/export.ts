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
import type { EventRange, EventRow } from "../store/events.ts";
import { dataExportSurface } from "../surfaces.ts";
import { exportedEvent, exportedHead } from "./line.ts";

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
  const pages = call.store.events.rows(project.id, range);
  const canonicalIds = call.store.identities.canonicalIds(project.id);
  const lines = linesOf(pages, { filter, canonicalIds, timeInMs: fields.isOn("time_in_ms"), ...skipAndTake });
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

/** A page of lines at a time, so that memory doesn't grow with the export. */
async function* linesOf(pages: Iterable<EventRow[]>, options: LineOptions): AsyncGenerator<Uint8Array, void> {
  const { filter, canonicalIds, timeInMs } = options;
  let { skip, take } = options;
  const encoder = new TextEncoder();
  const heads = new Map<string, string>();
  for (const page of pages) {
    let text = "";
    for (const row of page) {
      if (filter !== undefined && !matches(row, filter)) continue;
      if (skip > 0) {
        skip--;
        continue;
      }
      let head = heads.get(row.name);
      if (head === undefined) heads.set(row.name, head = exportedHead(row.name));
      const canonicalId = canonicalIds?.get(row.distinctId);
      const properties = canonicalId === undefined ? row.properties : rekeyed(row, canonicalId);
      const time = timeInMs ? row.timeMs : Math.floor(row.timeMs / 1000);
      text += exportedEvent(head, time, properties) + "\n";
      if (--take === 0) break;
    }
    if (text !== "") yield encoder.encode(text);
    if (take === 0) return;
  }
}

/**
 * An event of someone who is now known by another id. Mixpanel re-keys only some, and late; here it is all, at once.
 */
function rekeyed({ distinctId, properties }: EventRow, canonicalId: string): string {
  const values = parseJson(properties) as Record<string, unknown>;
  return stringifyJson({ ...values, distinct_id: canonicalId, $distinct_id_before_identity: distinctId });
}

function matches({ name, timeMs, distinctId, properties }: EventRow, filter: (event: AnalyticsEvent) => boolean): boolean {
  return filter({ name, timeMs, distinctId, properties: parseJson(properties) as Record<string, unknown> });
}
