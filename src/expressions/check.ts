import { nearMiss } from "./near_miss.ts";
import { parseTolerantly } from "./parse.ts";
import { printExpression, quote } from "./print.ts";
import { checkTypes, describeType, staticType } from "./static_types.ts";
import { type Expression, type Problem, type Reference, walk } from "./syntax.ts";

/** What an expression is for: `where` and `selector` choose events or profiles, `on` splits by a value. */
export type ExpressionKind = "where" | "on" | "selector";

/** What is known about the data that the expression is for. */
export interface CheckOptions {
  /** Names of the properties that exist. With them, a property that doesn't is a problem. */
  properties?: Iterable<string>;
}

const EVENT_FIELDS = ["$time", "time", "name", "$event_name", "distinct_id", "$distinct_id"];

/** A name as one would type it without thinking of an expression: `plan`, `$browser`, `Plan Type`, `utm-source`. */
const BARE_NAME = /^[\p{L}_$][\p{L}\p{N}_$]*(?:[ .:/-][\p{L}\p{N}_$]+)*$/u;
const NO_NAME =
  /^(?:not\b.*|true|false|now|null|none|nil|undefined|properties|user|event|behaviors|(?:properties|user|event|behaviors)\..*)$/i;

/**
 * Everything that is wrong with an expression, in order of place; nothing if Mixpanel will understand it.
 *
 * Positions count UTF-16 units. Where the intention is clear, a problem has a suggestion; {@linkcode applySuggestions}
 * puts them in.
 */
export function checkExpression(text: string, kind: ExpressionKind, options: CheckOptions = {}): Problem[] {
  const bareName = kind === "on" ? bareNameProblem(text) : undefined;
  if (bareName) return [bareName];
  const { expression, problems } = parseTolerantly(text);
  if (expression) {
    problems.push(...checkUse(expression, kind), ...checkTypes(expression), ...checkNames(expression, options));
  }
  return problems.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Puts the suggestions into the text. Of two that overlap, the one that covers more is taken: it includes the other. */
export function applySuggestions(text: string, problems: readonly Problem[]): string {
  let result = "";
  let position = 0;
  const inOrder = [...problems].sort((a, b) => a.start - b.start || b.end - a.end);
  for (const { start, end, suggestion } of inOrder) {
    if (suggestion === undefined || start < position) continue;
    result += text.slice(position, start) + suggestion;
    position = end;
  }
  return result + text.slice(position);
}

function bareNameProblem(text: string): Problem | undefined {
  const name = text.trim();
  if (!BARE_NAME.test(name) || NO_NAME.test(name)) return undefined;
  const start = text.indexOf(name);
  const suggestion = `properties[${quote(name)}]`;
  return { message: `A property is written as ${suggestion}`, start, end: start + name.length, suggestion };
}

/** A filter must be a condition, and a breakdown must differ from event to event. */
function checkUse(expression: Expression, kind: ExpressionKind): Problem[] {
  const { start, end } = expression;
  if (kind === "on") {
    if ([...walk(expression)].some((part) => part.kind === "reference")) return [];
    const message = "This is the same for every event: split by a property";
    if (expression.kind !== "literal" || typeof expression.value !== "string") return [{ message, start, end }];
    return [{ message, start, end, suggestion: `properties[${quote(expression.value)}]` }];
  }
  const type = staticType(expression);
  if (type === undefined || type === "boolean") return [];
  return [{ message: `A filter is a condition, but this is ${describeType(type)}`, start, end }];
}

function checkNames(expression: Expression, { properties }: CheckOptions): Problem[] {
  const known = properties && new Set(properties);
  const problems: Problem[] = [];
  for (const part of walk(expression)) {
    if (part.kind !== "reference") continue;
    const problem = part.source === "event" ? eventFieldProblem(part) : known && propertyProblem(part, known);
    if (problem) problems.push(problem);
  }
  return problems;
}

function eventFieldProblem({ name, start, end }: Reference): Problem | undefined {
  if (EVENT_FIELDS.includes(name)) return undefined;
  const suggestion = `properties[${quote(name)}]`;
  return { message: `An event itself has no ${quote(name)}: name the property`, start, end, suggestion };
}

function propertyProblem(reference: Reference, known: ReadonlySet<string>): Problem | undefined {
  const { source, name, start, end } = reference;
  if (source !== "properties" || known.has(name) || EVENT_FIELDS.includes(name)) return undefined;
  const near = nearMiss(name, known);
  const message = `There is no property ${quote(name)}`;
  if (near === undefined) return { message, start, end };
  return { message, start, end, suggestion: printExpression({ ...reference, name: near }) };
}
