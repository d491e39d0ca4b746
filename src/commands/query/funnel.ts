import { z } from "zod";
import { funnel } from "../../api/funnels.ts";
import { askInsights, askInsightsCsv } from "../../api/insights.ts";
import { choice } from "../../api/params.ts";
import { createReportLink } from "../../api/report_links.ts";
import { command } from "../../cli/command.ts";
import { canPick, pickValue } from "../../cli/pick_value.ts";
import { inputError } from "../../errors.ts";
import type { Breakdown, Conditions, FunnelReport, ReportStep } from "../../reports/report.ts";
import { askReport } from "./shared/ask.ts";
import { LINK, printAddress } from "./shared/link.ts";
import { ASK_FLAGS, commonOf, onlyParams, SERVER_CSV } from "./shared/ask_flags.ts";
import { propertyOf, reportStepOf, windowOf } from "./shared/ask_values.ts";
import { joinedConditions, OWN_CONDITIONS, typedEvent } from "./shared/typed_event.ts";
import { savedFunnel } from "./shared/saved_funnel.ts";
import type { Context } from "../../cli/context.ts";

const { funnel_id: _id, ...OWN_FLAGS } = funnel.params.shape;
const USUAL_WINDOW = { length: 14, unit: "day" } as const;
const REENTRY = ["default", "basic", "aggressive", "optimized"] as const;

export default command({
  summary: "how far people get in a funnel, saved or named here",
  description:
    `Takes the people who began in these days through a saved funnel, named by its id, or through steps that you name. A
saved one is asked by the published endpoint; steps go to POST /insights as the web page sends them, which Mixpanel does
not publish: known from recorded answers and from the code of its own client.

--unit day, week or month looks at each such period by itself, and so does --bucket-days N of a saved funnel. How long
people have for it, from their first step on, is --length with --length-unit, or --within for steps (default 14d). Steps
are done in their order with any others between; times are means. Flags such as --by, --within, --any-order, --hold and
--exclude are for steps.`,
  args: ["funnel", "step"],
  dateRange: true,
  draws: true,
  operations: [funnel, askInsights, askInsightsCsv, createReportLink],
  examples: [
    { text: "The last thirty days of a saved funnel as one", run: "mp query funnel 7001 --last 30d" },
    {
      text: "By operating system, done within an hour",
      run: "mp query funnel 7001 --last 7d --on '$os' --length 1 --length-unit hour -f table",
    },
    {
      text: "Steps of your own, done within a week, by plan",
      run: "mp query funnel 'View Product' 'Add to Cart' Purchase --within 7d --by user.plan --last 30d",
    },
    {
      text: "Who looks at a brewer, and buys for more than 50",
      run:
        `mp query funnel 'View Product where properties["category"] == "Brewers"' 'Purchase where properties["amount"] > 50' --last 30d`,
    },
    {
      text: "Whether they get better, week by week",
      run: "mp query funnel 'View Product' Purchase --last 8w --unit week -f chart",
    },
  ],
  input: z.object({
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
    within: z.string().optional().meta({
      placeholder: "SPAN",
      description: "How long people have from the first step on: 7d, 2h, 1session; default 14d",
    }),
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
  }),
  async run(context, input, typedDays) {
    const { funnel: first, step = [], params, print_params: printParams, limit, server_format, link, ...flags } = input;
    const serverCsv = server_format === "csv";
    const {
      on: _on,
      length: _l,
      length_unit: _u,
      interval: _i,
      unit: _unit,
      where: _w,
      from_date: _f,
      to_date: _t,
      ...own
    } = flags;
    if (params !== undefined) {
      const others = { "<funnel>": first, "<step>": input.step, ...flags };
      return await askReport(context, { params: onlyParams(params, others), limit, printParams, serverCsv, link });
    }
    const named = first ?? await picked(context);
    if (input.step === undefined && !/^\d+$/.test(named)) throw notAnId(named);
    if (step.length === 0 && /^\d+$/.test(named)) {
      if (link) return await printAddress(context, "funnels", { id: named });
      onlySteps(named, { ...own, print_params: printParams, server_format });
      return await savedFunnel.run(context, savedInput(named, { ...flags, limit }));
    }
    const report = reportOf([named, ...step], flags, typedDays);
    return await askReport(context, { report, where: flags.where, limit, printParams, serverCsv, link });
  },
});

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

/** A saved funnel has its steps, and all that belongs to them. */
function onlySteps(id: string, others: Readonly<Record<string, unknown>>): void {
  const other = Object.entries(others).find(([, value]) => value !== undefined);
  if (other === undefined) return;
  const [key] = other;
  const own: Readonly<Record<string, string>> = { by: "--on", within: "--length and --length-unit" };
  throw inputError(
    `Cannot use --${key.replaceAll("_", "-")} with the saved funnel ${id}: it is for steps that are named`,
    own[key] === undefined ? "name the events of the steps in place of the id" : `use ${own[key]} for a saved funnel`,
    "bad_flags",
  );
}

interface Flags {
  from_date?: string;
  to_date?: string;
  length?: number;
  length_unit?: "day" | "hour" | "minute" | "second";
  interval?: number;
  unit?: "day" | "week" | "month";
  on?: string;
  where?: string;
  within?: string;
  math?: "unique" | "total" | "session";
  any_order?: boolean;
  reentry?: typeof REENTRY[number];
  hold?: string[];
  exclude?: string[];
  by?: string[];
}

function reportOf(steps: readonly string[], flags: Flags, typedDays: string | undefined): FunnelReport {
  if (flags.interval !== undefined) {
    throw inputError(
      "Cannot use --bucket-days with steps that are named",
      "use --unit day, week or month",
      "bad_flags",
    );
  }
  const { each, ...common } = commonOf(flags, typedDays);
  const split = [...flags.on === undefined ? [] : [splitOf(flags.on)], ...common.breakdowns ?? []];
  return {
    kind: "funnel",
    ...common,
    ...(split.length > 0 && { breakdowns: split }),
    steps: steps.map((step) => stepOf(step, each)),
    order: flags.any_order ? "any" : "loose",
    window: windowOfFlags(flags),
    math: `conversion_rate_${flags.math ?? "unique"}`,
    unit: flags.unit ?? "day",
    chart: flags.unit === undefined ? "funnel-steps" : "line",
    ...(flags.reentry !== undefined && { reentry: flags.reentry }),
    ...(flags.hold !== undefined && { holdingConstant: flags.hold.map((one) => propertyOf(one)) }),
    ...(flags.exclude !== undefined && { exclusions: flags.exclude.map((one) => exclusionOf(one, steps.length)) }),
  };
}

function stepOf(typed: string, each: Conditions | undefined): ReportStep {
  const { name, filter: own } = typedEvent("<step>", typed);
  const filter = joinedConditions("--where", own, each);
  return reportStepOf({ name, ...(filter !== undefined && { filter }) });
}

/** Of an expression to split by, a property alone has a place in a report. */
function splitOf(on: string): Breakdown {
  const property = propertyOf(on);
  if (property.name === on) {
    throw inputError(
      `Cannot use --on ${
        JSON.stringify(on)
      } with steps that are named: a report splits by a property, and not by an expression`,
      "use --by PROPERTY",
      "bad_expression",
    );
  }
  return { kind: "property", property };
}

function windowOfFlags({ within, length, length_unit = "day" }: Flags): FunnelReport["window"] {
  if (within === undefined) return length === undefined ? USUAL_WINDOW : { length, unit: length_unit };
  if (length === undefined) return windowOf(within);
  throw inputError(
    "Cannot use --within together with --length: they say the same",
    "leave one of them out",
    "bad_flags",
  );
}

/** `Refund`, anywhere between the first step and the last; `Refund:1-2`. */
function exclusionOf(typed: string, steps: number): { event: string; from: number; to: number } {
  const [, event = typed, from, to] = /^(.+):(\d+)-(\d+)$/s.exec(typed) ?? [];
  return from === undefined ? { event, from: 1, to: steps } : { event, from: Number(from), to: Number(to) };
}
