/** The raw event export: a stream of JSON Lines from the data hosts, 60 requests an hour. */
import { z } from "zod";
import { get, operation } from "./operation.ts";
import { count, day, expression, textList, truth } from "./params.ts";
import { QUERY_AUTH } from "./query_params.ts";

export const exportEvents = operation({
  id: "export.events",
  summary: "export raw events as JSON Lines",
  routes: [get("export", "/export")],
  auth: QUERY_AUTH,
  quota: "export",
  answer: "lines",
  params: z.object({
    from_date: day("First day; in UTC, or in the project's time zone if it was created before 2023", { flag: "from" }),
    to_date: day("Last day, included", { flag: "to" }),
    event: textList("Only events of this name", { placeholder: "NAME", completes: "events" }).optional(),
    where: expression('Only events where this holds, such as properties["plan"] == "pro"').optional(),
    limit: count("At most this many events, in no particular order", { min: 1, max: 100_000 }).optional(),
    page: count("Page of as many events as --limit says", { min: 0 }).optional(),
    time_in_ms: truth("Milliseconds in properties.time, as they were sent; otherwise seconds").optional(),
  }),
  result: z.unknown(),
});
