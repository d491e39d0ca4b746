import { z } from "zod";
import { getBookmark } from "../../api/bookmarks.ts";
import { call } from "../../api/call.ts";
import { askFlows, savedFlows } from "../../api/flows.ts";
import { createReportLink } from "../../api/report_links.ts";
import { choice, count, day, id } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { printsServerText } from "../../cli/format_choice.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { jsonResult } from "../../output/print.ts";
import { checkReport } from "../../reports/check.ts";
import { FLOW_SHAPES, writeFlows } from "../../reports/flows.ts";
import type { FlowAnchor, FlowsReport, Json } from "../../reports/report.ts";
import { ASK_FLAGS, commonOf, refuseOthers, reportChangesOf, WHERE } from "./shared/ask_flags.ts";
import { reporting } from "./shared/reporting.ts";
import { askAboutParams, isGiven, savedParams } from "./shared/ask_params.ts";
import { customEventId, windowOf } from "./shared/ask_values.ts";
import { OWN_CONDITIONS, plainEvent, typedEvent } from "./shared/typed_event.ts";
import { askAboutFlows } from "./shared/ask_flows.ts";
import { presentFlows } from "./shared/flow_forms.ts";
import { printAddress, printLink } from "./shared/link.ts";
import { LINK } from "./shared/link_flag.ts";
import { askable } from "./shared/from_files.ts";

const SHAPES = ["sankey", "paths", "tree"] as const;
const USUAL_STEPS = 3;
const WINDOW_UNITS: readonly string[] = ["day", "week", "month", "session"];

const INPUT = z.object({
  bookmark_id: id("Id of a saved report of flows").optional(),
  anchor: z.string().min(1).optional().meta({
    flag: "from",
    completes: "events",
    placeholder: "NAME",
    description:
      `The event that ways begin with, ${OWN_CONDITIONS}; $custom_event:ID, session_start and session_end are known too`,
  }),
  steps: count("How many steps after it; default 3", { max: 5 }).optional(),
  before: count("How many steps before it", { max: 5 }).optional(),
  shape: choice(SHAPES, "Columns of events, the most frequent ways, or a tree; default sankey").optional(),
  count: choice(["unique", "total", "session"], "Count users, ways, or sessions; default unique").optional(),
  within: z.string().optional().meta({
    placeholder: "SPAN",
    description: "How long people have from the first step on: 7d, 2w, 1session; default 7d",
  }),
  branches: count("How many events a step shows; default 3", { min: 1 }).optional(),
  collapse: z.boolean().optional().meta({ description: "The same event several times in a row is one" }),
  hide: z.array(z.string()).optional().meta({
    placeholder: "EVENT",
    completes: "events",
    description: "Do not show this event; it still counts",
  }),
  exclude: z.array(z.string()).optional().meta({
    placeholder: "EVENT",
    completes: "events",
    description: "Leave this event out of all ways",
  }),
  where: WHERE,
  from_date: day("First day, in the project's time zone", { flag: "since" }).optional(),
  to_date: day("Last day, included", { flag: "until" }).optional(),
  ...ASK_FLAGS,
  ...LINK,
});

export default askable(command({
  summary: "which ways people take from an event, and to it",
  description:
    `Shows which events follow --from, and how many people did them in each step; --before shows the steps that lead to it.
A table has a row for each event of a step, from the anchor (step 0) on. With the id of a saved report of flows it prints
that one; with days, --by, --cohort or --where it is looked up, which counts against no quota, and asked so changed.
Questions of your own go to POST /arb_funnels as the web page sends them; Mixpanel publishes neither: known from
the code of its own client.

--hide leaves events out of the picture, and still counts them. --within is how long people have for it. What a step shows
besides its --branches most frequent events is put together. Days are --last 30d, or --since DAY --until DAY.`,
  args: ["bookmark_id"],
  dateRange: true,
  operations: [askFlows, savedFlows, getBookmark, createReportLink],
  examples: [
    {
      text: "What people do after they view a product",
      run: "mp query flows --from 'View Product' --steps 3 --last 30d",
    },
    {
      text: "How they get to a purchase, on the way of most",
      run: "mp query flows --from Purchase --steps 0 --before 3 --shape paths --last 30d -f json",
    },
  ],
  input: INPUT,
  async run(context, { bookmark_id, params, print_params, link, ...flags }, typedDays) {
    const asked = { printParams: print_params, link, where: flags.where };
    if (bookmark_id !== undefined || params !== undefined) {
      const { by, by_cohort, cohort, not_cohort, where, from_date, to_date, shape, ...others } = flags;
      const own = { by, by_cohort, cohort, not_cohort, where, from_date, to_date };
      const beside = bookmark_id === undefined ? "--params: it is the whole report" : "a saved report";
      refuseOthers(INPUT, beside, { ...others, params: bookmark_id === undefined ? undefined : params });
      if (params === undefined && !isGiven({ ...own, print_params })) {
        if (link) return await printAddress(context, "flows", { id: String(bookmark_id) });
        return await showSaved(context, bookmark_id!, shape);
      }
      refuseOthers(INPUT, "params that say it", { shape });
      const known = params ?? await savedParams(await context.client(), String(bookmark_id));
      return await askAboutParams(context, known, { ...asked, changes: reportChangesOf(own, typedDays) });
    }
    const bookmark = written(reportOf(flags, typedDays), flags.where);
    if (print_params) return await context.print(jsonResult(bookmark));
    if (link) return await printLink(context, "flows", bookmark);
    await askAboutFlows(context, bookmark);
  },
}));

/** @throws MpError (input) for what Mixpanel would refuse. */
function written(report: FlowsReport, where = ""): Json {
  checkReport(report);
  return reporting("--where", where, () => writeFlows(report));
}

async function showSaved(
  context: Context,
  bookmark_id: number | bigint,
  shape: FlowsReport["shape"] = "sankey",
): Promise<void> {
  const client = await context.client();
  const query_type = FLOW_SHAPES[shape].query;
  const answer = await call(client, savedFlows, { bookmark_id, query_type });
  const result = printsServerText(context) ? undefined : await ifUnderstood(context, () => answer.result());
  const forms = result && presentFlows(result, shape);
  await context.print({ text: answer.text, data: answer.data, ...forms });
}

interface Flags {
  anchor?: string;
  steps?: number;
  before?: number;
  shape?: FlowsReport["shape"];
  count?: FlowsReport["count"];
  within?: string;
  branches?: number;
  collapse?: boolean;
  hide?: string[];
  exclude?: string[];
  where?: string;
  from_date?: string;
  to_date?: string;
}

function reportOf(flags: Flags, typedDays: string | undefined): FlowsReport {
  if (flags.anchor === undefined) {
    throw inputError(
      "Cannot run query flows: --from is missing",
      "name an event, or a saved report of flows by its id; 'mp events list' shows the names",
      "missing_argument",
    );
  }
  const { each, filter, ...common } = commonOf(flags, typedDays, { range: "--since DAY --until DAY" });
  if (each !== undefined && filter !== undefined) {
    throw inputError(
      "Cannot use --where: flows join conditions all by and, or all by or",
      "use one of them, or ask for a cohort in 'mp query insights'",
      "bad_expression",
    );
  }
  const window = windowOf(flags.within ?? (flags.count === "session" ? "1session" : "7d"));
  if (!WINDOW_UNITS.includes(window.unit)) {
    throw inputError(
      `Cannot use --within ${flags.within}: flows have windows of days, weeks, months and one session`,
      "write --within 1d",
    );
  }
  const own = filter ?? each;
  const { name, filter: conditions } = typedEvent("--from", flags.anchor);
  return {
    kind: "flows",
    ...common,
    ...(own !== undefined && { filter: own }),
    anchors: [{
      of: anchorOf(name),
      forward: flags.steps ?? USUAL_STEPS,
      reverse: flags.before ?? 0,
      ...(conditions !== undefined && { filter: conditions }),
    }],
    shape: flags.shape ?? "sankey",
    count: flags.count ?? "unique",
    window: window as FlowsReport["window"],
    cardinality: flags.branches ?? 3,
    ...(flags.collapse && { collapse: true }),
    ...(flags.hide !== undefined && { hidden: flags.hide.map((one) => plainEvent("--hide", one)) }),
    ...(flags.exclude !== undefined && { exclusions: flags.exclude.map((one) => plainEvent("--exclude", one)) }),
  };
}

function anchorOf(typed: string): FlowAnchor["of"] {
  const [, session] = /^\$?session_(start|end)$/.exec(typed) ?? [];
  if (session !== undefined) return { session: session as "start" | "end" };
  const customId = customEventId(typed);
  return customId === undefined ? { event: typed } : { customEventId: customId };
}
