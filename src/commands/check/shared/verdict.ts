/** What a check has found, in the form of the Nagios plugin guidelines: a state, a line, and performance data. */
import { redact } from "../../../client/redact.ts";
import type { MpError } from "../../../errors.ts";
import { cleanForTerminal } from "../../../output/clean.ts";
import { formatDuration, formatNumber } from "../../../output/format.ts";
import { daysWords } from "./days_words.ts";
import type { CheckedNumber } from "./ask_number.ts";
import type { CheckSpec } from "./spec.ts";
import { isReached, nagiosRange, type Unit } from "./threshold.ts";

export type CheckState = "OK" | "WARNING" | "CRITICAL" | "UNKNOWN";

export const STATE_CODES: Readonly<Record<CheckState, number>> = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 };
/** Of several, the first that there is. */
const WORST_FIRST: readonly CheckState[] = ["CRITICAL", "WARNING", "UNKNOWN", "OK"];

export interface Verdict {
  state: CheckState;
  name: string;
  /** What follows the state in its line. */
  text: string;
  /** Absent where nothing was found. */
  performance?: string;
  /** For programs. */
  facts: Record<string, unknown>;
}

/** What was found, and when that was. */
export interface CheckFinding {
  measured: CheckedNumber;
  /** The number of the days that `--drop` compares with. */
  before?: number;
  /** 0 for a number that was just asked for. */
  ageMs: number;
}

export function verdictOf(spec: CheckSpec, finding: CheckFinding): Verdict {
  const { warn, crit, drop, unit, name, label, range } = spec;
  const { measured: { value, shown }, before, ageMs } = finding;
  const change = before === undefined || before === 0 ? undefined : (value - before) / Math.abs(before) * 100;
  const fellBy = (limit: number | undefined) => limit !== undefined && change !== undefined && -change > limit;
  const [state, reason] = crit !== undefined && isReached(crit, value)
    ? ["CRITICAL" as const, crit.words]
    : fellBy(drop?.crit)
    ? ["CRITICAL" as const, fallen(drop?.crit)]
    : warn !== undefined && isReached(warn, value)
    ? ["WARNING" as const, warn.words]
    : fellBy(drop?.warn)
    ? ["WARNING" as const, fallen(drop?.warn)]
    : ["OK" as const, undefined];
  const notes = [
    ...(range === undefined ? [] : [range]),
    ...(ageMs < 1000 ? [] : [`asked ${formatDuration(ageMs)} ago`]),
  ];
  const compared = before === undefined
    ? ""
    : `, ${changeWords(change)} ${amount(before, unit)} in ${daysWords(drop!.against)}`;
  return {
    state,
    name,
    text: `${name} ${shown ?? amount(value, unit)}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}` + compared +
      (reason === undefined ? "" : `, ${reason}`),
    performance: performanceOf(spec, value) +
      (before === undefined ? "" : ` ${label}_before=${plain(before)}${unit};;;;`),
    facts: {
      value,
      // How long ago what was not found is at least.
      is_lower_bound: shown === undefined ? undefined : true,
      unit: unit === "" ? undefined : unit,
      reason,
      warn: spec.typed.warn,
      crit: spec.typed.crit,
      days: "days" in spec.question ? spec.question.days : undefined,
      before,
      before_days: before === undefined ? undefined : drop!.against,
      change_percent: change === undefined ? undefined : rounded(change),
      age_seconds: Math.round(ageMs / 1000),
    },
  };
}

/** What failed in mp, or on the way to Mixpanel, is no news of the number. */
export function unknownVerdict(name: string | undefined, error: MpError): Verdict {
  const { message, serverMessage, hint } = error;
  const parts = [
    message,
    ...(serverMessage === undefined || message.includes(serverMessage) ? [] : [`server: ${serverMessage}`]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
  const text = redact(parts.join("; "));
  return {
    state: "UNKNOWN",
    name: name ?? "",
    text: name === undefined ? text : `${name}: ${text}`,
    facts: {
      reason: redact(message),
      error: { code: error.code, category: error.category, hint: hint && redact(hint) },
    },
  };
}

/** The line of a check: `OK: Purchase 1,234 (last 1d) | purchase=1234;100:;50:;0;`. */
export function lineOf({ state, text, performance }: Verdict): string {
  return `${state}: ${oneLineOf(text)}${performance === undefined ? "" : ` | ${performance}`}\n`;
}

/** Of several checks: how they are in all, with all performance data, and then the line of each. */
export function pageOf(verdicts: readonly Verdict[]): string {
  const state = worstOf(verdicts);
  const failing = verdicts.filter((one) => one.state !== "OK");
  const summary = failing.length === 0
    ? `${verdicts.length} ${verdicts.length === 1 ? "check" : "checks"}`
    : `${failing.length} of ${verdicts.length} checks: ${failing.map((one) => `${one.name} ${one.state}`).join(", ")}`;
  const performance = verdicts.flatMap((one) => one.performance ?? []);
  return lineOf({ state, name: "", text: summary, performance: performance.join(" ") || undefined, facts: {} }) +
    verdicts.map((one) => lineOf({ ...one, performance: undefined })).join("");
}

export function worstOf(verdicts: readonly Verdict[]): CheckState {
  return WORST_FIRST.find((state) => verdicts.some((one) => one.state === state)) ?? "UNKNOWN";
}

/** A check as a value for programs. */
export function factsOf({ state, name, facts }: Verdict): Record<string, unknown> {
  return { state, code: STATE_CODES[state], name: name === "" ? undefined : name, ...facts };
}

/** The bar parts text from data, and only the first line is shown everywhere. */
const oneLineOf = (text: string): string => cleanForTerminal(text.replace(/\s*\n\s*/g, " ")).replaceAll("|", "/");

function amount(value: number, unit: Unit): string {
  if (unit === "s") return `${formatDuration(value * 1000)} ago`;
  return `${formatNumber(value, 2)}${unit}`;
}

const fallen = (limit = 0): string => `fallen by more than ${formatNumber(limit)}%`;

function changeWords(change: number | undefined): string {
  if (change === undefined) return "was";
  if (change === 0) return "unchanged from";
  return `${change < 0 ? "down" : "up"} ${formatNumber(Math.abs(change), 1)}% from`;
}

/** `label=value[unit];warn;crit;min;max` */
function performanceOf({ label, unit, warn, crit, question }: CheckSpec, value: number): string {
  const ranges = [warn, crit].map((one) => one === undefined ? "" : nagiosRange(one));
  const canBeNegative = question.kind === "report" || question.kind === "saved";
  const bounds = [canBeNegative ? "" : "0", unit === "%" && !canBeNegative ? "100" : ""];
  return `${label}=${plain(value)}${unit};${[...ranges, ...bounds].join(";")}`;
}

/** Without an exponent, which readers of performance data do not know. */
const plain = (value: number): string => {
  const text = String(rounded(value));
  return text.includes("e") ? rounded(value).toFixed(0) : text;
};

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
