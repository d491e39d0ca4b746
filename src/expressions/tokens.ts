import { quote } from "./print.ts";
import { ExpressionError, type Problem, type Span } from "./syntax.ts";

/** A word, a string, a number, an operator or bracket, or the end of the text. */
export type Token =
  & Span
  & { spaceBefore: boolean }
  & (
    | { kind: "word"; text: string }
    | { kind: "string"; text: string; value: string }
    | { kind: "number"; text: string; value: number | bigint }
    | { kind: "symbol"; text: string }
    | { kind: "end"; text: "" }
  );

/** Takes a problem that reading can go on after. May throw, to stop at the first one. */
export type ProblemSink = (problem: Problem) => void;

const SPACE = /\s*/y;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
/** A whole one without characters beyond ASCII; that the classes of others are compiled takes milliseconds. */
const PLAIN_WORD = /[A-Za-z_$][\w$]*(?![\w$]|[^\0-\x7f])/y;
const LAST_ASCII = 0x7f;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SYMBOL = /===?|!==?|<>|>=|<=|&&|\|\||[=<>!+\-*/%()[\],.]/y;
const STRING = /"[^"\\]*(?:\\[^][^"\\]*)*"|'[^'\\]*(?:\\[^][^'\\]*)*'|[“„][^“”„]*[“”]|‘[^‘’]*’/y;
/** What a backslash stands before in texts that programs have quoted as JSON; Mixpanel is known to read the first three. */
const ESCAPE = /\\(["'\\]|u[\da-fA-F]{4}|[bfnrt/])/g;
const LONG_WORD = 40;

/** What the symbols of other languages are called here. */
const TRANSLATIONS: Record<string, string> = {
  "=": "==",
  "===": "==",
  "!==": "!=",
  "<>": "!=",
  "&&": "and",
  "||": "or",
  "!": "not",
};

/** Splits a text into tokens. Throws {@linkcode ExpressionError} where the text cannot go on. */
export function tokenize(text: string, report: ProblemSink): Token[] {
  const tokens: Token[] = [];
  for (let position = 0;;) {
    const start = position + matchAt(SPACE, text, position).length;
    const token = readToken(text, start, start > position, report);
    tokens.push(token);
    if (token.kind === "end") return tokens;
    position = token.end;
  }
}

function wordAt(text: string, start: number): string {
  const plain = matchAt(PLAIN_WORD, text, start);
  const mayBeOther = /[A-Za-z_$]/.test(text[start]!) || text.charCodeAt(start) > LAST_ASCII;
  return plain === "" && mayBeOther ? matchAt(WORD, text, start) : plain;
}

function readToken(text: string, start: number, spaceBefore: boolean, report: ProblemSink): Token {
  const span = (length: number) => ({ start, end: start + length, spaceBefore });
  if (start === text.length) return { kind: "end", text: "", ...span(0) };
  const word = wordAt(text, start);
  if (word) return { kind: "word", text: word, ...span(word.length) };
  const number = matchAt(NUMBER, text, start);
  if (number) return { kind: "number", text: number, value: readNumber(number, start, report), ...span(number.length) };
  const string = matchAt(STRING, text, start);
  if (string) return { kind: "string", text: string, value: readString(string, start, report), ...span(string.length) };
  const symbol = matchAt(SYMBOL, text, start);
  if (symbol) return readSymbol(text, symbol, span(symbol.length), report);
  throw unreadable(text, start);
}

function readSymbol(text: string, symbol: string, span: Span & { spaceBefore: boolean }, report: ProblemSink): Token {
  if (!Object.hasOwn(TRANSLATIONS, symbol)) return { kind: "symbol", text: symbol, ...span };
  const ours = TRANSLATIONS[symbol];
  const isWord = /\w/.test(ours);
  // `!defined(x)` and `a&&b` need the spaces that the words bring with them.
  const before = isWord && !span.spaceBefore && /[\w$]/.test(text[span.start - 1] ?? "") ? " " : "";
  const after = isWord && /[^\s]/.test(text[span.end] ?? " ") ? " " : "";
  const { start, end } = span;
  report({ message: `Write "${ours}" instead of "${symbol}"`, start, end, suggestion: `${before}${ours}${after}` });
  return { kind: isWord ? "word" : "symbol", text: ours, ...span };
}

function readNumber(text: string, start: number, report: ProblemSink): number | bigint {
  const end = start + text.length;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new ExpressionError({ message: `The number ${text} is too large`, start, end });
  if (text.startsWith(".")) report({ message: `Write a digit before the point`, start, end, suggestion: `0${text}` });
  return /^\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

function readString(text: string, start: number, report: ProblemSink): string {
  const escapes: string[] = [];
  // Other escapes are not known to exist, so a backslash before anything else is a backslash.
  const value = text.slice(1, -1).replace(ESCAPE, (escape, character: string) => {
    if (/["'\\]/.test(character)) return character;
    escapes.push(escape);
    return JSON.parse(`"${escape}"`) as string;
  });
  const span = { start, end: start + text.length, suggestion: quote(value) };
  const [escape] = escapes;
  if (escape !== undefined) {
    const character = escape.startsWith("\\u") ? "the character itself" : shownEscape(escape);
    report({ message: `Expressions have no ${escape}: write ${character}, or \\${escape} for a backslash`, ...span });
  } else if (!text.startsWith('"')) report({ message: "Text is written in straight double quotes", ...span });
  return value;
}

/** What an escape of JSON stands for, in words. */
function shownEscape(escape: string): string {
  const names: Record<string, string> = { "\\t": "a tab", "\\n": "a line feed", "\\/": "/" };
  return names[escape] ?? "the character itself";
}

function unreadable(text: string, start: number): ExpressionError {
  const character = String.fromCodePoint(text.codePointAt(start)!);
  if (character === '"' || character === "'") {
    return new ExpressionError({ message: "The text has no closing quote", start, end: text.length });
  }
  const end = start + character.length;
  return new ExpressionError({ message: `Unexpected character ${JSON.stringify(character)}`, start, end });
}

/** A token as an error message shows it. */
export function describeToken(token: Token): string {
  if (token.kind === "end") return "the end";
  if (token.kind === "string") {
    return quote(shorten(token.value));
  }
  return `"${shorten(token.text)}"`;
}

function shorten(text: string): string {
  return text.length > LONG_WORD ? `${text.slice(0, LONG_WORD)}…` : text;
}

function matchAt(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] ?? "";
}
