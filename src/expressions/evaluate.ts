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

/** An expression made ready to be evaluated on many events, or on whatever else it reads from. */
export type Evaluator<S = Scope> = (scope: S) => Value;

/** How an expression reads from something else than a {@linkcode Scope}. */
export interface ScopeReader<S> {
  /** Gives the function that reads what a reference names. */
  read(reference: Reference): Evaluator<S>;
  /** Gives a function that stands for a whole part of the expression, if there is one that is faster than its parts. */
  shortcut?(expression: Expression): Evaluator<S> | undefined;
}

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
  return new ExpressionCompiler(environment).compile(expression, SCOPES);
}

/** Compiles a `where`: only true counts as a match, so a missing value doesn't. */
export function compileFilter(expression: Expression, environment: EvaluationOptions): (scope: Scope) => boolean {
  const evaluate = compileExpression(expression, environment);
  return (scope) => evaluate(scope) === true;
}

/** Compiles expressions that share an environment; {@linkcode compileExpression} says what they do. */
export class ExpressionCompiler {
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

  /** Compiles an expression for what a reader reads from. */
  compile<S>(expression: Expression, reader: ScopeReader<S>): Evaluator<S> {
    const shortcut = reader.shortcut?.(expression);
    if (shortcut !== undefined) return shortcut;
    const evaluate = this.#compileNode(expression, reader);
    if (expression.kind === "reference" || !partsOf(expression).every(isConstant)) return evaluate;
    if (expression.kind === "binary" && isLogical(expression.operator)) return evaluate;
    // What is constant reads nothing.
    const constant = evaluate(undefined as S);
    return () => constant;
  }

  #compileNode<S>(expression: Expression, reader: ScopeReader<S>): Evaluator<S> {
    switch (expression.kind) {
      case "literal":
        return () => expression.value;
      case "now":
        return () => this.#nowSeconds;
      case "reference":
        return reader.read(expression);
      case "list": {
        const items = expression.items.map((item) => this.compile(item, reader));
        return (scope) => items.map((item) => item(scope));
      }
      case "call": {
        const args = expression.args.map((arg) => this.compile(arg, reader));
        const [first] = args;
        if (args.length > 1) return (scope) => momentOfValues(args.map((arg) => arg(scope)), this.#zone);
        const apply = this.#functions[expression.name];
        return (scope) => apply(first(scope));
      }
      case "unary": {
        const operand = this.compile(expression.operand, reader);
        const apply = expression.operator === "not" ? not : negate;
        return (scope) => apply(operand(scope));
      }
      case "binary": {
        if (isLogical(expression.operator)) return this.#compileLogical(expression, reader);
        const left = this.compile(expression.left, reader);
        const right = this.compile(expression.right, reader);
        const apply = this.#operators[expression.operator];
        return (scope) => apply(left(scope), right(scope));
      }
    }
  }

  /** From left to right, as far as needed. Undefined counts as false, and the result is always a boolean. */
  #compileLogical<S>(expression: Binary, reader: ScopeReader<S>): Evaluator<S> {
    const decisive = expression.operator === "or";
    const parts = chainOf(expression);
    const operands = parts.map((part) => this.compile(part, reader));
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

/** Reads from a scope. */
const SCOPES: ScopeReader<Scope> = { read: compileReference };

function compileReference(reference: Reference): Evaluator {
  const { source, name } = reference;
  if (source === "user") return ({ user }) => user && ownValue(user, name);
  if (source === "behaviors") return ({ behaviors }) => behaviors && ownValue(behaviors, name);
  const field = eventFieldOf(reference);
  if (source === "event") {
    return field === undefined ? () => undefined : ({ event }) => event && fieldValue(event, field);
  }
  if (field !== undefined) {
    return ({ properties, event }) => event ? fieldValue(event, field) : ownValue(properties, name);
  }
  // A name such as "constructor" would be found in every object.
  if (name in Object.prototype) return ({ properties }) => ownValue(properties, name);
  return ({ properties }) => properties[name] as Value;
}

/** What an event is besides its properties. */
export type EventField = "time" | "distinctId" | "name";

const EVENT_FIELDS: ReadonlyMap<string, EventField> = new Map([
  ["time", "time"],
  ["$time", "time"],
  ["distinct_id", "distinctId"],
  ["$distinct_id", "distinctId"],
  ["name", "name"],
  ["$event_name", "name"],
]);

/** The field of its event that a reference reads, if it reads one: as `event[…]`, and some as `properties[…]` too. */
export function eventFieldOf({ source, name }: Reference): EventField | undefined {
  const field = source === "event" || source === "properties" ? EVENT_FIELDS.get(name) : undefined;
  return source === "properties" && field === "name" ? undefined : field;
}

function fieldValue(event: NonNullable<Scope["event"]>, field: EventField): Value {
  return field === "time" ? secondsOf(event.timeMs) : event[field];
}

/** A time as expressions have it. */
export function secondsOf(timeMs: number): number {
  return Math.floor(timeMs / 1000);
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
