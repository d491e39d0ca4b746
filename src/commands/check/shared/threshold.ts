/**
 * When a number is worth an alarm: `<100`, `>=5%`, `>2h`, or a range of the Nagios plugin guidelines
 * (https://nagios-plugins.org/doc/guidelines.html#THRESHOLDFORMAT), which both mean such a range.
 */
import { inputError } from "../../../errors.ts";

/** What a number counts: things, percent, or seconds. */
export type Unit = "" | "%" | "s";

/** A number outside of the range is worth an alarm; with `isInside` one within it. Both ends belong to the range. */
export interface Threshold {
  low: number;
  high: number;
  isInside: boolean;
  /** What an alarm says of the number: `below 100`. */
  words: string;
}

const COMPARISON = /^(<=|>=|<|>|==?|!=)\s*(.+)$/s;
const RANGE = /^(@?)(?:([^:]*):)?([^:]*)$/s;
const NUMBER = /^(-?)(\d+(?:[,_]\d{3})*(?:\.\d+)?|\.\d+)\s*(%|s|m|h|d|w)?$/;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * Reads a threshold.
 *
 * @param unit what the number counts: a percent sign is for percentages alone, `2h` for seconds
 * @throws MpError (input)
 */
export function parseThreshold(typed: string, flag: string, unit: Unit): Threshold {
  const refuse = (state: string, hint = hintFor(unit, flag)): Error =>
    inputError(`Cannot use ${flag} ${JSON.stringify(typed)}: ${state}`, hint, "bad_threshold");
  const number = (text: string): number => {
    const [, sign, digits, suffix] = NUMBER.exec(text.trim()) ?? [];
    if (digits === undefined) throw refuse("neither a comparison with a number nor a range");
    if (suffix === "%" && unit !== "%") throw refuse("the number is no percentage");
    if (suffix !== undefined && suffix !== "%" && unit !== "s") throw refuse("the number is no span of time");
    return Number(`${sign}${digits.replace(/[,_]/g, "")}`) * (suffix === undefined ? 1 : SECONDS[suffix] ?? 1);
  };
  const text = typed.trim();
  const [, operator, operand = ""] = COMPARISON.exec(text) ?? [];
  if (operator !== undefined) return comparison(operator, number(operand), operand.trim());
  const [, at, start, end = ""] = RANGE.exec(text) ?? [];
  if (end === "" && !start) throw refuse("neither a comparison with a number nor a range");
  const low = start === undefined || start === "" ? 0 : start.trim() === "~" ? -Infinity : number(start);
  const high = end === "" ? Infinity : number(end);
  if (low > high) throw refuse("the range ends before it begins", "swap its two numbers");
  return { low, high, isInside: at === "@", words: `${at === "@" ? "within" : "outside"} ${text.replace(/^@/, "")}` };
}

function comparison(operator: string, limit: number, shown: string): Threshold {
  switch (operator) {
    case "<":
      return { low: limit, high: Infinity, isInside: false, words: `below ${shown}` };
    case "<=":
      return { low: -Infinity, high: limit, isInside: true, words: `at most ${shown}` };
    case ">":
      return { low: -Infinity, high: limit, isInside: false, words: `above ${shown}` };
    case ">=":
      return { low: limit, high: Infinity, isInside: true, words: `at least ${shown}` };
    case "!=":
      return { low: limit, high: limit, isInside: false, words: `not ${shown}` };
    default:
      return { low: limit, high: limit, isInside: true, words: `equal to ${shown}` };
  }
}

const hintFor = (unit: Unit, flag: string): string =>
  unit === "s"
    ? `write ${flag} '>2h', or a range of seconds as Nagios has it: ${flag} 7200`
    : unit === "%"
    ? `write ${flag} '<5%', or a range as Nagios has it: ${flag} 5:`
    : `write ${flag} '<100', or a range as Nagios has it: ${flag} 100:`;

export function isReached({ low, high, isInside }: Threshold, value: number): boolean {
  return isInside === (value >= low && value <= high);
}

/** As the performance data of a plugin has it: `100:`, `~:5`, `@10:20`. */
export function nagiosRange({ low, high, isInside }: Threshold): string {
  return `${isInside ? "@" : ""}${low === -Infinity ? "~" : low}:${high === Infinity ? "" : high}`;
}

/**
 * Refuses a warning that could never be seen, since whatever reaches it is critical already.
 *
 * @throws MpError (input)
 */
export function checkOrderOf(warn: Threshold, crit: Threshold, typed: { warn: string; crit: string }): void {
  const isHidden = parts(warn).every((one) => parts(crit).some((other) => contains(other, one)));
  if (!isHidden) return;
  throw inputError(
    `Cannot use --warn ${JSON.stringify(typed.warn)} with --crit ${JSON.stringify(typed.crit)}: ` +
      "whatever is worth a warning is critical already",
    "swap the two, or leave --warn out",
    "bad_threshold",
  );
}

interface Part {
  low: number;
  high: number;
  /** Whether the ends belong to it. */
  isClosed: boolean;
}

/** The numbers that are worth an alarm. */
function parts({ low, high, isInside }: Threshold): Part[] {
  if (isInside) return [{ low, high, isClosed: true }];
  return [
    ...(low === -Infinity ? [] : [{ low: -Infinity, high: low, isClosed: false }]),
    ...(high === Infinity ? [] : [{ low: high, high: Infinity, isClosed: false }]),
  ];
}

function contains(outer: Part, inner: Part): boolean {
  const endsFit = (isSame: boolean) => !isSame || outer.isClosed || !inner.isClosed;
  return outer.low <= inner.low && inner.high <= outer.high &&
    endsFit(outer.low === inner.low && Number.isFinite(inner.low)) &&
    endsFit(outer.high === inner.high && Number.isFinite(inner.high));
}
