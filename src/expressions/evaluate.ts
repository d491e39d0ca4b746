import { functionsFor, momentOfValues } from "./casts.ts";
import { ZoneClock } from "./moment.ts";
import { negate, not, operatorsFor } from "./operators.ts";
import { printExpression } from "./print.ts";
import { type Binary, chainOf, type Expression, isLogical, partsOf, type Reference } from "./syntax.ts";
import { isList, isNumber, type Value } from "./values.ts";

/** What an expression is evaluated on: an event, or a profile. */
export interface Scope {
  /** `properties["…"]` */
  properties: Record<string, unknown>;
  /** `event["$time"]` and the like; also the source of `properties["$time"]` and `properties["time"]`. */
  event?: { name: string; timeMs: number; distinctId: string };
  /** `user["…"]`: the profile of the event's user. */
  user?: Record<string, unknown>;
  /** `behaviors["…"]`: how often a profile's user did what was asked. */
  behaviors?: Record<string, number>;
}

/** What is the same for all events of one query. */
export interface EvaluationOptions {
  /** The value of `NOW`, in milliseconds since 1970. */
  nowMs: number;
  /** The project's time zone, in which dates without an offset are read: an IANA name. Default: UTC. */
  timeZone?: string;
}

/** An expression made ready to be evaluated on many events. */
export type Evaluator = (scope: Scope) => Value;

/** `and` or `or` met a value that is neither true nor false: the one way in which evaluation fails. */
export class EvaluationError extends Error {
  constructor(message: string, readonly start: number, readonly end: number) {
    super(message);
    this.name = "EvaluationError";
  }
}

/**
 * Compiles an expression to a function. What doesn't depend on the event is computed once, here.
 *
 * The function throws {@linkcode EvaluationError} where `and` or `or` meets anything but a boolean or a missing value,
 * and nothing else. Throws RangeError for an unknown time zone.
 */
export function compileExpression(expression: Expression, environment: EvaluationOptions): Evaluator {
  return new Compiler(environment).compile(expression);
}

/** Compiles a `where`: only true counts as a match, so a missing value doesn't. */
export function compileFilter(expression: Expression, environment: EvaluationOptions): (scope: Scope) => boolean {
  const evaluate = compileExpression(expression, environment);
  return (scope) => evaluate(scope) === true;
}

class Compiler {
  readonly #zone: ZoneClock;
  readonly #nowSeconds: number;
  readonly #operators: ReturnType<typeof operatorsFor>;
  readonly #functions: ReturnType<typeof functionsFor>;

  constructor({ nowMs, timeZone = "UTC" }: EvaluationOptions) {
    this.#zone = new ZoneClock(timeZone);
    this.#nowSeconds = Math.floor(nowMs / 1000);
    this.#operators = operatorsFor(this.#zone);
    this.#functions = functionsFor(this.#zone);
  }

  compile(expression: Expression): Evaluator {
    const evaluate = this.#compileNode(expression);
    if (expression.kind === "reference" || !partsOf(expression).every(isConstant)) return evaluate;
    if (expression.kind === "binary" && isLogical(expression.operator)) return evaluate;
    const constant = evaluate({ properties: {} });
    return () => constant;
  }

  #compileNode(expression: Expression): Evaluator {
    switch (expression.kind) {
      case "literal":
        return () => expression.value;
      case "now":
        return () => this.#nowSeconds;
      case "reference":
        return compileReference(expression);
      case "list": {
        const items = expression.items.map((item) => this.compile(item));
        return (scope) => items.map((item) => item(scope));
      }
      case "call": {
        const args = expression.args.map((arg) => this.compile(arg));
        const [first] = args;
        if (args.length > 1) return (scope) => momentOfValues(args.map((arg) => arg(scope)), this.#zone);
        const apply = this.#functions[expression.name];
        return (scope) => apply(first(scope));
      }
      case "unary": {
        const operand = this.compile(expression.operand);
        const apply = expression.operator === "not" ? not : negate;
        return (scope) => apply(operand(scope));
      }
      case "binary": {
        if (isLogical(expression.operator)) return this.#compileLogical(expression);
        const left = this.compile(expression.left);
        const right = this.compile(expression.right);
        const apply = this.#operators[expression.operator];
        return (scope) => apply(left(scope), right(scope));
      }
    }
  }

  /** From left to right, as far as needed. Undefined counts as false, and the result is always a boolean. */
  #compileLogical(expression: Binary): Evaluator {
    const decisive = expression.operator === "or";
    const parts = chainOf(expression);
    const operands = parts.map((part) => this.compile(part));
    return (scope) => {
      for (let index = 0; index < operands.length; index++) {
        const value = operands[index](scope);
        const condition = value === undefined ? false : value;
        if (condition === decisive) return decisive;
        if (typeof condition !== "boolean") throw notBoolean(expression, parts[index], condition);
      }
      return !decisive;
    };
  }
}

/** True for an expression that is the same for every event, and that cannot fail. */
function isConstant(expression: Expression): boolean {
  if (expression.kind === "reference") return false;
  if (expression.kind === "binary" && isLogical(expression.operator)) return false;
  return partsOf(expression).every(isConstant);
}

function compileReference({ source, name }: Reference): Evaluator {
  if (source === "event") return ({ event }) => event && eventField(event, name);
  if (source === "user") return ({ user }) => user && ownValue(user, name);
  if (source === "behaviors") return ({ behaviors }) => behaviors && ownValue(behaviors, name);
  if (name === "time" || name === "$time" || name === "distinct_id" || name === "$distinct_id") {
    return ({ properties, event }) => event ? eventField(event, name) : ownValue(properties, name);
  }
  // A name such as "constructor" would be found in every object.
  if (name in Object.prototype) return ({ properties }) => ownValue(properties, name);
  return ({ properties }) => properties[name] as Value;
}

function eventField(event: NonNullable<Scope["event"]>, name: string): Value {
  switch (name) {
    case "time":
    case "$time":
      return Math.floor(event.timeMs / 1000);
    case "distinct_id":
    case "$distinct_id":
      return event.distinctId;
    case "name":
    case "$event_name":
      return event.name;
    default:
      return undefined;
  }
}

function ownValue(record: Record<string, unknown>, name: string): Value {
  return Object.hasOwn(record, name) ? record[name] as Value : undefined;
}

function notBoolean({ operator }: Binary, part: Expression, value: Value): EvaluationError {
  const message = `"${operator}" joins conditions, but ${printExpression(part)} is ${describeValue(value)}`;
  return new EvaluationError(message, part.start, part.end);
}

function describeValue(value: Value): string {
  if (value === null) return "null";
  if (isNumber(value)) return "a number";
  if (isList(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
