import { functionsFor, toMoment } from "../expressions/casts.ts";
import { type Moment, momentOfNumber, type ZoneClock } from "../expressions/moment.ts";
import { operatorsFor, type ValueOperator } from "../expressions/operators.ts";
import { isList, isNumber, type Value } from "../expressions/values.ts";
import { formulaPattern } from "./patterns.ts";
import type { BindingFunction, DateUnit, FormulaFunction, FormulaOperator } from "./syntax.ts";

/** A function of a formula as the evaluator calls it, with as many values as were written. None of them throws. */
type FormulaAction = (...values: Value[]) => Value;

export interface FormulaActions {
  operators: Readonly<Record<Exclude<FormulaOperator, "and" | "or">, ValueOperator>>;
  functions: Readonly<Record<Exclude<FormulaFunction, BindingFunction | "if" | "ifs">, FormulaAction>>;
}

const DAY_MS = 86_400_000;

/** Operators and functions on a project's clock; `nowMs` is what `today()` says. */
export function formulaActions(zone: ZoneClock, nowMs: number): FormulaActions {
  const casts = functionsFor(zone);
  const operators = operatorsFor(zone);
  return {
    operators: {
      ...operators,
      // Texts are compared without regard to case.
      "==": (left, right) => operators["=="](folded(left), folded(right)),
      "!=": (left, right) => operators["!="](folded(left), folded(right)),
      in: (left, right) => operators.in(folded(left), isList(right) ? right.map(folded) : folded(right)),
    },
    functions: {
      not: (value) => value === undefined ? true : typeof value === "boolean" ? !value : undefined,
      boolean: (value) => casts.boolean(value),
      number: (value, fallback) => casts.number(value) ?? casts.number(fallback),
      string: (value) => casts.string(value),
      defined: (value) => casts.defined(value),
      floor: (value) => casts.floor(value),
      ceil: (value) => casts.ceil(value),
      round: (value) => casts.round(value),
      min: (left, right) => isNumber(left) && isNumber(right) ? (right < left ? right : left) : undefined,
      max: (left, right) => isNumber(left) && isNumber(right) ? (right > left ? right : left) : undefined,
      has_prefix: (text, prefix) => onTexts(text, prefix, (a, b) => a.toLowerCase().startsWith(b.toLowerCase())),
      has_suffix: (text, suffix) => onTexts(text, suffix, (a, b) => a.toLowerCase().endsWith(b.toLowerCase())),
      upper: (text) => typeof text === "string" ? text.toUpperCase() : undefined,
      lower: (text) => typeof text === "string" ? text.toLowerCase() : undefined,
      len: (value) => typeof value === "string" || isList(value) ? [...value].length : undefined,
      left: (text, count) => onCharacters(text, count, (all, n) => all.slice(0, n)),
      right: (text, count) => onCharacters(text, count, (all, n) => n === 0 ? [] : all.slice(-n)),
      mid: (text, first, count) =>
        isNumber(first) && first >= 1
          ? onCharacters(text, count, (all, n) => all.slice(Number(first) - 1, Number(first) - 1 + n))
          : undefined,
      split,
      sum: (list) =>
        isList(list) ? list.reduce<number>((sum, item) => isNumber(item) ? sum + Number(item) : sum, 0) : undefined,
      parse_url: (text, part) => onTexts(text, part, urlPart),
      regex_match: (text, pattern) => onPattern(text, pattern, (all, regex) => all.search(regex) >= 0),
      regex_extract: (text, pattern, group) =>
        onPattern(text, pattern, (all, regex) => all.matchAll(regex).next().value?.[Number(group ?? 0)]),
      regex_replace: (text, pattern, replacement) =>
        typeof replacement === "string"
          ? onPattern(text, pattern, (all, regex) => all.replace(regex, replacement.replaceAll("$0", "$$&")))
          : undefined,
      today: () => momentOfNumber(nowMs / 1000, zone),
      datedif: (start, end, unit) => {
        const [from, to] = [toMoment(start, zone), toMoment(end, zone)];
        if (from === undefined || to === undefined || typeof unit !== "string") return undefined;
        return dateDifference(dayOf(from), dayOf(to), unit.toUpperCase() as DateUnit);
      },
    },
  };
}

const folded = (value: Value): Value => typeof value === "string" ? value.toLowerCase() : value;

function onTexts<T>(left: Value, right: Value, compute: (left: string, right: string) => T): T | undefined {
  return typeof left === "string" && typeof right === "string" ? compute(left, right) : undefined;
}

function onCharacters(text: Value, count: Value, cut: (all: string[], count: number) => string[]): Value {
  if (typeof text !== "string" || !isNumber(count) || count < 0) return undefined;
  return cut([...text], Math.floor(Number(count))).join("");
}

function onPattern<T>(text: Value, pattern: Value, compute: (text: string, regex: RegExp) => T): T | undefined {
  if (typeof text !== "string" || typeof pattern !== "string") return undefined;
  const regex = formulaPattern(pattern);
  return regex && compute(text, regex);
}

/** Parts count from 1. A text without the delimiter is its own and only part, whichever is asked for. */
function split(text: Value, delimiter: Value, position?: Value): Value {
  if (typeof text !== "string" || typeof delimiter !== "string" || delimiter === "") return undefined;
  const parts = text.split(delimiter);
  if (position === undefined) return parts;
  return parts.length === 1 ? text : isNumber(position) ? parts[Number(position) - 1] : undefined;
}

function urlPart(text: string, part: string): string | undefined {
  const address = URL.parse(text) ?? URL.parse(`https://${text}`);
  if (address === null) return undefined;
  const parts: Readonly<Record<string, string>> = {
    domain: address.hostname,
    host: address.host,
    path: address.pathname,
    protocol: address.protocol.replace(/:$/, ""),
    query: address.search.replace(/^\?/, ""),
    fragment: address.hash.replace(/^#/, ""),
  };
  const name = part.toLowerCase();
  return Object.hasOwn(parts, name) ? parts[name] : undefined;
}

/** The day of the project's clock that a moment is on. */
const dayOf = (moment: Moment): Temporal.PlainDate => Temporal.PlainDate.from(String(moment).slice(0, 10));

/** As spreadsheets count: whole days, months and years, and what remains of them. Negative when the end comes first. */
function dateDifference(start: Temporal.PlainDate, end: Temporal.PlainDate, unit: DateUnit): number | undefined {
  const days = (from: Temporal.PlainDate, to: Temporal.PlainDate) => Math.round((utcMs(to) - utcMs(from)) / DAY_MS);
  const { years, months } = start.until(end, { largestUnit: "years" });
  const wholeMonths = years * 12 + months;
  switch (unit) {
    case "D":
      return days(start, end);
    case "M":
      return wholeMonths;
    case "Y":
      return years;
    case "MD":
      return days(start.add({ months: wholeMonths }), end);
    case "YM":
      return months;
    case "YD":
      return days(start.add({ years }), end);
    default:
      return undefined;
  }
}

const utcMs = ({ year, month, day }: Temporal.PlainDate): number => Date.UTC(year, month - 1, day);
