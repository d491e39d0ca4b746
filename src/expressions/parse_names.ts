import { nearMiss } from "./near_miss.ts";
import { printExpression, quote } from "./print.ts";
import {
  type Expression,
  type ExpressionError,
  type FunctionName,
  FUNCTIONS,
  PROPERTY_SOURCES,
  type PropertySource,
  type Reference,
  type Span,
} from "./syntax.ts";
import { describeToken, type ProblemSink, type Token } from "./tokens.ts";

/** What the parser of operators lends to this part of the grammar. */
export interface OperandParser {
  readonly report: ProblemSink;
  peek(ahead?: number): Token;
  next(): Token;
  expect(symbol: string, opening: Token): number;
  isAtOperator(): boolean;
  parseItems(closing: ")" | "]", opening: Token): Expression[];
  slice(start: number, end: number): string;
  problem(message: string, span: Span, suggestion?: string): ExpressionError;
  node<Node extends Expression>(expression: Node): Node;
}

const FUNCTION_NAMES = Object.keys(FUNCTIONS);

/** Parses what begins with a word that is no operator: a constant, a property, a function, or a slip of one. */
export function parseNamed(parser: OperandParser, word: Token): Expression {
  const { text, start, end } = word;
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") {
    if (text !== lower) parser.report({ message: `Write "${lower}" in lower case`, start, end, suggestion: lower });
    return { kind: "literal", value: lower === "true", start, end };
  }
  if (lower === "now") return parseNow(parser, word);
  switch (parser.peek().text) {
    case "[":
      return parseReference(parser, word);
    case "(":
      return isSource(text) ? parseReference(parser, word) : parseCall(parser, word);
    default:
      return parseBareName(parser, word);
  }
}

function parseNow(parser: OperandParser, { text, start, end }: Token): Expression {
  if (parser.peek().text === "(" && parser.peek(1).text === ")") {
    parser.next();
    end = parser.next().end;
  }
  if (text !== "NOW" || end !== start + text.length) {
    parser.report({ message: "The current time is NOW", start, end, suggestion: "NOW" });
  }
  return { kind: "now", start, end };
}

/** `properties["name"]`, and its near misses `property["name"]`, `properties[name]`, `properties("name")`. */
function parseReference(parser: OperandParser, word: Token): Expression {
  const source = isSource(word.text) ? word.text : meantSource(parser, word);
  const opening = parser.next();
  const token = parser.next();
  if (token.kind !== "string" && token.kind !== "word" && token.kind !== "number") {
    const message = `Expected the property's name in double quotes, found ${describeToken(token)}`;
    throw parser.problem(message, token);
  }
  const name = token.kind === "string" ? token.value : token.text;
  const end = parser.expect(opening.text === "[" ? "]" : ")", opening);
  const reference: Reference = { kind: "reference", source, name, start: word.start, end };
  if (opening.text === "(") {
    const { start } = word;
    const suggestion = printExpression(reference);
    parser.report({ message: "A property is named in square brackets", start, end, suggestion });
  } else if (token.kind !== "string") {
    const { start, end } = token;
    parser.report({ message: "A property's name is written in double quotes", start, end, suggestion: quote(name) });
  }
  return reference;
}

function meantSource(parser: OperandParser, { text, start, end }: Token): PropertySource {
  const near = nearMiss(text, [
    ...PROPERTY_SOURCES,
    "property",
    "props",
    "prop",
    "event_properties",
    "users",
    "profile",
  ]);
  const source = isSource(near) ? near : near === "users" || near === "profile" ? "user" : "properties";
  const message = `There is no ${text}[…], only ${PROPERTY_SOURCES.join(", ")}`;
  parser.report({ message, start, end, suggestion: source });
  return source;
}

function parseCall(parser: OperandParser, word: Token): Expression {
  const { text, start, end } = word;
  const name = isFunction(text) ? text : nearMiss(text, FUNCTION_NAMES);
  if (!isFunction(name)) {
    throw parser.problem(`There is no function "${text}", only ${FUNCTION_NAMES.join(", ")}`, word);
  }
  if (name !== text) parser.report({ message: `There is no function "${text}"`, start, end, suggestion: name });
  const opening = parser.next();
  const args = parser.parseItems(")", opening);
  const call = parser.node({ kind: "call", name, args, start, end: parser.peek(-1).end });
  const [least, most] = FUNCTIONS[name];
  // A day needs all of year, month and day.
  if (args.length < least || args.length > most || args.length === 2) {
    const wanted = name === "datetime"
      ? "one value, or year, month, day and perhaps hour, minute, second"
      : "one value";
    throw parser.problem(`${name}() takes ${wanted}, not ${args.length || "none"}`, call);
  }
  return call;
}

/** `plan`, `$browser`, `properties.plan`: meant as a property. */
function parseBareName(parser: OperandParser, word: Token): Expression {
  if (/^(null|none|nil|undefined)$/i.test(word.text)) {
    throw parser.problem(`There is no ${word.text}: ask defined(…) or not defined(…)`, word);
  }
  if (isComparedWith(parser.peek(-2))) return parseBareText(parser, word);
  const { start } = word;
  let { end } = word;
  const path = [word.text];
  while (parser.peek().text === "." && parser.peek(1).kind === "word") {
    parser.next();
    const part = parser.next();
    path.push(part.text);
    end = part.end;
  }
  const [first, ...rest] = path;
  if (isSource(first) && rest.length === 0) {
    throw parser.problem(`Say which property: ${first}["name"]`, word);
  }
  const reference: Reference = isSource(first)
    ? { kind: "reference", source: first, name: rest.join("."), start, end }
    : { kind: "reference", source: "properties", name: path.join("."), start, end };
  const suggestion = printExpression(reference);
  parser.report({ message: `A property is written as ${suggestion}`, start, end, suggestion });
  return reference;
}

/** `== US`, `in [US, CA]`: text whose quotes a shell has eaten, or that was never quoted; `New York` in one piece. */
function parseBareText(parser: OperandParser, { start, end }: Token): Expression {
  while (parser.peek().kind === "word" && !parser.isAtOperator()) end = parser.next().end;
  const value = parser.slice(start, end);
  parser.report({ message: "Text is written in double quotes", start, end, suggestion: quote(value) });
  return { kind: "literal", value, start, end };
}

function isComparedWith({ kind, text }: Token): boolean {
  if (kind === "word") return text.toLowerCase() === "contains";
  return kind === "symbol" && ["==", "!=", "[", ","].includes(text);
}

function isSource(text: string | undefined): text is PropertySource {
  return PROPERTY_SOURCES.includes(text as PropertySource);
}

function isFunction(text: string | undefined): text is FunctionName {
  return text !== undefined && Object.hasOwn(FUNCTIONS, text);
}
