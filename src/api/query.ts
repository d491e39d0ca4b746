/** The Query API's counts of events over time. Every call counts against the project's 60 an hour. */
import { z } from "zod";
import { get, operation } from "./operation.ts";
import { choice, count, expression, text, textList, workspace } from "./params.ts";
import { countingType, fromDate, query, seriesResult, toDate } from "./query_params.ts";

const unit = choice(["minute", "hour", "day", "week", "month"], "Width of a bucket");
const recentUnits = count("How many units back from now, in place of a range of days", { min: 1 }, {
  flag: "periods",
  aliases: ["interval"],
}).optional();

/** The form of the server's answer. Commands make CSV of the JSON themselves, tidier than the server's. */
const serverFormat = { wire: "format" };
const answerFormat = {
  server_format: choice(
    ["json", "csv"],
    "Print the server's own CSV as it comes; -f csv makes a tidier one",
    serverFormat,
  )
    .optional(),
};
/** With it the answer is text. */
const asCsv = { textWith: { server_format: "csv" } } as const;

export const events = operation({
  id: "query.events",
  summary: "count several events over time",
  routes: [get("query", "/events")],
  ...query,
  ...asCsv,
  params: z.object({
    event: textList("Event name", { placeholder: "NAME", completes: "events" }),
    type: countingType.default("general"),
    unit: unit.default("day"),
    interval: recentUnits,
    from_date: fromDate.optional(),
    to_date: toDate.optional(),
    // The reference has these two.
    where: expression('Count only where this holds, such as properties["plan"] == "pro"').optional(),
    timezone: text("Time zone of the days, as an offset: +02:00", { placeholder: "OFFSET" }).optional(),
    ...answerFormat,
    ...workspace,
  }),
  result: seriesResult,
});

export const topEvents = operation({
  id: "query.events.top",
  summary: "today's most frequent events, against yesterday",
  routes: [get("query", "/events/top")],
  ...query,
  params: z.object({
    type: countingType.default("general"),
    limit: count("Most events to return; default 100", { min: 1 }, { usual: 100 }).optional(),
    ...workspace,
  }),
  result: z.looseObject({
    events: z.array(z.looseObject({ event: z.string(), amount: z.number(), percent_change: z.number().nullish() })),
    type: z.string().optional(),
  }),
});

export const eventNames = operation({
  id: "query.events.names",
  summary: "names of the events of the last 31 days, most frequent first",
  routes: [get("query", "/events/names")],
  ...query,
  params: z.object({
    type: choice(["general", "unique", "average"], "Rank by all events, the users who did them, or events per user", {
      flag: "math",
      aliases: ["type"],
    }).default("general"),
    limit: count("Most names to return; default 255", { min: 1 }, { usual: 255 }).optional(),
    ...workspace,
  }),
  result: z.array(z.string()),
});

export const eventProperties = operation({
  id: "query.events.properties",
  summary: "count an event over time by the values of a property",
  routes: [get("query", "/events/properties")],
  ...query,
  ...asCsv,
  params: z.object({
    event: text("Event name", { completes: "events" }),
    property: text("Property name", { wire: "name", completes: "properties" }),
    values: textList("Only this value", { flag: "value", placeholder: "VALUE" }).optional(),
    type: countingType.default("general"),
    unit: unit.default("day"),
    interval: recentUnits,
    from_date: fromDate.optional(),
    to_date: toDate.optional(),
    limit: count("Most values to return; default 255", { min: 1 }).optional(),
    ...answerFormat,
    ...workspace,
  }),
  result: seriesResult,
});

export const topProperties = operation({
  id: "query.events.properties.top",
  summary: "the properties that an event has most often",
  routes: [get("query", "/events/properties/top")],
  ...query,
  params: z.object({
    event: text("Event name", { completes: "events" }),
    limit: count("Most properties to return; default 10", { min: 1 }, { usual: 10 }).optional(),
    ...workspace,
  }),
  /** Published with `{count}` objects, referenced with plain numbers; an entry may be empty. */
  result: z.record(z.string(), z.union([z.number(), z.looseObject({ count: z.number().optional() })])),
});

export const propertyValues = operation({
  id: "query.events.properties.values",
  summary: "the most frequent values of an event's property",
  routes: [get("query", "/events/properties/values")],
  ...query,
  params: z.object({
    event: text("Event name", { completes: "events" }).optional(),
    property: text("Property name", { wire: "name", completes: "properties" }),
    limit: count("Most values to return; default 255", { min: 1 }, { usual: 255 }).optional(),
    bucket: count("Width of the buckets of a numeric property", { min: 1 }).optional(),
    ...workspace,
  }),
  result: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export const segmentation = operation({
  id: "query.segmentation",
  summary: "count one event over time, split by a property",
  routes: [get("query", "/segmentation")],
  ...query,
  ...asCsv,
  params: z.object({
    event: text("Event name", { completes: "events" }),
    from_date: fromDate,
    to_date: toDate,
    on: expression('Split by this expression, such as properties["country"]').optional(),
    where: expression('Count only where this holds, such as properties["plan"] == "pro"').optional(),
    // `week` is not published for this endpoint, and the servers and Mixpanel's own client take it.
    unit: choice(["minute", "hour", "day", "week", "month"], "Width of a bucket; default day").optional(),
    interval: count("Width of a bucket in days, in place of --unit", { min: 1 }, {
      flag: "bucket-days",
      aliases: ["interval"],
      placeholder: "DAYS",
    }).optional(),
    type: countingType.optional(),
    limit: count("Most segments to return, with --on; default 60", { min: 1, max: 10_000 }).optional(),
    server_format: choice(["csv"], "Print the server's own CSV as it comes; -f csv makes a tidier one", serverFormat)
      .optional(),
    ...workspace,
  }),
  result: seriesResult,
});
