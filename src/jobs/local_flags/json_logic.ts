/** JsonLogic (jsonlogic.com), the language of runtime rules, with the two operators that Mixpanel adds. */
import { compareMoments, compareVersions } from "./comparisons.ts";

type Data = unknown;
type Evaluate = (rule: unknown, data: Data) => unknown;
type Operator = (...values: never[]) => unknown;

/** A rule that cannot be evaluated. */
export class RuleError extends Error {
  override name = "RuleError";
}

/** Evaluates a rule on data. Throws RuleError for operators that nobody knows. */
export function evaluateRule(rule: unknown, data: Data): unknown {
  if (Array.isArray(rule)) return rule.map((part) => evaluateRule(part, data));
  if (!isRule(rule)) return rule;
  const [[name, given]] = Object.entries(rule) as [[string, unknown]];
  const args = Array.isArray(given) ? given : [given];
  if (Object.hasOwn(LAZY, name)) return LAZY[name]!(args, data, evaluateRule);
  const values = args.map((arg) => evaluateRule(arg, data));
  if (Object.hasOwn(LOOKING, name)) return LOOKING[name]!(values, data);
  if (!Object.hasOwn(OPERATORS, name)) throw new RuleError(`unknown operator ${JSON.stringify(name)}`);
  const operator = OPERATORS[name]!;
  return (operator as (...values: unknown[]) => unknown)(...values);
}

/** What counts as true: as in JavaScript, but for an empty list. */
export function isTruthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function isRule(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.keys(value).length === 1;
}

/** Operators that choose which of their arguments to evaluate, or on what. */
const LAZY: Record<string, (args: unknown[], data: Data, evaluate: Evaluate) => unknown> = {
  if: choose,
  "?:": choose,
  and: (args, data, evaluate) => firstWhere(args, data, evaluate, (value) => !isTruthy(value)),
  or: (args, data, evaluate) => firstWhere(args, data, evaluate, isTruthy),
  map: ([list, rule], data, evaluate) => itemsOf(evaluate(list, data)).map((item) => evaluate(rule, item)),
  filter: ([list, rule], data, evaluate) =>
    itemsOf(evaluate(list, data)).filter((item) => isTruthy(evaluate(rule, item))),
  reduce([list, rule, start], data, evaluate) {
    const step = (accumulator: unknown, current: unknown) => evaluate(rule, { current, accumulator });
    return itemsOf(evaluate(list, data)).reduce(step, evaluate(start ?? null, data));
  },
  all([list, rule], data, evaluate) {
    const items = itemsOf(evaluate(list, data));
    return items.length > 0 && items.every((item) => isTruthy(evaluate(rule, item)));
  },
  some: ([list, rule], data, evaluate) => itemsOf(evaluate(list, data)).some((item) => isTruthy(evaluate(rule, item))),
  none: ([list, rule], data, evaluate) => !itemsOf(evaluate(list, data)).some((item) => isTruthy(evaluate(rule, item))),
};

/** Operators that look into the data; all of their arguments have been evaluated. */
const LOOKING: Record<string, (values: unknown[], data: Data) => unknown> = {
  var([path, fallback = null], data) {
    const found = lookUp(data, path);
    return found === undefined ? fallback : found;
  },
  missing: (values, data) =>
    listOf(values).filter((name) => [null, undefined, ""].includes(evaluateRule({ var: name }, data) as null)),
  missing_some([least, names], data) {
    // As in the library, no list is asked for: a text has a length too, and nothing has none.
    const absent = evaluateRule({ missing: names }, data) as unknown[];
    return (names as unknown[]).length - absent.length >= (least as number) ? [] : absent;
  },
};

const chain = (holds: (a: never, b: never) => boolean) => (a: unknown, b: unknown, c?: unknown): boolean =>
  holds(a as never, b as never) && (c === undefined || holds(b as never, c as never));

const OPERATORS: Record<string, Operator> = {
  // JsonLogic's == is JavaScript's, which takes "1" for 1.
  "==": (a: unknown, b: unknown) => a == b,
  "===": (a: unknown, b: unknown) => a === b,
  "!=": (a: unknown, b: unknown) => a != b,
  "!==": (a: unknown, b: unknown) => a !== b,
  "<": chain((a, b) => a < b),
  "<=": chain((a, b) => a <= b),
  ">": (a: never, b: never) => a > b,
  ">=": (a: never, b: never) => a >= b,
  "!": (value: unknown) => !isTruthy(value),
  "!!": (value: unknown) => isTruthy(value),
  "%": (a: number, b: number) => a % b,
  "+": (...numbers: unknown[]) => numbers.reduce((sum: number, one) => sum + parseFloat(String(one)), 0),
  // A number alone stays what it is, and none at all is an error.
  "*": (...numbers: unknown[]) =>
    numbers.reduce((product, one) => parseFloat(String(product)) * parseFloat(String(one))),
  "-": (a: number, b?: number) => b === undefined ? -a : a - b,
  "/": (a: number, b: number) => a / b,
  min: (...numbers: number[]) => Math.min(...numbers),
  max: (...numbers: number[]) => Math.max(...numbers),
  // Nothing is in an empty text, not even another one.
  in: (needle: unknown, hay: unknown) =>
    typeof hay === "string" ? hay !== "" && hay.includes(String(needle)) : Array.isArray(hay) && hay.includes(needle),
  cat: (...parts: unknown[]) => parts.join(""),
  substr(text: unknown, start: number, length?: number) {
    const tail = String(text).slice(start);
    if (length === undefined) return tail;
    return length < 0 ? tail.slice(0, tail.length + length) : tail.slice(0, length);
  },
  merge: (...lists: unknown[]) => lists.flat(),
  log: (value: unknown) => value,
  semver_compare: compareVersions,
  datetime_compare: compareMoments,
};

function choose(args: unknown[], data: Data, evaluate: Evaluate): unknown {
  for (let index = 0; index + 1 < args.length; index += 2) {
    if (isTruthy(evaluate(args[index], data))) return evaluate(args[index + 1], data);
  }
  return args.length % 2 === 1 ? evaluate(args.at(-1), data) : null;
}

/** The first value of a kind, else the last one. */
function firstWhere(args: unknown[], data: Data, evaluate: Evaluate, fits: (value: unknown) => boolean): unknown {
  let value: unknown;
  for (const arg of args) {
    value = evaluate(arg, data);
    if (fits(value)) return value;
  }
  return value;
}

function lookUp(data: Data, path: unknown): unknown {
  if (path === undefined || path === null || path === "") return data;
  let value = data;
  for (const name of String(path).split(".")) {
    if (value === undefined || value === null || !Object.hasOwn(Object(value), name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

const itemsOf = (value: unknown): unknown[] => Array.isArray(value) ? value : [];
const listOf = (args: unknown[]): unknown[] => Array.isArray(args[0]) ? args[0] : args;
