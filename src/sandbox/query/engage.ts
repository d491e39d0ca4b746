/** Profile queries: `/engage`, in pages, and the reference's `/engage/query` for one. */
import { isObject } from "../../streams/json/is_object.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { USER_GROUP_KEY } from "../store/profiles.ts";
import { behaviorsOf } from "./behaviors.ts";
import { type CohortMembers, rawCohortMembers, savedCohortMembers } from "./cohort_members.ts";
import { profileFilter, profileValue } from "./expressions.ts";
import type { ProfileSession } from "./profile_sessions.ts";
import { report } from "./report.ts";

const MOST_PAGE_SIZE = 1000;

export const engageEndpoints: SandboxEndpoint[] = [
  { ...report("/engage", page, ["GET", "POST"]), quota: isFirstPage },
  report("/engage/query", one, ["GET", "POST"]),
  report("/engage/properties", propertyNames, ["GET", "POST"]),
];

/** Later pages of a session are free. */
async function isFirstPage(call: SandboxCall): Promise<"query" | undefined> {
  return (await call.fields()).text("session_id") === undefined ? "query" : undefined;
}

/** A page. What matches is decided by the first one, so that a user who changes on the way is not lost. */
function page(call: SandboxCall, fields: Fields): Response {
  const number = fields.count("page") ?? 0;
  const sessionId = fields.text("session_id");
  if (number > 0 && sessionId === undefined) {
    throw new Refusal(400, "session_id is required when page is greater than 0");
  }
  // What people did is computed as of now, which is another moment for each page.
  if (number > 0 && fields.text("behaviors") !== undefined && fields.text("as_of_timestamp") === undefined) {
    throw new Refusal(400, "request for page in uncached query for params");
  }
  const session = sessionId === undefined ? start(call, fields) : resume(call, sessionId);
  const { distinctIds, pageSize, groupKey } = session;
  const chosen = distinctIds.slice(number * pageSize, (number + 1) * pageSize);
  const outputProperties = fields.texts("output_properties");
  const results = chosen.map((id) => ({
    $distinct_id: id,
    $properties: only(call.store.profiles.get(call.project.id, groupKey, id) ?? {}, outputProperties),
  }));
  return jsonAnswer({
    page: number,
    page_size: pageSize,
    session_id: session.id,
    status: "ok",
    // The size of the whole result is said once.
    ...(number === 0 ? { total: distinctIds.length } : {}),
    results,
  });
}

function start(call: SandboxCall, fields: Fields): ProfileSession {
  const pageSize = Math.min(fields.count("page_size", 1) ?? call.services.settings.profilePageSize, MOST_PAGE_SIZE);
  const groupKey = groupKeyOf(call, fields);
  const distinctIds = sorted(call, fields, groupKey, matchingProfiles(call, fields, groupKey));
  return call.services.profileSessions.start({ projectId: call.project.id, groupKey, distinctIds, pageSize });
}

function resume(call: SandboxCall, sessionId: string): ProfileSession {
  const session = call.services.profileSessions.find(sessionId, call.project.id);
  if (session === undefined) throw new Refusal(400, "session_id is unknown or has expired");
  return session;
}

/** In the order of `sort_key`; profiles without a value come last. */
function sorted(call: SandboxCall, fields: Fields, groupKey: string, found: Iterable<string>): string[] {
  const ids = [...found];
  const key = fields.text("sort_key");
  const isFalling = fields.choice("sort_order", ["ascending", "descending"]) === "descending";
  if (key === undefined) return ids;
  const valueOf = profileValue(call, key);
  const { store: { profiles }, project } = call;
  const values = new Map(ids.map((id) => [id, valueOf(profiles.get(project.id, groupKey, id) ?? {})]));
  return ids.sort((one, other) => compareValues(values.get(one), values.get(other), isFalling));
}

function compareValues(one: unknown, other: unknown, isFalling: boolean): number {
  const [hasOne, hasOther] = [one, other].map((value) => value !== undefined && value !== null);
  if (!hasOne || !hasOther) return Number(hasOther) - Number(hasOne);
  const areNumbers = typeof one === "number" && typeof other === "number";
  const order = areNumbers ? one - other : String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0;
  return isFalling ? -order : order;
}

/** Where `search` looks, besides the id. */
const SEARCHED = ["$name", "$first_name", "$last_name", "$email"];

/**
 * Ids of the profiles that a request asks for.
 *
 * @throws Refusal 400
 */
export function* matchingProfiles(call: SandboxCall, fields: Fields, groupKey: string): Generator<string, void> {
  const { store: { profiles, identities }, project } = call;
  const condition = fields.text("where") ?? fields.text("selector");
  const where = condition === undefined ? undefined : profileFilter(call, condition);
  const cohort = cohortOf(call, fields);
  const behaviors = behaviorsOf(call, fields);
  if (behaviors && cohort) throw new Refusal(400, "behaviors and filter_by_cohort exclude each other");
  const accepts = (id: string, properties: Record<string, unknown>) =>
    (where?.(properties, behaviors?.(id)) ?? true) && (cohort?.has(id, properties) ?? true) && isFound(id, properties);
  const searched = fields.text("search")?.toLowerCase();
  const isFound = (id: string, properties: Record<string, unknown>) =>
    searched === undefined ||
    [id, ...SEARCHED.map((name) => properties[name])].some((one) => String(one ?? "").toLowerCase().includes(searched));

  const one = fields.text("distinct_id");
  const named = one === undefined ? fields.texts("distinct_ids") : [one];
  if (named === undefined) {
    for (const { distinctId, properties } of profiles.all(project.id, groupKey)) {
      if (accepts(distinctId, properties)) yield distinctId;
    }
    if (cohort !== undefined && fields.text("include_all_users") !== "false") {
      yield* withoutProfile(call, cohort, accepts);
    }
    return;
  }
  const ids = groupKey === USER_GROUP_KEY ? named.map((id) => identities.resolve(project.id, id)) : named;
  for (const id of new Set(ids)) {
    const properties = profiles.get(project.id, groupKey, id);
    if (properties !== undefined && accepts(id, properties)) yield id;
  }
}

/** Members of a cohort who have no profile: they come with empty properties. */
function* withoutProfile(
  { store: { profiles }, project }: SandboxCall,
  cohort: CohortMembers,
  accepts: (id: string, properties: Record<string, unknown>) => boolean,
): Generator<string, void> {
  for (const id of cohort.ids()) {
    if (profiles.get(project.id, USER_GROUP_KEY, id) === undefined && accepts(id, {})) yield id;
  }
}

/** `{"id": 1234}`, or `{"raw_cohort": {…}}`, which is a definition that nobody has saved. */
function cohortOf(call: SandboxCall, fields: Fields): CohortMembers | undefined {
  const value = fields.json("filter_by_cohort");
  if (value === undefined) return undefined;
  if (isObject(value) && value.raw_cohort !== undefined) return rawCohortMembers(call, value.raw_cohort);
  if (!isObject(value) || !Number.isSafeInteger(Number(value.id))) {
    throw new Refusal(400, "Invalid parameter filter_by_cohort: it names no cohort id");
  }
  return savedCohortMembers(call, Number(value.id));
}

/** Profiles of users, or of the groups that a data group id stands for. */
export function groupKeyOf({ store, project }: SandboxCall, fields: Fields): string {
  const wanted = fields.text("data_group_id");
  if (wanted === undefined) return USER_GROUP_KEY;
  const group = store.profiles.dataGroups(project.id).find(({ id }) => id === wanted);
  if (group === undefined) throw new Refusal(400, `data_group_id ${wanted} not found`);
  return group.groupKey;
}

/** The reference's form: the profile itself. */
function one(call: SandboxCall, fields: Fields): Response {
  const id = call.store.identities.resolve(call.project.id, fields.requiredText("distinct_id"));
  const properties = call.store.profiles.get(call.project.id, USER_GROUP_KEY, id);
  if (properties === undefined) throw new Refusal(404, `Profile '${fields.text("distinct_id")}' not found`);
  return jsonAnswer({ $distinct_id: id, $properties: only(properties, fields.texts("output_properties")) });
}

/** How many profiles have each property, and what type it is. Not published, and used by several connectors. */
function propertyNames({ store, project }: SandboxCall): Response {
  const found = new Map<string, { count: number; type: string }>();
  for (const { properties } of store.profiles.all(project.id)) {
    for (const [name, value] of Object.entries(properties)) {
      const known = found.get(name);
      if (known) known.count++;
      else found.set(name, { count: 1, type: typeOf(value) });
    }
  }
  return jsonAnswer({ results: Object.fromEntries(found), status: "ok" });
}

/** The properties that were asked for. */
function only(properties: Record<string, unknown>, names: readonly string[] | undefined): Record<string, unknown> {
  if (names === undefined) return properties;
  const kept = names.filter((name) => Object.hasOwn(properties, name));
  return Object.fromEntries(kept.map((name) => [name, properties[name]]));
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (typeof value === "bigint") return "number";
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value)) return "datetime";
  return value === null ? "null" : typeof value;
}
