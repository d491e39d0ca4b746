/** Who comes back, and how often. */
import { z } from "zod";
import { get, operation } from "./operation.ts";
import { choice, count, expression, text, truth, workspace } from "./params.ts";
import { fromDate, query, toDate } from "./query_params.ts";

const LONGEST_INTERVAL_DAYS = 90;

/** People of one period: how many there are, and how many of them came back in each interval. */
const retentionRow = z.looseObject({
  counts: z.array(z.number()),
  first: z.number().optional(),
  /** The reference's shares of those people, in place of `first`. */
  percents: z.array(z.number()).optional(),
});

/** Rows by date; with `on` by date and segment, in an order that is not published. */
const retentionRows = z.record(z.string(), z.union([retentionRow, z.record(z.string(), retentionRow)]));

export const retention = operation({
  id: "query.retention",
  summary: "how many people come back, and after how long",
  routes: [get("query", "/retention")],
  ...query,
  params: z.object({
    from_date: fromDate,
    to_date: toDate,
    retention_type: choice(
      ["birth", "compounded"],
      "By when people first did <born-event>, or by every time they did --event; default birth",
      { aliases: ["type"] },
    ).optional(),
    born_event: text("The event that begins it; required unless --retention-type compounded", {
      placeholder: "NAME",
      completes: "events",
    }).optional(),
    event: text("The event that counts as coming back; default any", { placeholder: "NAME", completes: "events" })
      .optional(),
    born_where: expression("Only born events where this holds").optional(),
    where: expression("Only returns where this holds").optional(),
    interval: count("Units in an interval; default 1", { min: 1 }).optional(),
    interval_count: count("Intervals after the 0th; default 1", { min: 1 }).optional(),
    unit: choice(["day", "week", "month"], "Unit of an interval; default day").optional(),
    unbounded_retention: truth("Count whoever comes back later also in the intervals before", { flag: "unbounded" })
      .optional(),
    on: expression('Split returns by this expression, such as properties["country"]').optional(),
    limit: count("Most segments to return, with --on", { min: 1 }).optional(),
    ...workspace,
  }).refine(({ retention_type, born_event }) => retention_type === "compounded" || born_event !== undefined, {
    path: ["born_event"],
    error: "name the event that begins it, or choose --retention-type compounded",
  }).refine(({ unit = "day", interval = 1 }) => unit !== "day" || interval <= LONGEST_INTERVAL_DAYS, {
    path: ["interval"],
    error: `more than ${LONGEST_INTERVAL_DAYS} days`,
  }),
  /** Published without an envelope, referenced with `data` around it. */
  result: z.union([z.looseObject({ data: retentionRows }), retentionRows]),
});

const frequencyRows = z.record(
  z.string(),
  z.union([z.array(z.number()), z.record(z.string(), z.array(z.number()))]),
);

export const frequency = operation({
  id: "query.frequency",
  summary: "in how many hours or days of a period people are active",
  routes: [get("query", "/retention/addiction")],
  ...query,
  params: z.object({
    from_date: fromDate,
    to_date: toDate,
    unit: choice(["day", "week", "month"], "The period").default("day"),
    addiction_unit: choice(["hour", "day"], "The parts of it that people are active in", { flag: "part" }).default(
      "hour",
    ),
    event: text("The event that counts as being active; default any", { placeholder: "NAME", completes: "events" })
      .optional(),
    where: expression("Only events where this holds").optional(),
    on: expression('Split by this expression, such as properties["country"]').optional(),
    limit: count("Most segments to return, with --on", { min: 1 }).optional(),
    ...workspace,
  }),
  /** Published with `data` around it; its prose has a sample without. */
  result: z.union([z.looseObject({ data: frequencyRows }), frequencyRows]),
});
