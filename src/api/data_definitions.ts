/**
 * Data definitions: the Lexicon as the web page has it. It knows events and properties that were merely sent, too, and
 * what schemas cannot say: verified, merged, deleted. Not published; known from Mixpanel's Python client.
 */
import { z } from "zod";
import { APP, del, get, operation, patch, post } from "./operation.ts";
import { anyId, choice, id, jsonText, repeatedTexts, text, truth } from "./params.ts";

export const DEFINITIONS = "/projects/{project_id}/data-definitions";
const EVENTS = `${DEFINITIONS}/events/`;
const PROPERTIES = `${DEFINITIONS}/properties/`;
const TAGS = `${DEFINITIONS}/tags/`;
const client = { ...APP, unpublished: "client" } as const;

/** Definitions in one request. The web page's own assistant sends no more. */
export const MOST_DEFINITIONS = 50;

const eventName = text("Event's name", {
  placeholder: "EVENT",
  completes: "events",
  lists: "mp lexicon events list",
});
const propertyName = text("Property's name", {
  placeholder: "PROPERTY",
  completes: "properties",
  lists: "mp lexicon properties list",
});
const flag = (description: string) => z.boolean().meta({ description });
const texts = (description: string, placeholder: string) => z.array(z.string()).meta({ description, placeholder });

/** What can be written of an event and a property alike. */
const common = {
  description: z.string().meta({ description: "What it means" }).optional(),
  displayName: z.string().meta({ flag: "display-name", description: "Name in the interface" }).optional(),
  hidden: flag("Hide it in the interface").optional(),
  dropped: flag("Drop it when it comes in; what is not stored cannot be restored").optional(),
  merged: flag("Mark it as merged into another; which one, this API cannot say").optional(),
};

/** What can be written of an event, as the server names it. */
export const eventFields = {
  ...common,
  verified: flag("Mark it as verified").optional(),
  tags: texts("A tag; all are replaced", "TAG").meta({ flag: "tag" }).optional(),
  contacts: texts("Email address of a contact; all are replaced", "TEXT").meta({ flag: "contact" }).optional(),
  teamContacts: texts("Name of a team to contact; all are replaced", "TEXT").meta({ flag: "team-contact" }).optional(),
};

/** What can be written of a property, as the server names it. */
export const propertyFields = {
  ...common,
  sensitive: flag("Mark it as sensitive").optional(),
};

/**
 * What properties are of, by the word for it here. The server reads these words of its own, and takes no notice of names
 * in snake case. Its word for groups is not known for sure: groups are left to `mp api`.
 */
const RESOURCES = { event: "Event", user: "User" } as const;

/** What a property is of, as the server writes it: `Event`. */
export const resourceOf = (word: keyof typeof RESOURCES): typeof RESOURCES[keyof typeof RESOURCES] => RESOURCES[word];

export const definedOn = choice(["event", "user"], "What the properties are of", { flag: "of" }).default("event");

const flags = {
  hidden: z.boolean().nullish(),
  dropped: z.boolean().nullish(),
  merged: z.boolean().nullish(),
};

/** An event as answers describe it. An id of 0 is that of one that nobody has described yet. */
const eventDefinition = z.looseObject({
  id: anyId.nullish(),
  name: z.string(),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  ...flags,
  verified: z.boolean().nullish(),
  tags: z.array(z.unknown()).nullish(),
  status: z.string().nullish(),
});

const propertyDefinition = z.looseObject({
  id: anyId.nullish(),
  name: z.string(),
  resourceType: z.string().nullish(),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  ...flags,
  sensitive: z.boolean().nullish(),
});

export type EventDefinition = z.output<typeof eventDefinition>;
export type PropertyDefinition = z.output<typeof propertyDefinition>;

/** An answer to a change: the definition, or the list of those that were changed. */
const changed = <T extends z.ZodType>(one: T) => z.union([z.array(one), one]);

export const listEventDefinitions = operation({
  id: "lexicon.events.list",
  summary: "list events as the Lexicon knows them, those without a schema too",
  routes: [get("app", EVENTS)],
  ...client,
  params: z.object({
    names: repeatedTexts("Name of an event; default: all", {
      wire: "name[]",
      flag: "name",
      placeholder: "EVENT",
      completes: "events",
    }).optional(),
    custom_event: truth("Only custom events").optional(),
  }),
  result: z.array(eventDefinition),
});

export const updateEventDefinition = operation({
  id: "lexicon.events.update",
  summary: "describe an event: hide, drop, verify, tag it",
  routes: [patch("app", EVENTS)],
  look: "mp lexicon events get {name}",
  ...client,
  repeatable: true,
  params: z.object({ name: eventName, ...eventFields }),
  result: changed(eventDefinition),
});

export const updateEventDefinitions = operation({
  id: "lexicon.events.update_many",
  summary: "describe many events at once",
  routes: [patch("app", EVENTS)],
  look: "mp lexicon events list",
  ...client,
  repeatable: true,
  params: z.object({
    events: z.array(z.strictObject({ id: anyId.optional(), name: eventName, ...eventFields })).min(1),
  }),
  result: changed(eventDefinition),
});

export const deleteEventDefinition = operation({
  id: "lexicon.events.delete",
  summary: "delete an event's definition",
  routes: [del("app", EVENTS)],
  look: "mp lexicon events get {name}",
  ...client,
  body: { kind: "json" },
  params: z.object({ name: eventName }),
  result: z.unknown(),
});

export const listPropertyDefinitions = operation({
  id: "lexicon.properties.list",
  summary: "list properties as the Lexicon knows them, those without a schema too",
  routes: [get("app", PROPERTIES, { write: { of: (word) => resourceOf(word as "event") } })],
  ...client,
  params: z.object({
    names: repeatedTexts("Name of a property; default: all", {
      wire: "name[]",
      flag: "name",
      placeholder: "PROPERTY",
      completes: "properties",
    }).optional(),
    of: definedOn.meta({ wire: "resourceType" }),
  }),
  result: z.array(propertyDefinition),
});

const property = { name: propertyName, resourceType: z.enum(["Event", "User"]), ...propertyFields };

export const updatePropertyDefinition = operation({
  id: "lexicon.properties.update",
  summary: "describe a property: hide, drop it, mark it as sensitive",
  routes: [patch("app", PROPERTIES)],
  look: "mp lexicon properties get {name}",
  ...client,
  repeatable: true,
  params: z.object(property),
  result: changed(propertyDefinition),
});

export const updatePropertyDefinitions = operation({
  id: "lexicon.properties.update_many",
  summary: "describe many properties at once",
  routes: [patch("app", PROPERTIES)],
  look: "mp lexicon properties list",
  ...client,
  repeatable: true,
  params: z.object({
    properties: z.array(z.strictObject({ id: anyId.optional(), ...property })).min(1),
  }),
  result: changed(propertyDefinition),
});

/** Who changed what: a free object, or a list of them. */
const history = z.union([z.array(z.looseObject({})), z.looseObject({})]);

export const eventHistory = operation({
  id: "lexicon.events.history",
  summary: "who changed an event's definition, and what",
  routes: [get("app", `${EVENTS}{name}/history/`)],
  ...client,
  params: z.object({ name: eventName }),
  result: history,
});

export const propertyHistory = operation({
  id: "lexicon.properties.history",
  summary: "who changed a property's definition, and what",
  routes: [get("app", `${PROPERTIES}{name}/history/`)],
  ...client,
  params: z.object({
    name: propertyName,
    of: definedOn.meta({ wire: "entity_type" }),
  }),
  result: history,
});

export const trackingMetadata = operation({
  id: "lexicon.events.tracking",
  summary: "where an event comes from: sources, SDKs, when it was first and last seen",
  routes: [get("app", `${EVENTS}tracking-metadata/`)],
  ...client,
  params: z.object({ event_name: eventName }),
  result: z.looseObject({}),
});

const EXPORTS = ["All Events and Properties", "All User Profile Properties"] as const;

export const exportDefinitions = operation({
  id: "lexicon.export",
  summary: "export all definitions as one object",
  routes: [get("app", `${DEFINITIONS}/export/`)],
  ...client,
  params: z.object({
    export_type: jsonText(z.array(z.enum(EXPORTS)).min(1), "What to export, as a JSON list").default([...EXPORTS]),
  }),
  /** Large projects get a text, which says that the export will be mailed. */
  result: z.union([z.string(), z.looseObject({}), z.array(z.unknown())]),
});

const tag = z.looseObject({ id: anyId, name: z.string() });
const tagName = text("Tag's name", { placeholder: "NAME", lists: "mp lexicon tags list" });

export const listLexiconTags = operation({
  id: "lexicon.tags.list",
  summary: "list the Lexicon's tags",
  routes: [get("app", TAGS)],
  ...client,
  params: z.object({}),
  result: z.array(tag),
});

export const createLexiconTag = operation({
  id: "lexicon.tags.create",
  summary: "create a tag for events",
  routes: [post("app", TAGS)],
  look: "mp lexicon tags list",
  ...client,
  params: z.object({ name: tagName }),
  result: tag,
});

export const renameLexiconTag = operation({
  id: "lexicon.tags.rename",
  summary: "rename a tag; events keep it under its new name",
  routes: [patch("app", `${TAGS}{tag_id}/`)],
  look: "mp lexicon tags list",
  ...client,
  repeatable: true,
  params: z.object({ tag_id: id("Tag's id", { completes: "lexicon_tags" }), name: tagName }),
  result: tag,
});

/** A DELETE is refused with 405: a tag is deleted by what makes it. */
export const deleteLexiconTag = operation({
  id: "lexicon.tags.delete",
  summary: "delete a tag, and take it from all events",
  routes: [post("app", TAGS)],
  look: "mp lexicon tags list",
  ...client,
  params: z.object({ name: tagName, delete: z.literal(true) }),
  result: z.unknown(),
});
