/** A check: a question with one number, and when that is worth an alarm. */
import { z } from "zod";
import { text } from "../../../api/params.ts";
import { comparedRange, type FromTo } from "../../../cli/comparison.ts";
import { duration } from "../../../cli/durations.ts";
import type { Context } from "../../../cli/context.ts";
import { rememberSecret } from "../../../client/redact.ts";
import { inputError } from "../../../errors.ts";
import { formatDuration } from "../../../output/format.ts";
import { isoDay } from "../../../streams/iso_time.ts";
import { wantedSource } from "../../query/shared/from_files.ts";
import { SOURCE_FLAGS, type WantedSource } from "../../query/shared/source_flags.ts";
import { clockOf } from "./newest.ts";
import { type NumberQuestion, numberQuestionOf, QUESTION, type QuestionInput } from "./question.ts";
import { daysWords } from "./days_words.ts";
import { checkOrderOf, parseThreshold, type Threshold, type Unit } from "./threshold.ts";

/** The flags of a check: those of its question, and those of its alarms. */
export const CHECK = {
  ...QUESTION,
  source: SOURCE_FLAGS.source,
  preset: SOURCE_FLAGS.preset,
  map: SOURCE_FLAGS.map,
  warn: text("WARNING when the number is so: '<100', '>5%', or a range as Nagios has it", {
    placeholder: "THRESHOLD",
  }).optional(),
  crit: text("CRITICAL when the number is so", { placeholder: "THRESHOLD" }).optional(),
  drop: text("CRITICAL when the number has fallen by more than so much", { placeholder: "PERCENT" }).optional(),
  drop_warn: text("WARNING when the number has fallen by more than so much", { placeholder: "PERCENT" }).optional(),
  against: text(
    "Which days --drop compares with, one more query: previous (default, as many days before), week, month or year " +
      "(the same days of the last one), or a first DAY",
    { placeholder: "PERIOD" },
  ).optional(),
  name: text("Name of the check, in its line and its performance data").optional(),
  notify: text("Environment variable with the address of a webhook or of Slack, to send each change of the state to", {
    placeholder: "VARIABLE",
  }).optional(),
};

/** What decides whether Mixpanel has to be asked. */
export const MAX_AGE = {
  max_age: duration("Take the number of the last run when it is not older").optional(),
};

const specInput = z.object({ ...CHECK, ...MAX_AGE });
export type CheckInput = Partial<z.output<typeof specInput>> & QuestionInput;

export interface CheckSpec {
  question: NumberQuestion;
  /** What is asked in place of Mixpanel. */
  source?: WantedSource;
  name: string;
  /** Whether somebody has given it that name. */
  isNamed: boolean;
  /** The name in performance data. */
  label: string;
  unit: Unit;
  /** Which days the number is of, in words; undefined where it is of none. */
  range?: string;
  warn?: Threshold;
  crit?: Threshold;
  /** As they were typed. */
  typed: { warn?: string; crit?: string };
  drop?: { warn?: number; crit?: number; against: FromTo };
  /** How far back the newest event is looked for. */
  horizonMs: number;
  notify?: { variable: string; address: URL };
  maxAgeMs?: number;
}

const LONGEST_HORIZON_MS = 90 * 86_400_000;

/**
 * What the flags say; everything that can be wrong with them is found here, before anything is asked.
 *
 * @param typedDays the range in words, which mean other days tomorrow
 * @throws MpError (input)
 */
export function checkSpecOf(context: Context, input: CheckInput, typedDays: string | undefined): CheckSpec {
  const nowMs = context.clock.now();
  const source = sourceOf(context, input);
  const zone = source === undefined ? {} : { tz: input.lag || input.absent_for !== undefined ? source.tz : undefined };
  const question = numberQuestionOf({ ...input, ...zone }, typedDays, nowMs);
  if (question.kind === "newest" && question.timeZone !== undefined) clockOf(question.timeZone);
  const unit = unitOf(question, [input.warn, input.crit]);
  const read = (typed: string | undefined, flag: string) =>
    typed === undefined ? undefined : parseThreshold(typed, flag, unit);
  const warn = read(input.warn, "--warn");
  const crit = input.absent_for === undefined ? read(input.crit, "--crit") : absence(input.absent_for, input.crit);
  if (warn !== undefined && crit !== undefined) {
    checkOrderOf(warn, crit, { warn: input.warn!, crit: input.crit ?? crit.words });
  }
  const name = input.name ?? nameOf(question);
  return {
    question,
    source,
    name,
    isNamed: input.name !== undefined,
    label: labelOf(name) + (question.kind === "newest" && input.name === undefined ? "_lag" : ""),
    unit,
    range: "days" in question ? rangeWords(question.days, typedDays) : undefined,
    warn,
    crit,
    typed: { warn: input.warn, crit: input.crit },
    drop: dropOf(input, question, nowMs),
    horizonMs: horizonOf(warn, crit, unit),
    notify: input.notify === undefined ? undefined : addressIn(input.notify, context),
    maxAgeMs: input.max_age,
  };
}

/** Days of files are cut by a zone, which Mixpanel knows of a project. @throws MpError (input) for one that is none */
function sourceOf(context: Context, { source, preset, map, tz }: CheckInput): WantedSource | undefined {
  const wanted = wantedSource(context, { source, preset, map });
  if (wanted === undefined) return undefined;
  if (tz !== undefined) clockOf(tz);
  return { ...wanted, tz: tz ?? wanted.tz ?? "UTC" };
}

/** Formulas and saved reports are what their thresholds say. */
function unitOf(question: NumberQuestion, typed: readonly (string | undefined)[]): Unit {
  switch (question.kind) {
    case "newest":
      return "s";
    case "steps":
    case "funnel":
      return "%";
    case "saved":
      return question.step !== undefined || typed.some((one) => one?.includes("%")) ? "%" : "";
    case "report": {
      const isFormula = question.report.metrics.some(({ kind }) => kind === "formula");
      return isFormula && typed.some((one) => one?.includes("%")) ? "%" : "";
    }
    case "count":
      return "";
  }
}

function absence(milliseconds: number, crit: string | undefined): Threshold {
  if (crit !== undefined) {
    throw inputError(
      "Cannot use --absent-for together with --crit: they say the same",
      "leave one of them out",
      "bad_flags",
    );
  }
  const span = formatDuration(milliseconds);
  return { low: -Infinity, high: milliseconds / 1000, isInside: false, words: `absent for more than ${span}` };
}

function nameOf(question: NumberQuestion): string {
  switch (question.kind) {
    case "count":
      return question.isUnique ? `${question.event} users` : question.event;
    case "newest":
      return question.events.join(" or ");
    case "steps":
      return question.report.steps.slice(0, question.step).map(({ event }) => event).join(" → ");
    case "funnel":
      return `Funnel ${question.id}`;
    case "saved":
      return question.series ?? `Report ${question.id}`;
    case "report":
      return question.report.metrics.flatMap((metric) => {
        if (metric.kind === "formula") return [metric.definition];
        if (metric.kind !== "event" || metric.hidden) return [];
        const { of, measure } = metric;
        const counted = of.type === "event"
          ? of.event
          : of.type === "custom_event"
          ? `$custom_event:${of.id}`
          : of.name;
        const property = measure.property?.name;
        return [
          property === undefined && measure.math === "total"
            ? counted
            : `${counted} ${measure.math}${property === undefined ? "" : ` ${property}`}`,
        ];
      }).join(", ");
  }
}

/** Letters and digits of any script, joined by underscores: nothing that performance data would have to quote. */
function labelOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "") || "value";
}

/** `last 7d`, `yesterday`, or the days themselves. */
function rangeWords({ from, to }: FromTo, typedDays = ""): string {
  if (typedDays.startsWith("last ")) return typedDays;
  if (/^(today|yesterday) to \1$/.test(typedDays)) return typedDays.split(" ")[0]!;
  return daysWords({ from, to });
}

function dropOf(input: CheckInput, question: NumberQuestion, nowMs: number): CheckSpec["drop"] {
  const { drop, drop_warn, against } = input;
  if (drop === undefined && drop_warn === undefined) {
    if (against === undefined) return undefined;
    throw inputError("Cannot use --against alone: nothing is compared", "add --drop 30%", "bad_flags");
  }
  if (!("days" in question)) {
    throw inputError(
      "Cannot use --drop here: the number is not that of days which are named",
      "leave it out",
      "bad_flags",
    );
  }
  const { days } = question;
  if (days.to >= isoDay(nowMs)) {
    throw inputError(
      "Cannot use --drop with days that include today: a part of a day is always less than a whole one",
      "end with yesterday: --from yesterday --to yesterday, or --from 7d --to yesterday",
      "bad_range",
    );
  }
  const [warn, crit] = [percentOf(drop_warn, "--drop-warn"), percentOf(drop, "--drop")];
  if (warn !== undefined && crit !== undefined && warn >= crit) {
    throw inputError(
      `Cannot use --drop-warn ${drop_warn} with --drop ${drop}: whatever is worth a warning is critical already`,
      "swap the two, or leave --drop-warn out",
      "bad_threshold",
    );
  }
  return { warn, crit, against: comparedRange(against ?? "previous", days, "--against") };
}

function percentOf(typed: string | undefined, flag: string): number | undefined {
  if (typed === undefined) return undefined;
  const [, digits] = /^(\d+(?:\.\d+)?)\s*%?$/.exec(typed.trim()) ?? [];
  const percent = Number(digits);
  if (percent >= 0 && percent < 100) return percent;
  throw inputError(
    `Cannot use ${flag} ${JSON.stringify(typed)}: not a percentage below 100`,
    `write ${flag} 30%`,
    "bad_threshold",
  );
}

function horizonOf(warn: Threshold | undefined, crit: Threshold | undefined, unit: Unit): number {
  if (unit !== "s") return 0;
  const ends = [warn, crit].flatMap((one) => one === undefined ? [] : [one.low, one.high]).filter(Number.isFinite);
  const horizonMs = 1000 * Math.max(0, ...ends);
  if (horizonMs <= LONGEST_HORIZON_MS) return horizonMs;
  throw inputError("Cannot look for the newest event further back than 90 days", "use a shorter span", "bad_threshold");
}

/** The address is a secret: whoever has it can write into the channel. */
function addressIn(variable: string, { env }: Context): CheckSpec["notify"] {
  if (!/^[A-Za-z_]\w*$/.test(variable)) {
    rememberSecret(variable);
    throw inputError(
      "Cannot use --notify: it takes the name of an environment variable, since others see what is typed",
      "put the address into a variable, and name that: --notify SLACK_ADDRESS",
      "bad_parameter",
    );
  }
  const address = env[variable] ?? "";
  rememberSecret(address);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) {
    // What follows the host is the secret, also where a message has that part alone.
    rememberSecret(url.pathname.slice(1));
    return { variable, address: url };
  }
  throw inputError(
    `Cannot use --notify ${variable}: ${address === "" ? "the variable is not set" : "it does not hold a web address"}`,
    "put the address of the webhook into it, which begins with https://",
    "bad_parameter",
  );
}
