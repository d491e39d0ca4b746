/** Formulas of a report: letters for its metrics, numbers, `+ - * /` and parentheses. */
import { ExpressionError } from "../expressions/syntax.ts";

const TOKEN = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([A-Za-z]+)|([-+*/()]))/y;

interface Token {
  text: string;
  kind: "number" | "letter" | "symbol" | "end";
  start: number;
  end: number;
}

/**
 * Checks a formula over so many metrics, which are called A, B, C, …
 *
 * @throws ExpressionError at the first thing that no formula can have.
 */
export function checkFormula(text: string, metrics: number): void {
  const tokens = tokensOf(text);
  let position = 0;
  const peek = () => tokens[position]!;
  const accept = (...symbols: string[]) => {
    if (peek().kind !== "symbol" || !symbols.includes(peek().text)) return undefined;
    return tokens[position++];
  };
  const operand = (): void => {
    if (accept("-", "+") !== undefined) return operand();
    const opening = accept("(");
    if (opening !== undefined) {
      sum();
      if (accept(")") === undefined) throw refusal(peek(), `Expected ")" for the "(" at ${opening.start + 1}`);
      return;
    }
    const token = peek();
    if (token.kind !== "number" && token.kind !== "letter") throw refusal(token, "Expected a letter or a number");
    if (token.kind === "letter") checkLetter(token, metrics);
    position++;
  };
  const product = (): void => {
    do operand(); while (accept("*", "/") !== undefined);
  };
  const sum = (): void => {
    do product(); while (accept("+", "-") !== undefined);
  };
  sum();
  if (peek().kind !== "end") throw refusal(peek(), "Expected + - * or /");
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  for (let position = 0; position < end; position = TOKEN.lastIndex) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (match === null) {
      const at = position + /^\s*/.exec(text.slice(position))![0].length;
      throw refusal({ start: at, end: at + 1 }, "A formula has letters, numbers, + - * / and parentheses");
    }
    const [, number, letter, symbol] = match;
    const own = number ?? letter ?? symbol!;
    const kind = number !== undefined ? "number" : letter !== undefined ? "letter" : "symbol";
    tokens.push({ text: own, kind, start: TOKEN.lastIndex - own.length, end: TOKEN.lastIndex });
  }
  return [...tokens, { text: "", kind: "end", start: end, end: end + 1 }];
}

function checkLetter(token: Token, metrics: number): void {
  const last = String.fromCharCode(64 + metrics);
  const known = metrics === 1 ? "the only metric is A" : `the metrics are A to ${last}`;
  if (/^[A-Z]$/.test(token.text) && token.text.charCodeAt(0) - 64 <= metrics) return;
  const upper = token.text.toUpperCase();
  const meant = /^[A-Z]$/.test(upper) && upper <= last ? upper : undefined;
  throw refusal(token, `There is no metric ${token.text}: ${known}`, meant);
}

function refusal(
  { start, end }: { start: number; end: number },
  message: string,
  suggestion?: string,
): ExpressionError {
  return new ExpressionError({ message, start, end, suggestion });
}
