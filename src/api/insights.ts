/** Reports: those that are saved in Mixpanel, by their ids, and any other, by its JSON. */
import { z } from "zod";
import { get, operation, post } from "./operation.ts";
import { choice, id, jsonText, workspace } from "./params.ts";
import { query } from "./query_params.ts";

/** Numbers by metric, segment and date, in an order that `headers` tells. */
const reportNumbers = z.looseObject({
  computed_at: z.string().optional(),
  date_range: z.looseObject({ from_date: z.string().optional(), to_date: z.string().optional() }).optional(),
  /** What the levels of `series` are. */
  headers: z.array(z.string()).optional(),
  series: z.record(z.string(), z.unknown()),
  meta: z.looseObject({
    /** Whether there are more segments than came. */
    is_segmentation_limit_hit: z.boolean().nullish(),
    /** Below 1 the numbers are estimates from so large a part of the users. */
    min_sampling_factor: z.number().nullish(),
  }).nullish(),
});

export const insights = operation({
  id: "query.insights",
  summary: "the numbers of a saved report",
  routes: [get("query", "/insights")],
  ...query,
  params: z.object({
    bookmark_id: id("Id of a saved report: the number after 'report-' in its address"),
    ...workspace,
  }),
  result: reportNumbers,
});

/** What asks about a report by its JSON. It reads only. */
const ask = {
  auth: ["service_account", "oauth"],
  quota: "query",
  inQuery: ["workspace_id"],
  repeatable: true,
} as const;

const bookmark = jsonText(
  z.record(z.string(), z.unknown()),
  "The report as Mixpanel has it: sections, displayOptions and so on",
  { input: "json" },
);

export const askInsights = operation({
  id: "query.insights.ask",
  summary: "the numbers of a report of insights, a funnel or retention that need not be saved",
  routes: [post("query", "/insights")],
  ...ask,
  unpublished: "recorded",
  projectIn: "json",
  params: z.object({
    bookmark,
    queryLimits: z.strictObject({ limit: z.int().min(1).meta({ description: "Most segments" }) })
      .meta({ flag: "query-limits", placeholder: "JSON", description: "Most segments, as an object" }).optional(),
    ...workspace,
  }),
  result: reportNumbers,
});

export const askInsightsCsv = operation({
  id: "query.insights.csv",
  summary: "the same report as the CSV that the web page downloads",
  routes: [post("query", "/insights")],
  ...ask,
  unpublished: "client",
  answer: "text",
  params: z.object({
    bookmark,
    format: choice(["csv"], "The form of the answer").default("csv"),
    ...workspace,
  }),
  result: z.string(),
});
