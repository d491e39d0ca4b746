/**
 * What guards a project's data: drop filters, enforcement of schemas, audits, anomalies of volume, and requests to delete
 * events. Not published; known from Mixpanel's Python client.
 */
import { z } from "zod";
import { DEFINITIONS } from "./data_definitions.ts";
import { APP, del, get, operation, patch, post, put } from "./operation.ts";
import { anyId, choice, count, day, id, text, truth } from "./params.ts";

const client = { ...APP, unpublished: "client" } as const;

const DROP_FILTERS = `${DEFINITIONS}/events/drop-filters/`;
const dropFilterId = id("Drop filter's id", { completes: "drop_filters" });
const eventName = text("Event's name", { placeholder: "EVENT", completes: "events" });

/** Conditions as the web page has them. Which of an event's occurrences are meant: those that all of them hold for. */
const conditions = z.array(z.record(z.string(), z.unknown())).min(1)
  .meta({ placeholder: "JSON", description: "Conditions as JSON, in the form of the web page's filters" });

const dropFilters = z.array(z.looseObject({
  id: anyId,
  eventName: z.string().nullish(),
  filters: z.unknown().optional(),
  active: z.boolean().nullish(),
}));

export const listDropFilters = operation({
  id: "lexicon.drop_filters.list",
  summary: "list drop filters: which events are thrown away as they come in",
  routes: [get("app", DROP_FILTERS)],
  ...client,
  params: z.object({}),
  result: dropFilters,
});

export const createDropFilter = operation({
  id: "lexicon.drop_filters.create",
  summary: "throw away those of an event that conditions hold for, as they come in",
  routes: [post("app", DROP_FILTERS)],
  look: "mp lexicon drop-filters list",
  ...client,
  params: z.object({
    eventName,
    filters: conditions,
  }),
  /** All of them; the newest has the highest id. */
  result: dropFilters,
});

export const updateDropFilter = operation({
  id: "lexicon.drop_filters.update",
  summary: "change a drop filter, or switch it on or off",
  routes: [patch("app", DROP_FILTERS)],
  look: "mp lexicon drop-filters list",
  ...client,
  repeatable: true,
  params: z.object({
    id: dropFilterId,
    eventName: eventName.meta({ flag: "event", description: "The event that it is about" }).optional(),
    filters: conditions.optional(),
    active: z.boolean().meta({ description: "Whether it is applied" }).optional(),
  }),
  result: dropFilters,
});

export const deleteDropFilter = operation({
  id: "lexicon.drop_filters.delete",
  summary: "delete a drop filter",
  routes: [del("app", DROP_FILTERS)],
  look: "mp lexicon drop-filters list",
  ...client,
  body: { kind: "json" },
  params: z.object({ id: dropFilterId }),
  result: dropFilters.nullish(),
});

export const dropFilterLimits = operation({
  id: "lexicon.drop_filters.limits",
  summary: "how many drop filters a project can have",
  routes: [get("app", `${DROP_FILTERS}limits/`)],
  ...client,
  params: z.object({}),
  result: z.looseObject({ filterLimit: z.number().optional() }),
});

const ENFORCEMENT = `${DEFINITIONS}/schema/`;
const RULES = ["Warn and Accept", "Warn and Hide", "Warn and Drop"] as const;
const rule = choice(RULES, "What happens to events outside the plan").meta({ flag: "rule" });
const emails = z.array(z.string()).meta({
  flag: "email",
  placeholder: "EMAIL",
  description: "Address that warnings are sent to; all are replaced",
});
const planned = z.array(z.string()).meta({
  flag: "plan-event",
  placeholder: "EVENT",
  description: "Name of an event of the plan; all are replaced",
});

const enforcement = z.looseObject({
  ruleEvent: z.string().nullish(),
  state: z.string().nullish(),
  notificationEmails: z.array(z.string()).nullish(),
  events: z.array(z.unknown()).nullish(),
});

export const getEnforcement = operation({
  id: "lexicon.enforcement.get",
  summary: "show how schemas are enforced",
  routes: [get("app", ENFORCEMENT)],
  ...client,
  params: z.object({
    fields: text("Only these fields, separated by commas: ruleEvent,state", { placeholder: "NAMES" }).optional(),
  }),
  result: enforcement.nullable(),
});

export const createEnforcement = operation({
  id: "lexicon.enforcement.create",
  summary: "begin to enforce schemas",
  routes: [post("app", ENFORCEMENT)],
  look: "mp lexicon enforcement get",
  ...client,
  params: z.object({ ruleEvent: rule }),
  result: z.unknown(),
});

export const updateEnforcement = operation({
  id: "lexicon.enforcement.update",
  summary: "change how schemas are enforced",
  routes: [patch("app", ENFORCEMENT)],
  look: "mp lexicon enforcement get",
  ...client,
  repeatable: true,
  params: z.object({
    ruleEvent: rule.optional(),
    notificationEmails: emails.optional(),
    events: planned.optional(),
    properties: z.record(z.string(), z.array(z.string())).meta({
      description: "Names of properties by event, as a JSON object",
    }).optional(),
  }),
  result: z.unknown(),
});

/** What these lists hold is not known well enough to be made of names. */
const list = (flag: string, description: string) =>
  z.array(z.unknown()).meta({ flag, input: "json", placeholder: "JSON", description });

export const replaceEnforcement = operation({
  id: "lexicon.enforcement.replace",
  summary: "replace how schemas are enforced, as a whole",
  routes: [put("app", ENFORCEMENT)],
  look: "mp lexicon enforcement get",
  ...client,
  repeatable: true,
  params: z.object({
    ruleEvent: rule,
    events: list("plan-events", "Events of the plan, as a JSON list"),
    commonProperties: list("common-properties", "Properties that all events share, as a JSON list"),
    userProperties: list("user-properties", "Properties of users, as a JSON list"),
    notificationEmails: emails,
    schemaId: anyId.meta({ flag: "schema-id", placeholder: "ID", description: "Id of the schema" }).optional(),
  }),
  result: z.unknown(),
});

export const deleteEnforcement = operation({
  id: "lexicon.enforcement.delete",
  summary: "enforce no schemas any more",
  routes: [del("app", ENFORCEMENT)],
  look: "mp lexicon enforcement get",
  ...client,
  params: z.object({}),
  result: z.unknown(),
});

const violation = z.looseObject({
  violation: z.string().nullish(),
  name: z.string().nullish(),
  event: z.string().nullish(),
  count: z.union([z.number(), z.bigint()]).nullish(),
  propertyTypeError: z.unknown().optional(),
});

/** A pair: what was found, and when it was computed. */
const audit = z.union([
  z.tuple([z.array(violation), z.looseObject({ computed_at: z.string().nullish() })]),
  z.array(violation),
]);

export const auditData = operation({
  id: "lexicon.audit",
  summary: "compare the data that came in with the schemas",
  routes: [get("app", `${DEFINITIONS}/audit/`)],
  ...client,
  params: z.object({}),
  result: audit,
});

export const auditEvents = operation({
  id: "lexicon.audit_events",
  summary: "compare the events that came in with the schemas, without their properties",
  routes: [get("app", `${DEFINITIONS}/audit-events-only/`)],
  ...client,
  params: z.object({}),
  result: audit,
});

const ANOMALIES = `${DEFINITIONS}/data-volume-anomalies/`;
const ANOMALY_CLASSES = ["Event", "Property", "PropertyTypeDrift", "Metric"] as const;
const STATES = ["open", "dismissed"] as const;

const anomaly = z.looseObject({
  id: anyId,
  status: z.string().nullish(),
  eventName: z.string().nullish(),
  propertyName: z.string().nullish(),
  metricName: z.string().nullish(),
  anomalyClass: z.string().nullish(),
});

/** Without a filter by status, with which the server fails. */
export const listAnomalies = operation({
  id: "lexicon.anomalies.list",
  summary: "list unusual volumes of events and properties",
  routes: [get("app", ANOMALIES)],
  ...client,
  params: z.object({
    limit: count("Most anomalies", { min: 1 }).optional(),
    event_id: id("Only those of the event of this id").optional(),
    prop_id: id("Only those of the property of this id", { flag: "property-id" }).optional(),
    include_property_anomalies: truth("Also those of properties", { flag: "properties-too" }).optional(),
    include_metric_anomalies: truth("Also those of metrics", { flag: "metrics-too" }).optional(),
  }),
  result: z.looseObject({ anomalies: z.array(anomaly) }),
});

const anomalyClass = z.enum(ANOMALY_CLASSES);

export const updateAnomaly = operation({
  id: "lexicon.anomalies.update",
  summary: "dismiss an anomaly, or open it again",
  routes: [patch("app", ANOMALIES)],
  look: "mp lexicon anomalies list",
  ...client,
  repeatable: true,
  params: z.object({
    id: id("Anomaly's id", { lists: "mp lexicon anomalies list" }),
    status: z.enum(STATES),
    anomalyClass,
  }),
  result: z.unknown(),
});

export const updateAnomalies = operation({
  id: "lexicon.anomalies.update_many",
  summary: "dismiss anomalies, or open them again",
  routes: [patch("app", `${ANOMALIES}bulk/`)],
  look: "mp lexicon anomalies list",
  ...client,
  repeatable: true,
  params: z.object({
    anomalies: z.array(z.strictObject({ id: id("Anomaly's id"), anomalyClass })).min(1),
    status: z.enum(STATES),
  }),
  result: z.unknown(),
});

const DELETIONS = `${DEFINITIONS}/events/deletion-requests/`;

const deletions = z.array(z.looseObject({
  id: anyId,
  eventName: z.string().nullish(),
  fromDate: z.string().nullish(),
  toDate: z.string().nullish(),
  filters: z.unknown().optional(),
  status: z.string().nullish(),
  deletedEventsCount: z.union([z.number(), z.bigint()]).nullish(),
}));

const whatToDelete = {
  eventName,
  fromDate: day("First day, in the project's time zone", { flag: "from" }),
  toDate: day("Last day, included", { flag: "to" }),
  filters: z.record(z.string(), z.unknown()).meta({
    placeholder: "JSON",
    description:
      "Conditions as a JSON object, in the form of the web page's filters; only what they hold for is deleted",
  }).optional(),
};

export const listDeletionRequests = operation({
  id: "lexicon.deletions.list",
  summary: "list requests to delete events",
  routes: [get("app", DELETIONS)],
  ...client,
  params: z.object({}),
  result: deletions,
});

export const previewDeletion = operation({
  id: "lexicon.deletions.preview",
  summary: "show how Mixpanel reads the filters of a deletion; nothing is deleted",
  routes: [post("app", `${DELETIONS}preview-filters/`)],
  ...client,
  repeatable: true,
  params: z.object(whatToDelete),
  result: z.unknown(),
});

export const createDeletionRequest = operation({
  id: "lexicon.deletions.create",
  summary: "delete an event's occurrences in a range of days, or those that a filter holds for",
  routes: [post("app", DELETIONS)],
  look: "mp lexicon deletions list",
  ...client,
  params: z.object(whatToDelete),
  result: deletions,
});

export const cancelDeletionRequest = operation({
  id: "lexicon.deletions.cancel",
  summary: "cancel a request to delete events",
  routes: [del("app", DELETIONS)],
  look: "mp lexicon deletions list",
  ...client,
  body: { kind: "json" },
  params: z.object({ id: id("Request's id", { completes: "deletion_requests" }) }),
  result: deletions.nullish(),
});
