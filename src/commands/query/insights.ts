import { z } from "zod";
import { askInsights, askInsightsCsv, insights } from "../../api/insights.ts";
import { choice, count, id } from "../../api/params.ts";
import { createReportLink } from "../../api/report_links.ts";
import { command } from "../../cli/command.ts";
import { COMPARE } from "../../cli/comparison.ts";
import { inputError } from "../../errors.ts";
import { askReport } from "./shared/ask.ts";
import { LINK, printAddress } from "./shared/link.ts";
import { ASK_FLAGS, onlyParams, RANGE_FLAGS, SEGMENTS, SERVER_CSV, WHERE } from "./shared/ask_flags.ts";
import { COUNTED, insightsReportOf } from "./shared/insights_report.ts";
import { savedReport } from "./shared/saved_report.ts";
import { askable } from "./shared/from_files.ts";

export default askable(command({
  summary: "a saved report, or any question about events",
  description:
    `With the id of a saved report ('report-' stands before it in its address) it prints its numbers by the published
endpoint. With --event it asks a question of your own: several events, numbers of a property, formulas, up to five
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
  operations: [insights, askInsights, askInsightsCsv, createReportLink],
  examples: [
    { text: "A saved report as it stands", run: "mp query insights 9001" },
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
      text: "How many users did one of two things",
      run: "mp query insights --event 'View Product' --event 'Add to Cart' --together --math unique --totals --last 7d",
    },
  ],
  input: z.object({
    bookmark_id: id("Id of a saved report: the number after 'report-' in its address").optional(),
    event: z.array(z.string().min(1)).optional().meta({
      placeholder: "NAME",
      completes: "events",
      description: "An event to count, $custom_event:ID for a custom one; several are several lines",
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
  }),
  async run(
    context,
    { bookmark_id, params, print_params: printParams, limit, compare, server_format, link, ...flags },
    typedDays,
  ) {
    const serverCsv = server_format === "csv";
    const others = { ...flags, compare };
    if (bookmark_id !== undefined) {
      if (link) return await printAddress(context, "insights", { id: String(bookmark_id) });
      onlySaved({ ...others, params, limit, print_params: printParams, server_format });
      return await savedReport.run(context, { bookmark_id });
    }
    if (params !== undefined) {
      return await askReport(context, { params: onlyParams(params, others), limit, printParams, serverCsv, link });
    }
    const report = insightsReportOf(flags, typedDays, compare !== undefined);
    const days = { from: flags.from_date!, to: flags.to_date! };
    return await askReport(context, {
      report,
      where: flags.where,
      limit,
      printParams,
      serverCsv,
      link,
      compare: compare === undefined ? undefined : { period: compare, days },
    });
  },
}));

/** A saved report is as it was saved. */
function onlySaved(others: Readonly<Record<string, unknown>>): void {
  const other = Object.entries(others).find(([, value]) => value !== undefined);
  if (other === undefined) return;
  throw inputError(
    `Cannot use --${other[0].replaceAll("_", "-")} with a saved report: its id is asked for as it was saved`,
    "leave it out; for other days, paste the address of the report: mp query 'https://mixpanel.com/project/…'",
    "bad_flags",
  );
}
