/**
 * Saved metrics and behaviors, which reports name by their ids. Answers are maps from ids to rows, also for one; the
 * quirks are those that were recorded of the real server.
 */
import { isObject } from "../../streams/json/is_object.ts";
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast } from "./access.ts";
import { type Author, type Authorship, authorshipOf, timestamp } from "./author.ts";
import { type Body, idOf, readBody } from "./body.ts";
import type { Stored } from "./collection.ts";
import { requireFeature } from "../plan.ts";

/** The kinds of saved objects. */
export const METRIC = "metric";
export const BEHAVIOR = "behavior";
type Kind = typeof METRIC | typeof BEHAVIOR;

/** A metric or behavior as it is saved, under its id. */
export interface SavedMetric extends Authorship {
  name: string;
  type: string;
  description?: string | null;
  definition: Readonly<Record<string, unknown>>;
  /** Other fields as they were sent: `goals`, `display`, `contacts` … */
  more: Readonly<Record<string, unknown>>;
  verified: boolean;
  verifiedMs?: number;
  verifier?: Author;
  owner?: Readonly<Record<string, unknown>>;
  deletedMs?: number;
}

const TYPES: Readonly<Record<Kind, readonly string[]>> = {
  metric: ["metric", "formula", "warehouse"],
  behavior: ["simple", "funnel", "retention"],
};

/** What a definition must have, by type. */
const NEEDED: Readonly<Record<string, string>> = {
  metric: "behavior",
  formula: "definition",
  warehouse: "query",
  simple: "behavior",
  funnel: "behavior",
  retention: "behavior",
};

const WRITABLE = ["name", "type", "definition", "description", "warehouse_source_id", "goals", "display"];
const MOST_CHARACTERS = 255;

export const savedMetricEndpoints: SandboxEndpoint[] = [
  ...endpointsOf(METRIC, "/projects/{project_id}/metrics"),
  ...endpointsOf(BEHAVIOR, "/projects/{project_id}/behaviors"),
];

/** The definition of a saved metric; undefined for an id that none has. */
export function savedMetric(call: SandboxCall, id: number): SavedMetric | undefined {
  return found(call, METRIC, id)?.body;
}

/** The definition of a saved behavior; undefined for an id that none has. */
export function savedBehavior(call: SandboxCall, id: number): SavedMetric | undefined {
  return found(call, BEHAVIOR, id)?.body;
}

function endpointsOf(kind: Kind, path: string): SandboxEndpoint[] {
  const read = { surface: appSurface, access: appUser } as const;
  const write = { surface: appSurface, access: atLeast("analyst", appUser) } as const;
  const one = `${path}/{id}`;
  return [
    { ...read, methods: ["GET"], path, respond: (call) => rows(active(call, kind)) },
    { ...write, methods: ["POST"], path, respond: async (call) => create(call, kind, await readBody(call)) },
    { ...write, methods: ["PATCH"], path, respond: async (call) => updateMany(call, kind, await readBody(call)) },
    { ...write, methods: ["DELETE"], path, respond: async (call) => removeMany(call, kind, await readBody(call)) },
    { ...read, methods: ["GET"], path: one, respond: (call) => rows([named(call, kind)]) },
    {
      ...write,
      methods: ["PATCH"],
      path: one,
      respond: async (call) => rows([update(call, kind, named(call, kind), await readBody(call))]),
    },
    { ...write, methods: ["DELETE"], path: one, respond: (call) => removeOne(call, kind) },
  ];
}

function create(call: SandboxCall, kind: Kind, body: Body): Response {
  requireFeature(call, "metrics", `Cannot save ${kind} with your current plan`);
  const { name, type, description, definition, ...more } = checked(body, kind) as SavedMetric & Record<string, unknown>;
  requireFreeName(call, kind, name);
  // `verified` and `owned_by` are not taken at creation.
  const saved: SavedMetric = { name, type, description, definition, more, verified: false, ...authorshipOf(call) };
  return rows([{ id: call.store.savedObjects.add(call.project.id, kind, saved), body: saved }]);
}

/** The body of a creation, if it is one that the server's JSON schema lets through. */
function checked(body: Body, kind: Kind): Record<string, unknown> {
  const { fields } = body;
  const refuse = (path: string[], error: string) =>
    new Refusal(400, error, { fields: { request: escaped(JSON.stringify(fields)), details: { path, schema: {} } } });
  const { verified: _verified, owned_by: _owner, ...known } = fields;
  const stranger = Object.keys(known).find((name) => !WRITABLE.includes(name));
  if (stranger !== undefined) throw refuse([], `Additional properties are not allowed ('${stranger}' was unexpected)`);
  for (const name of ["name", "type", "definition"]) {
    if (!(name in known)) throw refuse([], `'${name}' is a required property`);
  }
  const { name, type, definition, description } = known;
  if (typeof name !== "string" || name === "") throw refuse(["name"], "name is not of type 'string'");
  if (!TYPES[kind].includes(type as string)) {
    throw refuse(["type"], `'${type}' is not one of [${TYPES[kind].join(", ")}]`);
  }
  const needed = NEEDED[type as string]!;
  if (!isObject(definition) || definition[needed] === undefined) {
    throw refuse(["definition"], `'${needed}' is a required property`);
  }
  for (const text of [name, description]) {
    if (typeof text === "string" && text.length > MOST_CHARACTERS) throw unexpected();
  }
  return known;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

function unexpected(): Refusal {
  const message = "An unexpected error occurred. Error ID: 00000000000000000000000000000000";
  return new Refusal(500, message, { fields: { message } });
}

function requireFreeName(call: SandboxCall, kind: Kind, name: string): void {
  if (active(call, kind).some(({ body }) => body.name === name)) {
    throw new Refusal(409, `A ${kind} with that name already exists`);
  }
}

/** Without checks, and `type` stays what it is. */
function update(
  call: SandboxCall,
  kind: Kind,
  { id, body: before }: Stored<SavedMetric>,
  body: Body,
): Stored<SavedMetric> {
  const { id: _id, name, type: _type, definition, description, verified, owned_by: owner, ...more } = body.fields;
  const isVerified = typeof verified === "boolean" ? verified : before.verified;
  const authorship = authorshipOf(call, before);
  const after: SavedMetric = {
    ...before,
    ...authorship,
    name: typeof name === "string" ? name : before.name,
    definition: isObject(definition) ? definition : before.definition,
    description: description === undefined ? before.description : String(description),
    verified: isVerified,
    ...(isVerified && !before.verified ? { verifiedMs: call.nowMs, verifier: authorship.modifier } : {}),
    owner: isObject(owner) ? owner : before.owner,
    more: { ...before.more, ...more },
  };
  call.store.savedObjects.put(call.project.id, kind, id, after);
  return { id, body: after };
}

function updateMany(call: SandboxCall, kind: Kind, body: Body): Response {
  const changes = body.objects(`${kind}s`) ?? [];
  const members = changes.map((change) => ({ change, member: known(call, kind, change.fields.id) }));
  return rows(members.map(({ change, member }) => update(call, kind, member, change)));
}

/** Ids that no member has are skipped. */
function removeMany(call: SandboxCall, kind: Kind, body: Body): Response {
  for (const { fields } of body.objects(`${kind}s`) ?? []) {
    const member = found(call, kind, fields.id);
    if (member !== undefined) remove(call, kind, member);
  }
  return appAnswer({});
}

function removeOne(call: SandboxCall, kind: Kind): Response {
  if (kind === METRIC) throw new Refusal(501, "NOT IMPLEMENTED");
  remove(call, kind, named(call, kind));
  return appAnswer({});
}

/** Deletion is soft: the row stays, and is found by nobody. */
function remove(call: SandboxCall, kind: Kind, { id, body }: Stored<SavedMetric>): void {
  call.store.savedObjects.put(call.project.id, kind, id, { ...body, deletedMs: call.nowMs });
}

function active(call: SandboxCall, kind: Kind): Stored<SavedMetric>[] {
  return call.store.savedObjects.list<SavedMetric>(call.project.id, kind)
    .filter(({ body }) => body.deletedMs === undefined);
}

function found(call: SandboxCall, kind: Kind, id: unknown): Stored<SavedMetric> | undefined {
  const number = idOf(id);
  const body = number === undefined
    ? undefined
    : call.store.savedObjects.get<SavedMetric>(call.project.id, kind, number);
  return number === undefined || body === undefined || body.deletedMs !== undefined ? undefined : { id: number, body };
}

const named = (call: SandboxCall, kind: Kind): Stored<SavedMetric> => known(call, kind, call.path.id);

/** An unknown metric is a 404, and an unknown behavior a fault of the server. */
function known(call: SandboxCall, kind: Kind, id: unknown): Stored<SavedMetric> {
  const member = found(call, kind, id);
  if (member === undefined) throw kind === METRIC ? new Refusal(404, `Metric ${String(id)} not found`) : unexpected();
  return member;
}

function rows(members: readonly Stored<SavedMetric>[]): Response {
  return appAnswer(Object.fromEntries(members.map((member) => [String(member.id), describe(member)])));
}

function describe({ id, body }: Stored<SavedMetric>) {
  return {
    id,
    name: body.name,
    type: body.type,
    description: body.description ?? "",
    definition: body.definition,
    can_view: true,
    can_update_basic: true,
    can_share: true,
    is_visible: true,
    is_locked: false,
    contacts: [],
    ...body.more,
    created: timestamp(body.createdMs),
    created_by: body.creator,
    modified: timestamp(body.modifiedMs),
    last_verified: body.verifiedMs === undefined ? null : timestamp(body.verifiedMs),
    last_verified_by: body.verifier ?? null,
    owned_by: body.owner ?? null,
    verified: body.verified,
  };
}
