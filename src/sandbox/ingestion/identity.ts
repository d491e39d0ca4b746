/** Joins the ids of one person, by what events say of them and by the rules of the project's ID merge. */
import { USER_GROUP_KEY } from "../store/profiles.ts";
import type { Project } from "../store/projects.ts";
import type { Store } from "../store/store.ts";
import type { SentEvent } from "./record.ts";

/** The events that speak of ids and nothing else. */
export const IDENTITY_EVENT_NAMES: ReadonlySet<unknown> = new Set(["$identify", "$create_alias", "$merge"]);

/** Ids that a person can have with the original ID merge. */
const MOST_IDS = 500;
const UUID_4 = /^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i;
const DEVICE = "$device:";

/**
 * Joins what the stored events of a request join. An event that breaks a rule joins nothing, and nobody is told: the
 * servers have answered by the time they look.
 */
export function joinIdentities(
  store: Store,
  project: Project,
  events: readonly SentEvent[],
  endpoint: "track" | "import",
): void {
  const telling = project.identity === "simplified"
    ? events.filter((event) => deviceAndUser(event.properties ?? {}) !== undefined)
    : events.filter(({ event }) => IDENTITY_EVENT_NAMES.has(event));
  if (telling.length === 0) return;
  store.profiles.change(() => {
    for (const { event, properties = {} } of telling) {
      if (project.identity === "simplified") bindDevice(store, project, properties);
      else if (event === "$create_alias") alias(store, project, properties);
      // Older projects know nothing but aliases.
      else if (project.identity === "original") {
        if (event === "$identify") identify(store, project, properties);
        else merge(store, project, properties, endpoint);
      }
    }
  });
}

/**
 * The id that a project with the simplified ID merge stores: the user's, or else the device's. A bare id is a user's
 * unless it says that it is a device's. Undefined when an event has none.
 */
export function simplifiedId(properties: Record<string, unknown>): string | undefined {
  const { userId, deviceId } = simplifiedIds(properties);
  return userId ?? (deviceId === undefined ? undefined : DEVICE + deviceId);
}

/**
 * What ingestion adds to an event of such a project: the `$user_id` or `$device_id` that a bare id stands for, and a device
 * without its prefix.
 */
export function simplifiedMembers(properties: Record<string, unknown>): Record<string, string> {
  const { userId, deviceId } = simplifiedIds(properties);
  return {
    ...(userId !== undefined && idOf(properties.$user_id) === undefined && { $user_id: userId }),
    ...(deviceId !== undefined && idOf(properties.$device_id) !== deviceId && { $device_id: deviceId }),
  };
}

function simplifiedIds(properties: Record<string, unknown>): { userId?: string; deviceId?: string } {
  const bare = idOf(properties.distinct_id);
  const isDevice = bare?.startsWith(DEVICE) ?? false;
  return {
    userId: idOf(properties.$user_id) ?? (isDevice ? undefined : bare),
    deviceId: withoutPrefix(idOf(properties.$device_id) ?? (isDevice ? bare : undefined)),
  };
}

function deviceAndUser(properties: Record<string, unknown>): { userId: string; deviceId: string } | undefined {
  const { userId, deviceId } = simplifiedIds(properties);
  return userId === undefined || deviceId === undefined ? undefined : { userId, deviceId };
}

/** The first user of a device keeps it. What is known of the device's profile stays behind. */
function bindDevice({ identities }: Store, { id: projectId }: Project, properties: Record<string, unknown>): void {
  const { userId, deviceId } = deviceAndUser(properties)!;
  const device = DEVICE + deviceId;
  if (identities.resolve(projectId, device) === device) identities.join(projectId, device, userId);
}

/**
 * The anonymous id must have the form of a UUID, with or without `$device:` before it, and belong to nobody yet. The
 * browser SDK has other names for the two than the documentation.
 */
function identify(store: Store, project: Project, properties: Record<string, unknown>): void {
  const user = idOf(properties.$identified_id) ?? idOf(properties.$user_id) ?? idOf(properties.distinct_id);
  const anonymous = idOf(properties.$anon_id) ?? idOf(properties.$anon_distinct_id);
  if (user === undefined || anonymous === undefined || !UUID_4.test(withoutPrefix(anonymous)!)) return;
  if (store.identities.countIds(project.id, anonymous) === 1) join(store, project, anonymous, user);
}

/** An alias belongs to whoever had it first. */
function alias(store: Store, project: Project, properties: Record<string, unknown>): void {
  const user = idOf(properties.distinct_id);
  const name = idOf(properties.alias);
  if (user === undefined || name === undefined) return;
  if (store.identities.countIds(project.id, name) === 1) join(store, project, name, user);
}

/** `/import` takes two ids, as published; the reference's form of `/track` takes any number. */
function merge(
  store: Store,
  project: Project,
  properties: Record<string, unknown>,
  endpoint: "track" | "import",
): void {
  const list = properties.$distinct_ids;
  if (!Array.isArray(list) || list.length < 2 || (endpoint === "import" && list.length > 2)) return;
  const [first, ...others] = list.map(idOf);
  for (const other of others) {
    if (first !== undefined && other !== undefined) join(store, project, other, first);
  }
}

function join({ identities, profiles }: Store, { id: projectId }: Project, id: string, into: string): void {
  const [from, to] = [identities.resolve(projectId, id), identities.resolve(projectId, into)];
  if (from === to || identities.countIds(projectId, from) + identities.countIds(projectId, to) > MOST_IDS) return;
  identities.join(projectId, from, to);
  const left = profiles.get(projectId, USER_GROUP_KEY, from);
  if (left === undefined) return;
  // One profile for one person; where both say something, the remaining one is believed.
  profiles.put(projectId, USER_GROUP_KEY, to, { ...left, ...profiles.get(projectId, USER_GROUP_KEY, to) });
  profiles.delete(projectId, USER_GROUP_KEY, from);
}

function idOf(value: unknown): string | undefined {
  const isId = (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "bigint";
  return isId ? String(value) : undefined;
}

/** One prefix is removed a device id that was sent with it. */
function withoutPrefix(deviceId: string | undefined): string | undefined {
  return deviceId?.startsWith(DEVICE) ? deviceId.slice(DEVICE.length) : deviceId;
}
