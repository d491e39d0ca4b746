/** `/data-definitions/events/drop-filters/`: events that are thrown away as they come in. Each change answers the list. */
import { timestamp } from "../app/author.ts";
import type { Stored } from "../app/collection.ts";
import { readBody } from "../app/body.ts";
import type { Body } from "../app/body.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { eventFilterOf, filterClock } from "./property_filters.ts";
import { reads, writes } from "./rights.ts";

/** The kind of saved objects that drop filters are. */
export const DROP_FILTER = "drop_filter";

const MOST_FILTERS = 15;
const PATH = "events/drop-filters/";

export interface SavedDropFilter {
  eventName: string;
  filters: unknown[];
  active: boolean;
  createdMs: number;
}

export const dropFilterEndpoints: SandboxEndpoint[] = [
  reads(PATH, list),
  writes("POST", PATH, create),
  writes("PATCH", PATH, update),
  writes("DELETE", PATH, remove),
  reads(`${PATH}limits/`, () => appAnswer({ filterLimit: MOST_FILTERS })),
];

function saved({ store, project }: SandboxCall): Stored<SavedDropFilter>[] {
  return store.savedObjects.list(project.id, DROP_FILTER);
}

function list(call: SandboxCall): Response {
  return appAnswer(
    saved(call).map(({ id, body: { createdMs, ...rest } }) => ({
      id,
      ...rest,
      displayName: rest.eventName,
      created: timestamp(createdMs),
    })),
  );
}

async function create(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  if (saved(call).length >= MOST_FILTERS) throw new Refusal(400, `A project can have ${MOST_FILTERS} drop filters`);
  const filter: SavedDropFilter = {
    eventName: eventNameOf(body) ?? body.requiredText("eventName"),
    filters: filtersOf(call, body) ?? [],
    active: true,
    createdMs: call.nowMs,
  };
  if (filter.filters.length === 0) throw body.refusal("filters", "this field is required");
  call.store.savedObjects.add(call.project.id, DROP_FILTER, filter);
  return list(call);
}

async function update(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const { id, body: before } = named(call, body);
  call.store.savedObjects.put(call.project.id, DROP_FILTER, id, {
    ...before,
    eventName: eventNameOf(body) ?? before.eventName,
    filters: filtersOf(call, body) ?? before.filters,
    active: body.truth("active") ?? before.active,
  });
  return list(call);
}

async function remove(call: SandboxCall): Promise<Response> {
  const { id } = named(call, await readBody(call));
  call.store.savedObjects.delete(call.project.id, DROP_FILTER, id);
  return list(call);
}

/** A client of Mixpanel's own sends `event_name`. */
function eventNameOf(body: Body): string | undefined {
  return body.text("eventName") ?? body.text("event_name");
}

function named(call: SandboxCall, body: Body): Stored<SavedDropFilter> {
  const id = body.id("id");
  if (id === undefined) throw body.refusal("id", "this field is required");
  const found = saved(call).find((one) => one.id === id);
  if (found === undefined) throw new Refusal(404, "Drop filter not found");
  return found;
}

/** @throws Refusal 400 for filters that nothing could be held against. */
function filtersOf(call: SandboxCall, body: Body): unknown[] | undefined {
  const filters = body.list("filters");
  if (filters !== undefined) eventFilterOf(filterClock(call), filters);
  return filters;
}
