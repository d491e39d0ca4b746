import { z } from "zod";
import { askInsights, askInsightsCsv, insights } from "../../api/insights.ts";
import { getBookmark } from "../../api/bookmarks.ts";
import { choice, count, id } from "../../api/params.ts";
import { createReportLink } from "../../api/report_links.ts";
import { command } from "../../cli/command.ts";
import { COMPARE } from "../../cli/comparison.ts";
import type { ReportChanges } from "../../reports/changes.ts";
import { askReport } from "./shared/ask.ts";
import { askAboutParams, isGiven, savedParams } from "./shared/ask_params.ts";
import { printAddress } from "./shared/link.ts";
import { LINK } from "./shared/link_flag.ts";
import {
  ASK_FLAGS,
  RANGE_FLAGS,
  refuseOthers,
  reportChangesOf,
  SEGMENTS,
  SERVER_CSV,
  WHERE,
} from "./shared/ask_flags.ts";
import { analysisOf, COUNTED, type InsightsFlags, insightsReportOf } from "./shared/insights_report.ts";
import { OWN_CONDITIONS } from "./shared/typed_event.ts";
import { savedReport } from "./shared/saved_report.ts";
import { askable } from "./shared/from_files.ts";

const INPUT = z.object({
  bookmark_id: id("Id of a saved report: the number after 'report-' in its address").optional(),
  event: z.array(z.string().min(1)).optional().meta({
    placeholder: "NAME",
    completes: "events",
    description: `An event to count, $custom_event:ID for a custom one, ${OWN_CONDITIONS}; several are several lines`,
  }),
  ...COUNTED,
  metric: z.array(z.string()).optional().meta({ placeholder: "ID", description: "A saved metric, by its id" }),
  cohort_size: z.array(z.string()).optional().meta({
    placeholder: "ID",
    completes: "cohorts",
    description: "How many users are in a saved cohort",
  }),
  unit: choice(["hour", "day", "week", "month", "quarter", "year"], "Width of a bucket; default day").optional(),
  totals: z.boolean().optional().meta({ description: "One number for the whole range" }),
  cumulative: z.boolean().optional().meta({ description: "Add up from the first day on" }),
  rolling: count("Average over so many units", { min: 2 }).optional(),
  where: WHERE,
  ...RANGE_FLAGS,
  ...ASK_FLAGS,
  ...SEGMENTS,
  ...COMPARE,
  ...SERVER_CSV,
  ...LINK,
});

export default askable(command({
  summary: "a saved report, or any question about events",
  description:
    `With the id of a saved report ('report-' stands before it in its address) it prints its numbers by the published
endpoint; with days, --by, --where and other flags that change what it asks it is looked up first, which counts against no
quota, and asked so changed: --by splits it otherwise than it is, --where must hold too. With --event it asks a question of your own: several events, numbers of a property, formulas, up to five
breakdowns. That goes to POST /insights as the web page sends it, which Mixpanel does not publish: known from recorded
answers and from the code of its own client.

--math takes one of total, unique, dau, wau, mau, sessions, cumulative_unique, or, with a property behind a colon, total
(the sum), average, median, min, max, p95, unique_values and others. Give it once for all events, or once for each.
--per-user first aggregates each user's values: --math average:amount --per-user total is what a user spends. In formulas
events are called A, B, C in their order, and the formula alone is shown. --where is a list of conditions, joined by and,
with at most one group of alternatives; 'mp query segmentation' takes any expression. Days are those of the project's time
zone, and with --totals the unit means nothing. With --rolling there are fewer points than days.`,
  args: ["bookmark_id"],
  dateRange: true,
  draws: true,
  operations: [insights, getBookmark, askInsights, askInsightsCsv, createReportLink],
  examples: [
    { text: "A saved report as it stands", run: "mp query insights 9001" },
    { text: "The same about other days, by plan", run: "mp query insights 9001 --last 60d --by user.plan" },
    {
      text: "What purchases above 30 bring, by plan",
      run:
        `mp query insights --event Purchase --math total:amount --by user.plan --where 'properties["amount"] > 30' --last 30d`,
    },
    {
      text: "How many sign-ups buy, as a percentage by week",
      run:
        "mp query insights --event 'Sign Up' --event Purchase --math unique --formula 'B / A * 100' --last 8w --unit week",
    },
    {
      text: "What part of the purchases is a large one",
      run:
        `mp query insights --event 'Purchase where properties["amount"] > 50' --event Purchase --formula 'A / B * 100' --last 8w --unit week`,
    },
    {
      text: "How many users did one of two things",
      run: "mp query insights --event 'View Product' --event 'Add to Cart' --together --math unique --totals --last 7d",
    },
  ],
  input: INPUT,
  async run(
    context,
    { bookmark_id, params, print_params: printParams, limit, compare, server_format, link, ...flags },
    typedDays,
  ) {
    const serverCsv = server_format === "csv" ? true : undefined;
    const asked = { where: flags.where, limit, printParams, serverCsv, link };
    if (bookmark_id !== undefined || params !== undefined) {
      const { event, math, per_user, together, metric, cohort_size, formula, ...changes } = flags;
      const beside = bookmark_id === undefined ? "--params: it is the whole report" : "a saved report";
      const others = { event, math, per_user, together, metric, cohort_size, formula };
      refuseOthers(INPUT, beside, { ...others, params: bookmark_id === undefined ? undefined : params });
      const isChanged = isGiven({ ...changes, compare });
      if (params === undefined && !isChanged) {
        if (link) return await printAddress(context, "insights", { id: String(bookmark_id) });
        if (!isGiven(asked)) return await savedReport.run(context, { bookmark_id: bookmark_id! });
      }
      const known = params ?? await savedParams(await context.client(), String(bookmark_id));
      return await askAboutParams(context, known, {
        ...asked,
        changes: { ...reportChangesOf(changes, typedDays, compare !== undefined), ...drawnOtherwise(changes) },
        compare,
        days: { from: flags.from_date, to: flags.to_date },
      });
    }
    const report = insightsReportOf(flags, typedDays, compare !== undefined);
    const days = { from: flags.from_date!, to: flags.to_date! };
    return await askReport(context, {
      ...asked,
      report,
      compare: compare === undefined ? undefined : { period: compare, days },
    });
  },
}));

/** Other buckets, totals in place of them, or what is made of the numbers. */
function drawnOtherwise({ unit, totals, rolling, cumulative }: InsightsFlags): ReportChanges {
  return {
    ...(unit !== undefined && { unit }),
    ...(totals !== undefined && { chart: totals ? "bar" : "line" }),
    ...((rolling !== undefined || cumulative !== undefined) &&
      { analysis: analysisOf({ rolling, cumulative, totals }) }),
  };
}
