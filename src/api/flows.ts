/** Flows: which ways people take from an event, and to it. */
import { z } from "zod";
import { get, operation, post } from "./operation.ts";
import { choice, id, jsonText, workspace } from "./params.ts";
import { query } from "./query_params.ts";

const QUERY_TYPES = ["flows_sankey", "flows_top_paths", "flows"] as const;

/** Nodes by column, ways or trees, by what was asked for. Servers have both spellings of what two words name. */
const flowsResult = z.looseObject({
  computed_at: z.string().optional(),
  steps: z.array(z.unknown()).nullish(),
  flows: z.array(z.unknown()).nullish(),
  trees: z.array(z.unknown()).nullish(),
  breakdowns: z.array(z.unknown()).nullish(),
  overallConversionRate: z.number().nullish(),
});

export const askFlows = operation({
  id: "query.flows",
  summary: "which ways people take from an event, and to it",
  routes: [post("query", "/arb_funnels")],
  auth: ["service_account", "oauth"],
  quota: "query",
  unpublished: "client",
  projectIn: "json",
  inQuery: ["workspace_id"],
  repeatable: true,
  params: z.object({
    bookmark: jsonText(
      z.record(z.string(), z.unknown()),
      "The report as Mixpanel has it: steps, date_range and so on",
      {
        input: "json",
      },
    ),
    query_type: choice(QUERY_TYPES, "Columns of events, the most frequent ways, or a tree"),
    ...workspace,
  }),
  result: flowsResult,
});

export const savedFlows = operation({
  id: "query.flows.saved",
  summary: "the same of a saved report of flows",
  routes: [get("query", "/arb_funnels")],
  ...query,
  unpublished: "client",
  params: z.object({
    bookmark_id: id("Id of a saved report of flows"),
    query_type: choice(QUERY_TYPES, "Columns of events, the most frequent ways, or a tree").default("flows_sankey"),
    ...workspace,
  }),
  result: flowsResult,
});
