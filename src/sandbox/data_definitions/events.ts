/** `/data-definitions/events/`: events that were sent, and those that somebody has only described. */
import { isoSeconds } from "../../streams/iso_time.ts";
import type { Body, JsonObject } from "../app/body.ts";
import { readBody } from "../app/body.ts";
import {
  changeCustomEventDefinition,
  customEventDefinitions,
  deleteCustomEventDefinition,
} from "../app/custom_events.ts";
import { LexiconEntries, ownFields, type SavedSchema, withOwnFields } from "../app/lexicon_entries.ts";
import type { Stored } from "../app/collection.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { eventViewOf } from "../query/report.ts";
import { Refusal } from "../refusal.ts";
import { type EventFacts, eventFacts, valueCounts } from "./data_facts.ts";
import { enforcementOf, isPlanned } from "./enforcement.ts";
import { historyAnswer, recordChange } from "./history.ts";
import { reads, writes } from "./rights.ts";

export const eventDefinitionEndpoints: SandboxEndpoint[] = [
  reads("events/", (call) => appAnswer(eventDefinitions(call))),
  writes("PATCH", "events/", change),
  writes("DELETE", "events/", remove),
  reads("events/tracking-metadata/", tracking),
  reads("events/{name}/history/", (call) => historyAnswer(call, `event ${call.path.name}`)),
];

/** All events, or those that the request names. */
export function eventDefinitions(call: SandboxCall): object[] {
  const { searchParams } = call.url;
  const wanted = [...searchParams.getAll("name[]"), ...searchParams.getAll("name")];
  if (searchParams.get("custom_event") === "true") return customEventDefinitions(call);
  const entries = new LexiconEntries(call);
  const seen = eventFacts(eventViewOf(call));
  const described = entries.all().filter(({ body }) => body.entityType === "event").map(({ body }) => body.name);
  const known = new Set([...described, ...seen.keys()]);
  const names = wanted.length === 0 ? [...known].sort() : wanted.filter((name) => known.has(name));
  const { hides } = planOf(call, entries);
  return names.map((name) => describe(name, entries.find("event", name), seen.get(name), hides(name)));
}

/** What the enforcement of schemas makes of events outside the plan. */
function planOf(call: SandboxCall, entries: LexiconEntries): { hides(name: string): boolean } {
  const enforcement = enforcementOf(call.store, call.project.id);
  if (enforcement?.ruleEvent !== "Warn and Hide") return { hides: () => false };
  return { hides: (name) => !isPlanned(enforcement, name, entries.find("event", name)?.body) };
}

function describe(
  name: string,
  entry: Stored<SavedSchema> | undefined,
  seen: EventFacts | undefined,
  isHidden: boolean,
): JsonObject {
  const schema = entry?.body.schemaJson ?? {};
  const own = ownFields(schema);
  const { definition } = entry?.body ?? {};
  const time = (ms: number | undefined) => ms === undefined ? null : isoSeconds(ms);
  return {
    // What nobody has described has no id.
    id: entry?.id ?? 0,
    name,
    displayName: own.displayName ?? "",
    description: schema.description ?? "",
    hidden: isHidden || own.hidden === true,
    dropped: own.dropped === true,
    merged: definition?.merged ?? false,
    verified: definition?.verified ?? false,
    tags: own.tags ?? [],
    contacts: own.contacts ?? [],
    teamContacts: own.teamContacts ?? [],
    customEventId: null,
    status: seen === undefined ? "planned" : "live",
    platforms: [],
    lastModified: time(definition?.modifiedMs),
    createdUtc: time(definition?.createdMs),
    modifiedUtc: time(definition?.modifiedMs),
  };
}

/** One event, whose fields are the body, or a list of them. A name that nobody has sent makes an entry of its own. */
async function change(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const entries = new LexiconEntries(call);
  const many = body.objects("events");
  const changed = (many ?? [body]).map((one) => changeOne(call, entries, one));
  return appAnswer(many === undefined ? changed[0] : changed);
}

function changeOne(call: SandboxCall, entries: LexiconEntries, body: Body): object {
  if (body.has("customEventId")) return changeCustomEventDefinition(call, body);
  const name = body.requiredText("name");
  const fields = readFields(body);
  const stored = entries.find("event", name);
  const before = stored?.body ?? { entityType: "event", name, schemaJson: {}, hasNoSchema: true };
  const old = describe(name, stored, undefined, false);
  const { description, verified, merged, ...own } = fields;
  const schemaJson = description === undefined ? before.schemaJson : { ...before.schemaJson, description };
  const hasOwn = Object.keys(own).length > 0;
  const after = entries.put({
    ...before,
    schemaJson: hasOwn ? withOwnFields(schemaJson, { ...ownFields(schemaJson), ...own }) : schemaJson,
    definition: {
      createdMs: call.nowMs,
      ...before.definition,
      ...verified !== undefined && { verified: verified as boolean },
      ...merged !== undefined && { merged: merged as boolean },
      modifiedMs: call.nowMs,
    },
  });
  recordChange(call, `event ${name}`, old, fields);
  return describe(name, after, eventFacts(eventViewOf(call)).get(name), false);
}

/** Unknown names are ignored, as Mixpanel ignores them here. */
function readFields(body: Body): JsonObject {
  const fields: JsonObject = {
    description: body.text("description"),
    displayName: body.text("displayName"),
    hidden: body.truth("hidden"),
    dropped: body.truth("dropped"),
    merged: body.truth("merged"),
    verified: body.truth("verified"),
    tags: body.texts("tags"),
    contacts: body.texts("contacts"),
    teamContacts: body.texts("teamContacts"),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What was written is gone; an event that was sent is listed all the same. */
async function remove(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  if (body.has("customEventId")) {
    deleteCustomEventDefinition(call, body);
    return appAnswer({});
  }
  const name = body.requiredText("name");
  const entries = new LexiconEntries(call);
  const found = entries.find("event", name);
  if (found === undefined) throw new Refusal(404, `Event '${name}' not found`);
  entries.delete(found);
  return jsonAnswer({ status: "ok" });
}

/** A free object, as clients take it. */
function tracking(call: SandboxCall): Response {
  const name = call.url.searchParams.get("event_name") ?? "";
  if (name === "") throw new Refusal(400, "Missing required parameter: event_name");
  const view = eventViewOf(call);
  const seen = eventFacts(view).get(name);
  return appAnswer({
    event_name: name,
    count: seen?.count ?? 0,
    first_seen: seen === undefined ? null : isoSeconds(seen.firstMs),
    last_seen: seen === undefined ? null : isoSeconds(seen.lastMs),
    sdks: Object.fromEntries(valueCounts(view, name, "mp_lib")),
    sources: Object.fromEntries(valueCounts(view, name, "$source")),
  });
}

/** Takes a tag from all events, or gives it another name. */
export function retag(call: SandboxCall, tag: string, newName?: string): void {
  const entries = new LexiconEntries(call);
  for (const { body } of entries.all()) {
    const own = ownFields(body.schemaJson);
    const tags = own.tags as string[] | undefined;
    if (!tags?.includes(tag)) continue;
    const renamed = tags.flatMap((one) => one !== tag ? [one] : newName === undefined ? [] : [newName]);
    entries.put({ ...body, schemaJson: withOwnFields(body.schemaJson, { ...own, tags: [...new Set(renamed)] }) });
  }
}
