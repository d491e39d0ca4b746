/** `/data-definitions/schema/`: what happens to events outside the plan. */
import type { Body, JsonObject } from "../app/body.ts";
import { readBody } from "../app/body.ts";
import { authorOf, timestamp } from "../app/author.ts";
import { userOf } from "./history.ts";
import type { SavedSchema } from "../app/lexicon_entries.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import type { Store } from "../store/store.ts";
import { reads, writes } from "./rights.ts";

/** The kind of saved objects that enforcements are: a project has one, under one id. */
export const ENFORCEMENT = "schema_enforcement";
const ID = 1;

const RULES = ["Warn and Accept", "Warn and Hide", "Warn and Drop"] as const;

export interface SavedEnforcement {
  ruleEvent: typeof RULES[number];
  notificationEmails: string[];
  /** Names of events of the plan, beside those with a schema. */
  events: unknown[];
  commonProperties: unknown[];
  userProperties: unknown[];
  initializedBy: string;
  modifiedBy: string;
  createdMs: number;
  modifiedMs: number;
}

const RIGHT = "write_data_definition_schema";

export const enforcementEndpoints: SandboxEndpoint[] = [
  reads("schema/", get),
  writes("POST", "schema/", create, RIGHT),
  writes("PATCH", "schema/", update, RIGHT),
  writes("PUT", "schema/", replace, RIGHT),
  writes("DELETE", "schema/", remove, RIGHT),
];

export function enforcementOf({ savedObjects }: Store, projectId: number): SavedEnforcement | undefined {
  return savedObjects.get<SavedEnforcement>(projectId, ENFORCEMENT, ID);
}

/** Whether an event is in the plan. Mixpanel's own events always are. */
export function isPlanned({ events }: SavedEnforcement, name: string, entry: SavedSchema | undefined): boolean {
  if (name.startsWith("$")) return true;
  return (entry !== undefined && !entry.hasNoSchema) || events.includes(name);
}

function get(call: SandboxCall): Response {
  const shown = describe(required(call));
  const fields = call.url.searchParams.get("fields")?.split(",").map((name) => name.trim());
  if (fields === undefined) return appAnswer(shown);
  return appAnswer(Object.fromEntries(Object.entries(shown).filter(([name]) => fields.includes(name))));
}

async function create(call: SandboxCall): Promise<Response> {
  const ruleEvent = ruleOf(await readBody(call));
  if (ruleEvent === undefined) throw new Refusal(400, "ruleEvent: this field is required");
  return save(call, { ...started(call), ruleEvent });
}

async function update(call: SandboxCall): Promise<Response> {
  const before = required(call);
  const body = await readBody(call);
  const { events } = { events: body.list("events") };
  return save(call, {
    ...before,
    ruleEvent: ruleOf(body) ?? before.ruleEvent,
    notificationEmails: body.texts("notificationEmails") ?? before.notificationEmails,
    events: events ?? before.events,
  });
}

async function replace(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const ruleEvent = ruleOf(body);
  const lists: JsonObject = {};
  for (const name of ["events", "commonProperties", "userProperties", "notificationEmails"]) {
    lists[name] = body.list(name);
    if (lists[name] === undefined) throw body.refusal(name, "this field is required");
  }
  if (ruleEvent === undefined) throw body.refusal("ruleEvent", "this field is required");
  const before = enforcementOf(call.store, call.project.id);
  return save(call, { ...started(call), ...before, ...lists, ruleEvent });
}

function remove(call: SandboxCall): Response {
  required(call);
  call.store.savedObjects.delete(call.project.id, ENFORCEMENT, ID);
  return jsonAnswer({ status: "ok" });
}

function required(call: SandboxCall): SavedEnforcement {
  const found = enforcementOf(call.store, call.project.id);
  if (found === undefined) throw new Refusal(404, "Schema enforcement is not configured");
  return found;
}

function started(call: SandboxCall): SavedEnforcement {
  const { email } = authorOf(call);
  return {
    ruleEvent: "Warn and Accept",
    notificationEmails: [],
    events: [],
    commonProperties: [],
    userProperties: [],
    initializedBy: email,
    modifiedBy: email,
    createdMs: call.nowMs,
    modifiedMs: call.nowMs,
  };
}

function save(call: SandboxCall, enforcement: SavedEnforcement): Response {
  const saved = { ...enforcement, modifiedBy: authorOf(call).email, modifiedMs: call.nowMs };
  call.store.savedObjects.put(call.project.id, ENFORCEMENT, ID, saved);
  return appAnswer(describe(saved));
}

function ruleOf(body: Body): SavedEnforcement["ruleEvent"] | undefined {
  return body.choice("ruleEvent", RULES);
}

function describe(saved: SavedEnforcement): JsonObject {
  const { createdMs, modifiedMs, modifiedBy, initializedBy, ...rest } = saved;
  return {
    id: ID,
    ...rest,
    state: "ingested",
    initializedBy: userOf(initializedBy),
    initializedFrom: timestamp(createdMs),
    initializedTo: timestamp(createdMs),
    lastModified: timestamp(modifiedMs),
    lastModifiedBy: userOf(modifiedBy),
  };
}
