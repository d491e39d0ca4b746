/** Queries written in JavaScript. */
import { z } from "zod";
import { operation, post } from "./operation.ts";
import { jsonText, text, workspace } from "./params.ts";
import { QUERY_AUTH } from "./query_params.ts";

export const jql = operation({
  id: "query.jql",
  summary: "run a query that is written in JavaScript",
  routes: [post("query", "/jql")],
  auth: QUERY_AUTH,
  quota: "jql",
  body: { kind: "form" },
  inQuery: ["workspace_id"],
  // A script only reads.
  repeatable: true,
  params: z.object({
    script: text("JavaScript with a function main()", { placeholder: "CODE" }),
    params: jsonText(z.record(z.string(), z.unknown()), "What the script sees as its global params").optional(),
    ...workspace,
  }),
  result: z.array(z.unknown()),
  deprecated: "JQL is in maintenance mode; Mixpanel recommends its reports and exports instead",
});
