/** One event over time, by a number that it carries: in ranges, added up, or on average. */
import { z } from "zod";
import { get, operation } from "./operation.ts";
import { choice, expression, text, workspace } from "./params.ts";
import { countingType, fromDate, query, seriesResult, toDate } from "./query_params.ts";

/** The three endpoints differ in what they do with the number. */
const numericParams = (whatFor: string) => ({
  event: text("Event name", { completes: "events" }),
  from_date: fromDate,
  to_date: toDate,
  on: expression(`${whatFor}, such as properties["amount"]`),
  where: expression('Only where this holds, such as properties["plan"] == "pro"').optional(),
  unit: choice(["hour", "day"], "Width of a bucket; default day").optional(),
  ...workspace,
});

/** A number for each date. */
const numbersByDate = z.looseObject({
  results: z.record(z.string(), z.number()),
  status: z.string().optional(),
  computed_at: z.string().optional(),
});

export const numericSegmentation = operation({
  id: "query.numeric",
  summary: "count one event over time, split into ranges of a number",
  routes: [get("query", "/segmentation/numeric")],
  ...query,
  params: z.object({
    ...numericParams("Split by this number"),
    type: countingType.optional(),
  }),
  result: seriesResult,
});

export const segmentationSum = operation({
  id: "query.sum",
  summary: "sum a numeric property of an event over time",
  routes: [get("query", "/segmentation/sum")],
  ...query,
  params: z.object(numericParams("The number to add up; 0 where it is none")),
  result: numbersByDate,
});

export const segmentationAverage = operation({
  id: "query.average",
  summary: "average a numeric property of an event over time",
  routes: [get("query", "/segmentation/average")],
  ...query,
  params: z.object(numericParams("The number; 0 where it is none")),
  result: numbersByDate,
});
