import { z } from "zod";
import { getBookmark } from "../../api/bookmarks.ts";
import { funnel } from "../../api/funnels.ts";
import { askInsights, askInsightsCsv } from "../../api/insights.ts";
import { choice } from "../../api/params.ts";
import { createReportLink } from "../../api/report_links.ts";
import { command } from "../../cli/command.ts";
import { canPick, pickValue } from "../../cli/pick_value.ts";
import { inputError } from "../../errors.ts";
import { readBookmark } from "../../reports/bookmark.ts";
import { checkReport } from "../../reports/check.ts";
import type { Json } from "../../reports/report.ts";
import { askReport } from "./shared/ask.ts";
import { printAddress } from "./shared/link.ts";
import { LINK } from "./shared/link_flag.ts";
import { ASK_FLAGS, refuseOthers, reportChangesOf, SERVER_CSV } from "./shared/ask_flags.ts";
import { askAboutParams, isGiven, type ParamsQuestion, savedParams } from "./shared/ask_params.ts";
import { OWN_CONDITIONS } from "./shared/typed_event.ts";
import {
  countedOtherwise,
  type FunnelFlags,
  funnelReportOf,
  REENTRY,
  splitsOf,
  WITHIN,
} from "./shared/funnel_report.ts";
import { savedFunnel } from "./shared/saved_funnel.ts";
import type { Context } from "../../cli/context.ts";
import { askable } from "./shared/from_files.ts";

const { funnel_id: _id, ...OWN_FLAGS } = funnel.params.shape;

const INPUT = z.object({
  funnel: z.string().min(1).optional().meta({
    completes: "funnels",
    placeholder: "ID",
    description: "Id of a saved funnel, or the event of the first step",
  }),
  step: z.array(z.string().min(1)).optional().meta({
    completes: "events",
    description: `The events of the other steps, $custom_event:ID for a custom one, ${OWN_CONDITIONS}`,
  }),
  ...OWN_FLAGS,
  from_date: OWN_FLAGS.from_date.optional(),
  to_date: OWN_FLAGS.to_date.optional(),
  ...WITHIN,
  math: choice(
    ["unique", "total", "session"],
    "Count the users who did the steps, all times they were done, or sessions; default unique",
  ).optional(),
  any_order: z.boolean().optional().meta({ description: "Steps may be done in any order" }),
  reentry: choice(REENTRY, "When somebody who began again counts again").optional(),
  hold: z.array(z.string()).optional().meta({
    placeholder: "PROPERTY",
    completes: "properties",
    description: "This property must be the same in all steps",
  }),
  exclude: z.array(z.string()).optional().meta({
    placeholder: "EVENT",
    completes: "events",
    description: "Leave out who did this event in between; EVENT:1-2 between these steps alone",
  }),
  ...ASK_FLAGS,
  ...SERVER_CSV,
  ...LINK,
});

export default askable(command({
  summary: "how far people get in a funnel, saved or named here",
  description:
    `Takes the people who began in these days through a saved funnel, named by its id, or through steps that you name. A
saved one is asked by the published endpoint; steps go to POST /insights as the web page sends them, which Mixpanel does
not publish: known from recorded answers and from the code of its own client.

--unit day, week or month looks at each such period by itself, and so does --bucket-days N of a saved funnel. How long
people have for it, from their first step on, is --length with --length-unit, or --within for steps (default 14d). Steps
are done in their order with any others between; times are means. With flags such as --by, --within, --any-order, --hold
and --exclude a saved funnel is looked up, which counts against no quota, and asked as steps are.`,
  args: ["funnel", "step"],
  dateRange: true,
  draws: true,
  operations: [funnel, getBookmark, askInsights, askInsightsCsv, createReportLink],
  examples: [
    { text: "The last thirty days of a saved funnel as one", run: "mp query funnel 7001 --last 30d" },
    {
      text: "By operating system, done within an hour",
      run: "mp query funnel 7001 --last 7d --on '$os' --length 1 --length-unit hour -f table",
    },
    { text: "A saved funnel by plan, in any order", run: "mp query funnel 7001 --last 7d --by user.plan --any-order" },
    {
      text: "Steps of your own, done within a week, by plan",
      run: "mp query funnel 'View Product' 'Add to Cart' Purchase --within 7d --by user.plan --last 30d",
    },
    {
      text: "Who looks at equipment, and buys for more than 50",
      run:
        `mp query funnel 'View Product where properties["category"] == "equipment"' 'Purchase where properties["amount"] > 50' --last 30d`,
    },
    {
      text: "Whether they get better, week by week",
      run: "mp query funnel 'View Product' Purchase --last 8w --unit week -f chart",
    },
  ],
  input: INPUT,
  async run(context, input, typedDays) {
    const { funnel: first, step = [], params, print_params: printParams, limit, server_format, link, ...flags } = input;
    const serverCsv = server_format === "csv" ? true : undefined;
    const asked = { where: flags.where, limit, printParams, serverCsv, link };
    if (params !== undefined) {
      refuseOthers(INPUT, "--params: it is the whole report", { "<funnel>": first, "<step>": input.step });
      return await askAboutChanged(context, params, flags, typedDays, asked);
    }
    const named = first ?? await picked(context);
    if (input.step === undefined && !/^\d+$/.test(named)) throw notAnId(named);
    if (step.length === 0 && /^\d+$/.test(named)) {
      if (link && !isGiven(flags)) return await printAddress(context, "funnels", { id: named });
      const { by, by_cohort, cohort, not_cohort, within, math, any_order, reentry, hold, exclude } = flags;
      const ofReports = { by, by_cohort, cohort, not_cohort, within, math, any_order, reentry, hold, exclude };
      if (!isGiven({ ...ofReports, printParams, serverCsv, link })) {
        return await savedFunnel.run(context, savedInput(named, { ...flags, limit }));
      }
      const known = await savedParams(await context.client(), named);
      return await askAboutChanged(context, known, flags, typedDays, asked);
    }
    const report = funnelReportOf([named, ...step], flags, typedDays);
    return await askReport(context, { ...asked, report });
  },
}));

/** Asks about params of a funnel with what the flags change of it. */
async function askAboutChanged(
  context: Context,
  params: Json,
  flags: FunnelFlags,
  typedDays: string | undefined,
  asked: ParamsQuestion,
): Promise<void> {
  const report = readBookmark(params);
  if (report?.kind !== "funnel") {
    throw inputError(
      "Cannot ask about this report as a funnel: it is none of named steps",
      "ask as it is: mp reports run ID, or mp query insights ID",
      "bad_report",
    );
  }
  const funnel = countedOtherwise(flags, report.steps.length);
  checkReport({ ...report, ...funnel });
  const { breakdowns, ...changes } = reportChangesOf(flags, typedDays);
  const split = splitsOf(flags, breakdowns);
  await askAboutParams(context, params, {
    ...asked,
    changes: {
      ...changes,
      ...(split.length > 0 && { breakdowns: split }),
      ...(flags.unit !== undefined && { unit: flags.unit, chart: "line" }),
      ...(Object.keys(funnel).length > 0 && { funnel }),
    },
  });
}

type SavedInput = Parameters<typeof savedFunnel.run>[1];

/** @throws MpError (input) as the command of the endpoint alone would. */
function savedInput(id: string, flags: Record<string, unknown>): SavedInput {
  if (flags.from_date === undefined) {
    throw missing("--from and --to are missing", "add --last 30d, or --from DAY --to DAY");
  }
  const own = Object.fromEntries(Object.keys(OWN_FLAGS).map((key) => [key, flags[key]]));
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...given, funnel_id: Number.isSafeInteger(Number(id)) ? Number(id) : BigInt(id) } as SavedInput;
}

async function picked(context: Context): Promise<string> {
  const id = canPick(context.globals, context) ? await pickValue({ kind: "funnels" }, context) : undefined;
  if (id !== undefined) return id;
  throw missing(
    "<funnel> is missing",
    "'mp funnels list' shows what there is; or name the events of at least two steps",
  );
}

const missing = (what: string, hint: string): Error =>
  inputError(`Cannot run query funnel: ${what}`, hint, "missing_argument");

function notAnId(named: string): Error {
  return inputError(
    `Cannot run query funnel: <funnel> ${JSON.stringify(named)} is not a numeric id`,
    "'mp funnels list' shows what there is; or name the events of all steps, which are at least two",
    "bad_parameter",
  );
}
