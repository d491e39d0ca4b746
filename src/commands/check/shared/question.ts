/** A question that has one number for its answer: its flags, which are those of `mp query`, and what they mean. */
import { z } from "zod";
import { choice, count, id, text } from "../../../api/params.ts";
import { lastDays, resolveDay } from "../../../cli/dates.ts";
import type { FromTo } from "../../../cli/comparison.ts";
import { duration } from "../../../cli/durations.ts";
import { inputError } from "../../../errors.ts";
import { checkReport } from "../../../reports/check.ts";
import type { FunnelReport, InsightsReport } from "../../../reports/report.ts";
import { reportJson } from "../../query/shared/ask.ts";
import { ASK_FLAGS, RANGE_FLAGS, WHERE } from "../../query/shared/ask_flags.ts";
import { customEventId } from "../../query/shared/ask_values.ts";
import { funnelReportOf, WITHIN } from "../../query/shared/funnel_report.ts";
import { COUNTED, insightsReportOf } from "../../query/shared/insights_report.ts";
import { hasConditions, OWN_CONDITIONS, plainEvent, typedEvent } from "../../query/shared/typed_event.ts";

export const QUESTION = {
  event: z.array(z.string().min(1)).optional().meta({
    completes: "events",
    placeholder: "EVENT",
    description: `The event to count, ${OWN_CONDITIONS}; several with --formula or --together`,
  }),
  ...COUNTED,
  where: WHERE,
  cohort: ASK_FLAGS.cohort,
  not_cohort: ASK_FLAGS.not_cohort,
  report: id("Check a number of this saved report", { completes: "reports" }).optional(),
  series: text("Which number of the saved report, by the name that its table shows").optional(),
  point: choice(
    ["complete", "latest", "sum"],
    "Of numbers over time: that of the last period that is over (default), the last one, or all added up",
  ).optional(),
  funnel: z.array(z.string().min(1)).optional().meta({
    completes: "funnels",
    placeholder: "ID|EVENT",
    description: "Check the conversion of this saved funnel, or of the steps that are named one by one",
  }),
  step: count("The step up to which a funnel is looked at; default the last", { min: 2 }).optional(),
  ...WITHIN,
  lag: z.boolean().default(false).meta({ description: "Check how long ago the newest event happened" }),
  absent_for: duration("CRITICAL when the event has not happened for so long").optional(),
  tz: text(
    "Time zone of the project: with --source by which days are cut (default MP_SOURCE_TZ or UTC), with --lag and " +
      "--absent-for in place of asking Mixpanel for it",
    { placeholder: "ZONE" },
  ).optional(),
  ...RANGE_FLAGS,
};

const questionInput = z.object(QUESTION);
export type QuestionInput = z.output<typeof questionInput>;

/** What is asked, and of whom. Days are those of the project's time zone. */
export type NumberQuestion =
  /** `GET /segmentation`: one event, in all or by users. */
  | { kind: "count"; event: string; isUnique: boolean; where?: string; days: FromTo }
  /** `POST /insights`: whatever else is counted of events. */
  | { kind: "report"; report: InsightsReport; where?: string; days: FromTo }
  | { kind: "steps"; report: FunnelReport; step: number; where?: string; days: FromTo }
  | { kind: "funnel"; id: number | bigint; step?: number; where?: string; days: FromTo }
  | { kind: "saved"; id: number | bigint; series?: string; step?: number; point: "complete" | "latest" | "sum" }
  | { kind: "newest"; events: readonly string[]; where?: string; timeZone?: string };

type Key = keyof QuestionInput;
const DAYS: readonly Key[] = ["from_date", "to_date"];

/** Which flags each kind of question takes. */
const TAKES: Readonly<Record<"events" | "saved report" | "saved funnel" | "steps" | "newest event", readonly Key[]>> = {
  events: ["event", "math", "per_user", "together", "formula", "where", "cohort", "not_cohort", ...DAYS],
  "saved report": ["report", "series", "point", "step"],
  "saved funnel": ["funnel", "step", "where", ...DAYS],
  steps: ["funnel", "step", "where", "cohort", "not_cohort", "within", ...DAYS],
  "newest event": ["event", "where", "lag", "absent_for", "tz"],
};

/**
 * The question that the flags ask.
 *
 * @param typedDays the range in words, which mean other days tomorrow
 * @throws MpError (input) for what has no meaning, or more numbers than one
 */
export function numberQuestionOf(input: QuestionInput, typedDays: string | undefined, nowMs: number): NumberQuestion {
  const { event = [], report, funnel, lag, absent_for } = input;
  const subjects = [event.length > 0, report !== undefined, funnel !== undefined].filter(Boolean).length;
  if (subjects !== 1) {
    throw inputError(
      subjects === 0 ? "Cannot check anything: no event, report or funnel is named" : "Cannot check two things at once",
      "name an event, or one of --report ID and --funnel ID; 'mp events list' shows the events",
      "missing_argument",
    );
  }
  if (lag || absent_for !== undefined) return newestOf(event, input);
  if (report !== undefined) {
    refuseOthers("saved report", input);
    const { series, point = "complete", step } = input;
    return { kind: "saved", id: report, series, point, step };
  }
  const days = daysOf(input, typedDays, nowMs);
  return funnel === undefined ? countOf(event, input, days) : funnelOf(funnel, input, days);
}

function newestOf(events: readonly string[], input: QuestionInput): NumberQuestion {
  refuseOthers("newest event", input);
  if (events.length === 0) {
    throw inputError("Cannot tell how long ago without an event", "name an event", "missing_argument");
  }
  if (events.length > 1 && input.where !== undefined) {
    throw inputError("Cannot use --where with the newest of several events", "name one of them", "bad_flags");
  }
  for (const one of events) plainEvent("<event>", one);
  const custom = events.find((one) => customEventId(one) !== undefined);
  if (custom !== undefined) {
    throw inputError(
      `Cannot tell how long ago ${custom} was: its events are not counted by the minute`,
      "name the events that it consists of; 'mp custom-events list' shows them",
      "bad_flags",
    );
  }
  return { kind: "newest", events, where: input.where, timeZone: input.tz };
}

function countOf(events: readonly string[], input: QuestionInput, days: FromTo): NumberQuestion {
  refuseOthers("events", input);
  const { math: [math, ...others] = ["total"], per_user, together, formula = [], where, cohort, not_cohort } = input;
  const [event = ""] = events;
  const isPlain = events.length === 1 && others.length === 0 && (math === "total" || math === "unique") &&
    customEventId(event) === undefined && !hasConditions(event) &&
    [per_user, together, cohort, not_cohort, ...formula].every((one) => one === undefined);
  if (isPlain) return { kind: "count", event, isUnique: math === "unique", where, days };
  const numbers = formula.length > 0 ? formula.length : together ? 1 : events.length;
  if (numbers > 1) {
    throw inputError(
      `Cannot check ${numbers} numbers at once`,
      "name one event, count several as one with --together, or calculate with them: --formula 'B / A * 100'",
      "bad_flags",
    );
  }
  for (const one of events) typedEvent("<event>", one);
  const flags = { ...input, event: [...events], from_date: days.from, to_date: days.to, totals: true };
  const report = insightsReportOf(flags, undefined, true);
  checkReport(report);
  reportJson(report, where);
  return { kind: "report", report, where, days };
}

function funnelOf(funnel: readonly string[], input: QuestionInput, days: FromTo): NumberQuestion {
  const [first = "", ...others] = funnel;
  const { step, where } = input;
  if (others.length === 0) {
    refuseOthers("saved funnel", input);
    if (!/^\d+$/.test(first)) {
      throw inputError(
        `Cannot use --funnel ${JSON.stringify(first)}: not a numeric id`,
        "'mp funnels list' shows what there is; or name the steps: --funnel 'View Product' --funnel Purchase",
        "bad_parameter",
      );
    }
    return {
      kind: "funnel",
      id: Number.isSafeInteger(Number(first)) ? Number(first) : BigInt(first),
      step,
      where,
      days,
    };
  }
  refuseOthers("steps", input);
  if (step !== undefined && step > funnel.length) {
    throw inputError(`Cannot use --step ${step}: ${funnel.length} steps are named`, undefined, "bad_flags");
  }
  for (const one of funnel) typedEvent("--funnel", one);
  const report = funnelReportOf(
    funnel,
    { ...input, math: undefined, from_date: days.from, to_date: days.to },
    undefined,
  );
  checkReport(report);
  reportJson(report, where);
  return { kind: "steps", report, step: step ?? funnel.length, where, days };
}

/** Refuses flags that the question would silently do without. */
function refuseOthers(kind: keyof typeof TAKES, input: QuestionInput): void {
  const other = (Object.keys(QUESTION) as Key[]).find((key) =>
    !TAKES[kind].includes(key) && input[key] !== undefined && input[key] !== false
  );
  if (other === undefined) return;
  const flag = other.startsWith("from")
    ? "--from"
    : other.startsWith("to_")
    ? "--to"
    : `--${other.replaceAll("_", "-")}`;
  const what = { events: "a count of events", steps: "steps", "newest event": "the newest event" }[kind as string];
  throw inputError(
    `Cannot use ${flag === "--from" ? "--from or --last" : flag} with ${what ?? `a ${kind}`}`,
    "leave it out",
    "bad_flags",
  );
}

/** The days that the words mean now: a watch goes on for longer than a day. */
function daysOf({ from_date, to_date }: QuestionInput, typedDays: string | undefined, nowMs: number): FromTo {
  if (from_date === undefined || to_date === undefined) {
    throw inputError(
      "Cannot ask without a range of days",
      "add --last 1d, or --from yesterday --to yesterday",
      "missing_argument",
    );
  }
  const [, last] = /^last (.+)$/.exec(typedDays ?? "") ?? [];
  if (last !== undefined) return lastDays(last, nowMs);
  const [, from, to] = /^(.+) to (.+)$/.exec(typedDays ?? "") ?? [];
  return from === undefined || to === undefined
    ? { from: from_date, to: to_date }
    : { from: resolveDay(from, "--from", nowMs), to: resolveDay(to, "--to", nowMs) };
}
