/** Reports as they are saved in Mixpanel. */
import { z } from "zod";
import { get, operation } from "./operation.ts";
import { id, workspace } from "./params.ts";
import { query } from "./query_params.ts";

export const insights = operation({
  id: "query.insights",
  summary: "the numbers of a saved report",
  routes: [get("query", "/insights")],
  ...query,
  params: z.object({
    bookmark_id: id("Id of a saved report: the number after 'report-' in its address"),
    ...workspace,
  }),
  result: z.looseObject({
    computed_at: z.string().optional(),
    date_range: z.looseObject({ from_date: z.string().optional(), to_date: z.string().optional() }).optional(),
    /** What the levels of `series` are. */
    headers: z.array(z.string()).optional(),
    series: z.record(z.string(), z.unknown()),
  }),
});
