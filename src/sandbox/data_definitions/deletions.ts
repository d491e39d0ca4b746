/** `/data-definitions/events/deletion-requests/`: events go when the time of their request has come. */
import { authorOf, timestamp } from "../app/author.ts";
import { type Body, readBody } from "../app/body.ts";
import type { Stored } from "../app/collection.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Fields } from "../fields.ts";
import { storedZone } from "../ingestion/event_time.ts";
import { boundsOf, type Days, requiredDays } from "../query/days.ts";
import { Refusal } from "../refusal.ts";
import { userOf } from "./history.ts";
import { eventFilterOf, filterClock } from "./property_filters.ts";
import { reads, writes } from "./rights.ts";

/** The kind of saved objects that requests are. */
export const DELETION_REQUEST = "event_deletion";

const PATH = "events/deletion-requests/";
const DAY_MS = 86_400_000;
const MOST_DAYS_BACK = 180;
const MOST_IN_A_MONTH = 10;

export interface SavedDeletion {
  eventName: string;
  fromDate: string;
  toDate: string;
  filters?: unknown;
  requestingUser: string;
  requestedMs: number;
  /** When its turn comes: then it is processed. */
  turnMs: number;
  /** How many events it has deleted, when it has been carried out. */
  deletedCount?: number;
}

export const deletionEndpoints: SandboxEndpoint[] = [
  reads(PATH, list),
  writes("POST", PATH, create, "event_deletion"),
  writes("DELETE", PATH, cancel, "event_deletion"),
  writes("POST", `${PATH}preview-filters/`, preview, "event_deletion"),
];

/** Each state lasts as long as those of the other tasks. */
function statusOf(call: SandboxCall, { turnMs, deletedCount }: SavedDeletion): string {
  if (deletedCount !== undefined) return "Completed";
  return call.nowMs - turnMs < call.services.settings.gdprStageMs ? "Submitted" : "Processing";
}

/** There is no process in the background: what is due is carried out when the family is next asked for anything. */
function requests(call: SandboxCall): Stored<SavedDeletion>[] {
  const { store: { savedObjects }, project, services: { settings } } = call;
  return savedObjects.list<SavedDeletion>(project.id, DELETION_REQUEST).map(({ id, body }) => {
    const isDue = body.deletedCount === undefined && call.nowMs - body.turnMs >= 2 * settings.gdprStageMs;
    if (!isDue) return { id, body };
    const done = { ...body, deletedCount: carryOut(call, body) };
    savedObjects.put(project.id, DELETION_REQUEST, id, done);
    return { id, body: done };
  });
}

function carryOut(call: SandboxCall, { eventName, fromDate, toDate, filters }: SavedDeletion): number {
  const { store: { events }, project } = call;
  const bounds = boundsOf({ fromDay: fromDate, toDay: toDate }, storedZone(project));
  const isMeant = filters === undefined || filters === null ? undefined : eventFilterOf(filterClock(call), filters);
  const before = events.count(project.id);
  events.delete(project.id, { ...bounds, names: [eventName] }, isMeant);
  return before - events.count(project.id);
}

function list(call: SandboxCall): Response {
  return appAnswer(
    requests(call).map(({ id, body }) => ({
      id,
      eventName: body.eventName,
      fromDate: body.fromDate,
      toDate: body.toDate,
      filters: body.filters ?? null,
      status: statusOf(call, body),
      deletedEventsCount: body.deletedCount ?? 0,
      created: timestamp(body.requestedMs),
      requestingUser: userOf(body.requestingUser),
    })),
  );
}

async function create(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const { eventName, fromDay, toDay } = whatOf(body);
  const filters = filtersOf(call, body);
  const monthAgoMs = call.nowMs - 30 * DAY_MS;
  if (requests(call).filter((one) => one.body.requestedMs > monthAgoMs).length >= MOST_IN_A_MONTH) {
    throw new Refusal(400, `Cannot make more than ${MOST_IN_A_MONTH} deletion requests in a month`);
  }
  if (Date.parse(fromDay) < call.nowMs - (MOST_DAYS_BACK + 1) * DAY_MS) {
    throw new Refusal(400, `fromDate: events can be deleted within ${MOST_DAYS_BACK} days`);
  }
  const deletion: SavedDeletion = {
    eventName,
    fromDate: fromDay,
    toDate: toDay,
    filters,
    requestingUser: authorOf(call).email,
    requestedMs: call.nowMs,
    turnMs: call.nowMs,
  };
  call.store.savedObjects.add(call.project.id, DELETION_REQUEST, deletion);
  return list(call);
}

/** Possible until the events are gone. */
async function cancel(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const id = body.id("id");
  const found = requests(call).find((one) => one.id === id);
  if (found === undefined) throw new Refusal(404, "Deletion request not found");
  if (found.body.deletedCount !== undefined) throw new Refusal(400, "Deletion request has already been completed");
  call.store.savedObjects.delete(call.project.id, DELETION_REQUEST, found.id);
  return list(call);
}

/** The filters as they are understood, as a list. Their normal form is not known: it is theirs. */
async function preview(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  whatOf(body);
  const filters = filtersOf(call, body) ?? [];
  return appAnswer(Array.isArray(filters) ? filters : [filters]);
}

function whatOf(body: Body): Days & { eventName: string } {
  const eventName = body.requiredText("eventName");
  const days = { from_date: body.requiredText("fromDate"), to_date: body.requiredText("toDate") };
  return { eventName, ...requiredDays(new Fields(new URLSearchParams(), undefined, days)) };
}

/** @throws Refusal 400 for filters that nothing could be held against. */
function filtersOf(call: SandboxCall, body: Body): unknown {
  const { filters } = body.fields;
  if (filters === undefined || filters === null) return undefined;
  if (JSON.stringify(filters) === "{}" || JSON.stringify(filters) === "[]") return undefined;
  eventFilterOf(filterClock(call), filters);
  return filters;
}
