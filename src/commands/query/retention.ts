import { z } from "zod";
import { askInsights, askInsightsCsv } from "../../api/insights.ts";
import { choice } from "../../api/params.ts";
import { retention } from "../../api/retention.ts";
import { createReportLink } from "../../api/report_links.ts";
import { command } from "../../cli/command.ts";
import { inputError } from "../../errors.ts";
import type { ReportStep, RetentionReport } from "../../reports/report.ts";
import { askReport } from "./shared/ask.ts";
import { LINK } from "./shared/link_flag.ts";
import { ASK_FLAGS, commonOf, refuseOthers, reportChangesOf, SERVER_CSV } from "./shared/ask_flags.ts";
import { askAboutParams, isGiven } from "./shared/ask_params.ts";
import { reportStepOf } from "./shared/ask_values.ts";
import { conditionsOf, hasConditions, joinedConditions, OWN_CONDITIONS, typedEvent } from "./shared/typed_event.ts";
import { CURVE, plainRetention } from "./shared/plain_retention.ts";
import { suitedUnit } from "./shared/suited_unit.ts";
import { askable } from "./shared/from_files.ts";

/** What only the published endpoint takes. */
const PLAIN_ONLY = ["retention_type", "interval", "interval_count", "unbounded_retention", "on"];

const INPUT = z.object({
  ...plainRetention.input.shape,
  ...CURVE,
  return_event: z.string().min(1).optional().meta({
    completes: "events",
    description: `The event that counts as coming back, as the web page asks; ${OWN_CONDITIONS}`,
  }),
  from_date: retention.params.shape.from_date.optional(),
  to_date: retention.params.shape.to_date.optional(),
  compounded: z.boolean().optional().meta({ description: "Count people each time that they did the first event" }),
  align: choice(["birth", "calendar"], "Intervals from each person's first event, or of the calendar; default birth")
    .optional(),
  carry: choice(
    ["back", "forward", "consecutive"],
    "Count who came back also in the intervals before, in those after, or only as long as they came each time",
  ).optional(),
  intervals: z.string().optional().meta({
    placeholder: "N,N,…",
    description: "Ends of intervals of different length, in units: 1,3,7,14",
  }),
  cumulative: z.boolean().optional().meta({ description: "Add up from the first day on" }),
  ...ASK_FLAGS,
  ...SERVER_CSV,
  ...LINK,
});

export default askable(command({
  summary: "how many people come back, and after how long",
  description:
    `Looks at the people who did an event for the first time, and at how many of them came back 0, 1, 2, … intervals
later. An interval is counted from each person's own first event: a day is 24 hours, not a calendar day. A terminal shows
a heat map; the average is taken over the cohorts that have completed the interval. Unless told otherwise, the unit suits
the range (days up to two weeks, weeks up to 16, months), and there are as many intervals as it has units, up to 12.

With one event it is asked by the published endpoint, in which --event says what counts as coming back. With two events,
or with --by, --cohort, --align, --carry, --intervals or --cumulative, it goes to POST /insights as the web page sends it,
which Mixpanel does not publish: known from recorded answers and from the code of its own client. There every time that
somebody did the first event counts with --compounded, and there are no hours.`,
  args: ["born_event", "return_event"],
  dateRange: true,
  draws: true,
  operations: [retention, askInsights, askInsightsCsv, createReportLink],
  examples: [
    {
      text: "Who buys again in the weeks after signing up",
      run: "mp query retention 'Sign Up' --event Purchase --last 8w",
    },
    { text: "Who comes back at all, day by day, as a table", run: "mp query retention 'Sign Up' --last 7d -f table" },
    {
      text: "Recurring use: everyone who bought, whenever they did",
      run: "mp query retention --retention-type compounded --event Purchase --last 30d --unit week --interval-count 3",
    },
    {
      text: "The first of them as the web page has it, by plan",
      run: "mp query retention 'Sign Up' Purchase --unit week --by user.plan --last 8w -f table",
    },
  ],
  input: INPUT,
  async run(context, input, typedDays) {
    const { return_event, params, print_params: printParams, server_format, curve, limit, link, ...flags } = input;
    const serverCsv = server_format === "csv" ? true : undefined;
    const asked = { where: flags.where, limit, printParams, serverCsv, link, curve };
    if (params !== undefined) {
      const { by, by_cohort, cohort, not_cohort, from_date, to_date, where, unit, ...others } = flags;
      refuseOthers(INPUT, "--params: it is the whole report", { "<return-event>": return_event, ...others });
      const changes = reportChangesOf({ by, by_cohort, cohort, not_cohort, from_date, to_date, where }, typedDays);
      return await askAboutParams(context, params, {
        ...asked,
        changes: { ...changes, ...(unit !== undefined && { unit }) },
      });
    }
    const { compounded, align, carry, intervals, cumulative, by, by_cohort, cohort, not_cohort, ...plain } = flags;
    const onlyAsked = {
      return_event,
      compounded,
      align,
      carry,
      intervals,
      cumulative,
      by,
      by_cohort,
      cohort,
      not_cohort,
    };
    const isPlain = !isGiven({ ...onlyAsked, printParams, serverCsv, link });
    if (isPlain && !hasConditions(flags.born_event) && !hasConditions(flags.event)) {
      if (plain.from_date === undefined || plain.to_date === undefined) throw noRange();
      const given = { ...plain, limit, curve } as Record<string, unknown>;
      const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      return await plainRetention.run(context, own as Parameters<typeof plainRetention.run>[1]);
    }
    const report = reportOf({ ...flags, return_event }, typedDays);
    return await askReport(context, { ...asked, report });
  },
}));

const noRange = (): Error =>
  inputError(
    "Cannot run query retention: --from and --to are missing",
    "add --last 30d, or --from DAY --to DAY",
    "missing_argument",
  );

interface Flags {
  born_event?: string;
  return_event?: string;
  event?: string;
  from_date?: string;
  to_date?: string;
  where?: string;
  born_where?: string;
  unit?: "day" | "week" | "month";
  compounded?: boolean;
  align?: "birth" | "calendar";
  carry?: "back" | "forward" | "consecutive";
  intervals?: string;
  cumulative?: boolean;
}

const CARRY = { back: "carry_back", forward: "carry_forward", consecutive: "consecutive_forward" } as const;

function reportOf(flags: Flags, typedDays: string | undefined): RetentionReport {
  const plain = PLAIN_ONLY.find((key) => (flags as Record<string, unknown>)[key] !== undefined);
  if (plain !== undefined) throw onlyPlain(plain);
  const { born_event: birth, return_event, event } = flags;
  if (return_event !== undefined && event !== undefined) throw onlyPlain("event");
  const returning = return_event ?? event ?? "$mp_anything_event";
  if (birth === undefined) {
    throw inputError(
      "Cannot run query retention: <born-event> is missing",
      "name the event that begins it; 'mp events list' shows what there is",
      "missing_argument",
    );
  }
  const { where, born_where, ...rest } = flags;
  const { each: _each, ...common } = commonOf(rest, typedDays);
  const unit = flags.unit ?? suitedUnit(flags.from_date!, flags.to_date!);
  return {
    kind: "retention",
    ...common,
    birth: stepWhere("<born-event>", birth, "--born-where", born_where),
    returning: stepWhere("<return-event>", returning, "--where", where),
    math: "retention_rate",
    type: flags.compounded ? "compounded" : "birth",
    interval: unit,
    unit,
    alignment: flags.align === "calendar" ? "interval_start" : "birth",
    unbounded: flags.carry === undefined ? "none" : CARRY[flags.carry],
    chart: "retention-curve",
    ...(flags.intervals !== undefined && { buckets: bucketsOf(flags.intervals) }),
    ...(flags.cumulative && { cumulative: true }),
  };
}

/** Each of the two events has conditions of its own, at its name or in a flag. */
function stepWhere(argument: string, event: string, flag: string, where: string | undefined): ReportStep {
  const { name, filter: own } = typedEvent(argument, event);
  const filter = joinedConditions(flag, own, where === undefined ? undefined : conditionsOf(flag, where));
  return reportStepOf({ name, ...(filter !== undefined && { filter }) });
}

function onlyPlain(key: string): Error {
  const flag = key === "unbounded_retention" ? "--unbounded" : `--${key.replaceAll("_", "-")}`;
  const instead: Readonly<Record<string, string>> = {
    on: "use --by PROPERTY",
    retention_type: "use --compounded",
    unbounded_retention: "use --carry back",
    event: "name the event once",
  };
  return inputError(
    `Cannot use ${flag} with what only the web page's retention has, such as a second event or --by`,
    instead[key] ?? "leave it out",
    "bad_flags",
  );
}

function bucketsOf(typed: string): number[] {
  const sizes = typed.split(",").map((one) => Number(one.trim()));
  if (sizes.every((one) => Number.isInteger(one) && one > 0)) return sizes;
  throw inputError(
    `Cannot use --intervals ${JSON.stringify(typed)}: not whole numbers`,
    "write --intervals 1,3,7,14",
    "bad_choice",
  );
}
