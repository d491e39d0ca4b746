/** Custom events: several events that reports count as one. */
import { isObject } from "../../streams/json/is_object.ts";
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { requestJson } from "../request_json.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast } from "./access.ts";
import { type Authorship, authorshipOf, timestamp } from "./author.ts";
import type { Body } from "./body.ts";
import { Collection, type Stored } from "./collection.ts";

/** The kind of saved objects that custom events are. */
export const CUSTOM_EVENT = "custom_event";

/** One of the events of a custom event, as it was sent: besides its name it may have filters. */
export interface CustomEventAlternative {
  event: string;
  [more: string]: unknown;
}

/** A custom event as it is saved, under its id. */
export interface SavedCustomEvent extends Authorship {
  name: string;
  alternatives: readonly CustomEventAlternative[];
  /** What its entry in the Lexicon has: `description`, `hidden`, `tags` … */
  definition: Readonly<Record<string, unknown>>;
}

const customEvents: Collection<SavedCustomEvent> = new Collection({
  kind: CUSTOM_EVENT,
  path: "/projects/{project_id}/custom_events",
  access: appUser,
  show: describe,
  idParameter: "custom_event_id",
  notFound: () => new Refusal(404, "Custom event not found"),
  answer: (results, status) => jsonAnswer({ custom_event: results }, status),
});

const OLD = "/custom_events/{project_id}";
const read = { surface: appSurface, access: appUser } as const;
const write = { surface: appSurface, access: atLeast("analyst", appUser) } as const;

/** Forms, whose values are JSON where they are no text. The older paths are those of the Terraform provider. */
export const customEventEndpoints: SandboxEndpoint[] = [
  { ...write, methods: ["POST"], path: "/projects/{project_id}/custom_events/", respond: create },
  { ...write, methods: ["POST"], path: `${OLD}/`, respond: create },
  { ...read, methods: ["GET"], path: `${OLD}/`, respond: listOld },
  {
    ...read,
    methods: ["GET"],
    path: `${OLD}/{custom_event_id}/`,
    respond: (call) => shown(call, customEvents.named(call)),
  },
  { ...write, methods: ["PUT"], path: `${OLD}/{custom_event_id}/`, respond: replace },
  { ...write, methods: ["DELETE"], path: `${OLD}/{custom_event_id}/`, respond: removeOld },
];

/** The events that a custom event stands for; undefined for an id that no custom event has. */
export function customEventAlternatives(call: SandboxCall, id: number): readonly CustomEventAlternative[] | undefined {
  return customEvents.find(call, id)?.body.alternatives;
}

/** The entries of custom events in the Lexicon, as `data-definitions/events/?custom_event=true` lists them. */
export function customEventDefinitions(call: SandboxCall): object[] {
  return customEvents.members(call).map(describeDefinition);
}

const DEFINITION_FIELDS = [
  ...["description", "displayName", "hidden", "dropped", "merged", "verified", "tags", "contacts", "teamContacts"],
];

/**
 * Changes the entry that `customEventId` names, and shows it.
 *
 * @throws Refusal 404 when there is no such custom event.
 */
export function changeCustomEventDefinition(call: SandboxCall, body: Body): object {
  const { id, body: before } = definedIn(call, body);
  const given = Object.entries(body.fields).filter(([name]) => DEFINITION_FIELDS.includes(name));
  const definition = { ...before.definition, ...Object.fromEntries(given) };
  const after = { ...before, ...authorshipOf(call, before), name: body.text("name") ?? before.name, definition };
  return describeDefinition(customEvents.save(call, { id, body: after }));
}

/** Deletes the custom event that `customEventId` names. */
export function deleteCustomEventDefinition(call: SandboxCall, body: Body): void {
  call.store.savedObjects.delete(call.project.id, CUSTOM_EVENT, definedIn(call, body).id);
}

function definedIn(call: SandboxCall, body: Body): Stored<SavedCustomEvent> {
  const id = body.id("customEventId");
  const found = id === undefined ? undefined : customEvents.find(call, id);
  if (found === undefined) throw new Refusal(404, `Custom event ${String(body.fields.customEventId)} not found`);
  return found;
}

async function create(call: SandboxCall): Promise<Response> {
  const given = await readForm(call);
  return shown(call, customEvents.add(call, { ...given, definition: {}, ...authorshipOf(call) }));
}

async function replace(call: SandboxCall): Promise<Response> {
  const { id, body } = customEvents.named(call);
  return shown(
    call,
    customEvents.save(call, { id, body: { ...body, ...await readForm(call), ...authorshipOf(call, body) } }),
  );
}

function removeOld(call: SandboxCall): Response {
  call.store.savedObjects.delete(call.project.id, CUSTOM_EVENT, customEvents.named(call).id);
  return appAnswer({});
}

function listOld(call: SandboxCall): Response {
  return jsonAnswer({ custom_events: customEvents.members(call).map((one) => describe(call, one)) });
}

function shown(call: SandboxCall, member: Stored<SavedCustomEvent>): Response {
  return customEvents.shown(call, member, 200);
}

/**
 * `name` and `alternatives` of a form.
 *
 * @throws Refusal 400 for a body in JSON, in which it does not look for them.
 */
async function readForm(call: SandboxCall): Promise<Pick<SavedCustomEvent, "name" | "alternatives">> {
  const type = call.request.headers.get("content-type") ?? "";
  const isForm = type.startsWith("application/x-www-form-urlencoded");
  const form = new URLSearchParams(isForm ? new TextDecoder().decode(await call.body()) : "");
  const [name, text] = [form.get("name"), form.get("alternatives")];
  if (!name || !text) throw new Refusal(400, "Missing required parameters: name, alternatives");
  const alternatives = requestJson(text, "Invalid JSON in alternatives");
  if (!Array.isArray(alternatives) || alternatives.length === 0 || !alternatives.every(isAlternative)) {
    throw new Refusal(422, "alternatives must be a list of objects that have an event");
  }
  return { name, alternatives };
}

function isAlternative(value: unknown): value is CustomEventAlternative {
  return isObject(value) && typeof value.event === "string" && value.event !== "";
}

function describe(_call: SandboxCall, { id, body: { name, alternatives } }: Stored<SavedCustomEvent>) {
  return { id, name, alternatives };
}

function describeDefinition({ id, body }: Stored<SavedCustomEvent>) {
  return {
    id,
    name: body.name,
    displayName: null,
    description: null,
    hidden: false,
    dropped: false,
    merged: false,
    verified: false,
    tags: [],
    contacts: [],
    teamContacts: [],
    ...body.definition,
    customEventId: id,
    status: null,
    platforms: [],
    lastModified: timestamp(body.modifiedMs),
    createdUtc: timestamp(body.createdMs),
    modifiedUtc: timestamp(body.modifiedMs),
  };
}
