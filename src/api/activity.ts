/** What single users did, event by event. */
import { z } from "zod";
import { get, operation } from "./operation.ts";
import { textList, workspace } from "./params.ts";
import { fromDate, query, toDate } from "./query_params.ts";

export const activity = operation({
  id: "query.activity",
  summary: "the events of single users",
  routes: [get("query", "/stream/query")],
  ...query,
  params: z.object({
    distinct_ids: textList("Whose events", { placeholder: "ID" }),
    from_date: fromDate,
    to_date: toDate,
    ...workspace,
  }),
  result: z.looseObject({
    status: z.string().optional(),
    results: z.looseObject({
      events: z.array(z.looseObject({ event: z.string(), properties: z.record(z.string(), z.unknown()) })),
    }),
  }),
});
