/** Custom events: several events that reports count as one. They have entries in the Lexicon, by which they are changed. */
import { z } from "zod";
import { APP, del, get, operation, patch, post, put } from "./operation.ts";
import { anyId, id, jsonText, text, truth } from "./params.ts";

const DEFINITIONS = "/projects/{project_id}/data-definitions/events/";
/** Older, and the only one that shows and replaces the alternatives. */
const OLD = "/custom_events/{project_id}/{custom_event_id}/";

const CLIENT = { ...APP, unpublished: "client" } as const;
const ONE_CLIENT = { ...APP, unpublished: "one_client" } as const;

export const customEventParam = id("Id of a custom event, from 'mp custom-events list'", {
  completes: "custom_events",
});
const definitionId = customEventParam.meta({ wire: "customEventId" });
const alternatives = jsonText(
  z.array(z.looseObject({ event: z.string().min(1) })).min(1),
  "The events that it stands for",
);
const name = text("Name of the custom event", { placeholder: "NAME" });

/** An entry of the Lexicon. An id of 0, or none, is that of an entry whose custom event is gone. */
const definition = z.looseObject({
  id: anyId.nullish(),
  name: z.string(),
  customEventId: anyId.nullish(),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  hidden: z.boolean().nullish(),
  verified: z.boolean().nullish(),
  tags: z.array(z.unknown()).nullish(),
});
export type CustomEventDefinition = z.output<typeof definition>;

const plain = z.looseObject({
  id: anyId,
  name: z.string(),
  alternatives: z.union([z.string(), z.array(z.looseObject({ event: z.string().nullish() }))]).nullish(),
});

/** Seen bare, in an envelope of its own, and within that of all. */
const customEvent = z.union([z.looseObject({ custom_event: plain }), plain]);
export type CustomEvent = z.output<typeof customEvent>;

export const listCustomEvents = operation({
  id: "custom_events.list",
  summary: "list custom events",
  routes: [get("app", DEFINITIONS)],
  ...CLIENT,
  params: z.object({ custom_event: truth("Only custom events").default(true) }),
  result: z.array(definition),
});

export const getCustomEvent = operation({
  id: "custom_events.get",
  summary: "show a custom event and what it stands for",
  routes: [get("app", OLD)],
  ...ONE_CLIENT,
  params: z.object({ custom_event_id: customEventParam }),
  result: customEvent,
});

/** A form: in JSON the server does not find its parameters. */
export const createCustomEvent = operation({
  id: "custom_events.create",
  summary: "count several events as one",
  routes: [post("app", "/projects/{project_id}/custom_events/")],
  look: "mp custom-events list",
  ...CLIENT,
  body: { kind: "form" },
  params: z.object({ name, alternatives }),
  result: customEvent,
});

export const customEventChanges = {
  name: name.optional(),
  description: z.string().optional().meta({ description: "What it means" }),
  display_name: z.string().optional().meta({ wire: "displayName", description: "Name in the interface" }),
  hidden: truth("Hide it in the interface").optional(),
  dropped: truth("Drop it when it comes in").optional(),
  verified: truth("Mark it as verified").optional(),
  tags: z.array(z.string()).optional().meta({ flag: "tag", placeholder: "TAG", description: "A tag" }),
};

export const describeCustomEvent = operation({
  id: "custom_events.describe",
  summary: "change a custom event's entry in the Lexicon",
  routes: [patch("app", DEFINITIONS)],
  look: "mp custom-events list",
  ...CLIENT,
  repeatable: true,
  params: z.object({ custom_event_id: definitionId, ...customEventChanges }),
  result: definition,
});

export const replaceCustomEvent = operation({
  id: "custom_events.replace",
  summary: "replace the events that a custom event stands for",
  routes: [put("app", OLD)],
  look: "mp custom-events get {custom_event_id}",
  ...ONE_CLIENT,
  repeatable: true,
  body: { kind: "form" },
  params: z.object({ custom_event_id: customEventParam, name, alternatives }),
  result: customEvent,
});

export const deleteCustomEvent = operation({
  id: "custom_events.delete",
  summary: "delete a custom event",
  routes: [del("app", DEFINITIONS)],
  look: "mp custom-events list",
  ...CLIENT,
  body: { kind: "json" },
  params: z.object({ custom_event_id: definitionId }),
  result: z.unknown(),
});
