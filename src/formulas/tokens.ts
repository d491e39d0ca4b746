import { ExpressionError, type Span } from "../expressions/syntax.ts";

/** A word, a text, a number, an operator or bracket, or the end of the formula. */
export type FormulaToken =
  & Span
  & (
    | { kind: "word"; text: string }
    | { kind: "string"; text: string; value: string }
    | { kind: "number"; text: string; value: number }
    | { kind: "symbol"; text: string }
    | { kind: "end"; text: "" }
  );

/** Spaces, and comments up to the end of a line, as the documentation's examples have them. */
const SPACE = /(?:\s+|\/\/[^\n]*)*/y;
const WORD = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SYMBOL = /===?|!==?|<>|>=|<=|&&|\|\||[=<>!+\-*/%()[\],]/y;
const STRING = /"[^"\\]*(?:\\[^][^"\\]*)*"/y;

/** What the symbols of other languages are called here. */
const TRANSLATIONS: Readonly<Record<string, string>> = {
  "=": "==",
  "===": "==",
  "!==": "!=",
  "<>": "!=",
  "&&": "and",
  "||": "or",
  "!": "not",
};

/**
 * Splits a formula into tokens.
 *
 * @throws ExpressionError where it cannot go on, with what to write instead where that is clear.
 */
export function formulaTokens(text: string): FormulaToken[] {
  const tokens: FormulaToken[] = [];
  for (let position = 0;;) {
    const start = position + (matchOf(SPACE, text, position) ?? "").length;
    const token = readToken(text, start);
    tokens.push(token);
    if (token.kind === "end") return tokens;
    position = token.end;
  }
}

function readToken(text: string, start: number): FormulaToken {
  const span = (length: number): Span => ({ start, end: start + length });
  if (start === text.length) return { kind: "end", text: "", ...span(0) };
  const word = matchOf(WORD, text, start);
  if (word !== undefined) return { kind: "word", text: word, ...span(word.length) };
  const number = matchOf(NUMBER, text, start);
  if (number !== undefined) return { kind: "number", text: number, value: Number(number), ...span(number.length) };
  const string = matchOf(STRING, text, start);
  if (string !== undefined) {
    const value = string.slice(1, -1).replace(/\\(["\\])/g, "$1");
    return { kind: "string", text: string, value, ...span(string.length) };
  }
  const symbol = matchOf(SYMBOL, text, start);
  if (symbol !== undefined) {
    if (!Object.hasOwn(TRANSLATIONS, symbol)) return { kind: "symbol", text: symbol, ...span(symbol.length) };
    const suggestion = TRANSLATIONS[symbol]!;
    const message = `Write "${suggestion}" instead of "${symbol}"`;
    throw new ExpressionError({ message, ...span(symbol.length), suggestion });
  }
  throw unreadable(text, start);
}

function unreadable(text: string, start: number): ExpressionError {
  const character = String.fromCodePoint(text.codePointAt(start)!);
  if (character === '"') {
    return new ExpressionError({ message: "The text has no closing quote", start, end: text.length });
  }
  const single = /'([^'"\\]*)'/y;
  single.lastIndex = start;
  const quoted = single.exec(text);
  if (quoted !== null) {
    const message = "Text is written in straight double quotes";
    throw new ExpressionError({ message, start, end: start + quoted[0].length, suggestion: `"${quoted[1]}"` });
  }
  const end = start + character.length;
  return new ExpressionError({ message: `Unexpected character ${JSON.stringify(character)}`, start, end });
}

function matchOf(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] || undefined;
}
