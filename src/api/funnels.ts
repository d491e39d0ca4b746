/** Funnels that somebody has saved in Mixpanel, and how far people get in them. */
import { z } from "zod";
import { get, operation } from "./operation.ts";
import { choice, count, expression, id, workspace } from "./params.ts";
import { fromDate, query, toDate } from "./query_params.ts";

const LONGEST_WINDOW_DAYS = 90;
const PER_DAY = { day: 1, hour: 24, minute: 1440, second: 86_400 };

export const funnelsList = operation({
  id: "query.funnels.list",
  summary: "saved funnels and their ids",
  routes: [get("query", "/funnels/list")],
  ...query,
  params: z.object({ ...workspace }),
  result: z.array(z.looseObject({ funnel_id: z.union([z.number(), z.bigint()]), name: z.string() })),
});

/** A step as it is published; the reference calls the event `name`. */
export const funnelStep = z.looseObject({
  count: z.number(),
  event: z.string().optional(),
  goal: z.string().optional(),
  name: z.string().optional(),
  step_label: z.string().optional(),
  step_conv_ratio: z.number().nullish(),
  overall_conv_ratio: z.number().nullish(),
  /** Seconds. */
  avg_time: z.number().nullish(),
  avg_time_from_start: z.number().nullish(),
});

export const funnel = operation({
  id: "query.funnel",
  summary: "how many people get how far in a saved funnel",
  routes: [get("query", "/funnels")],
  ...query,
  params: z.object({
    funnel_id: id("Id of a saved funnel, from 'mp funnels list'", { completes: "funnels" }),
    from_date: fromDate,
    to_date: toDate,
    length: count("How long people have for it, in units of --length-unit; default as saved", { min: 1 }).optional(),
    length_unit: choice(["day", "hour", "minute", "second"], "Unit of --length; default as saved").optional(),
    interval: count("Width of a bucket in days; default: the whole range", { min: 1 }, {
      flag: "bucket-days",
      aliases: ["interval"],
      placeholder: "DAYS",
    }).optional(),
    unit: choice(["day", "week", "month"], "Width of a bucket, in place of --bucket-days").optional(),
    on: expression('Split by this expression, such as properties["country"]').optional(),
    where: expression('Only events where this holds, such as properties["plan"] == "pro"').optional(),
    limit: count("Most segments to return, with --on; default 255", { min: 1, max: 10_000 }).optional(),
    ...workspace,
  }).refine(
    ({ length = 0, length_unit = "second" }) => length / PER_DAY[length_unit] <= LONGEST_WINDOW_DAYS,
    { path: ["length"], error: `longer than ${LONGEST_WINDOW_DAYS} days` },
  ),
  result: z.looseObject({
    meta: z.looseObject({ dates: z.array(z.string()).optional() }).optional(),
    /** By period: published with `steps` inside, with `on` the steps by segment, in the reference the steps alone. */
    data: z.record(
      z.string(),
      z.union([
        z.looseObject({ steps: z.array(funnelStep) }),
        z.array(funnelStep),
        z.record(z.string(), z.array(funnelStep)),
      ]),
    ),
  }),
});
