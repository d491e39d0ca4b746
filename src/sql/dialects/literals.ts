/** What the SQL of several engines has in common. */
import { inputError } from "../../errors.ts";

/** `2026-08-01 13:00:00.000`: a moment by the clock of UTC. */
export function utcClock(timeMs: number): string {
  return new Date(timeMs).toISOString().replace("T", " ").slice(0, -1);
}

/** Between two quotes, with those in it doubled. */
export function doubling(quote: string, text: string): string {
  return `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
}

/** Between two quotes and on one line, where a backslash takes the meaning from a quote and from a backslash. */
export function escaping(quote: string, text: string): string {
  return `${quote}${withEscapedEnds(text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`))}${quote}`;
}

/** What would end a line as an escape. Lines are what a statement is laid out by. */
export function withEscapedEnds(text: string): string {
  return text.replaceAll("\n", "\\n").replaceAll("\r", "\\r");
}

/** A text on one line, of engines in which a backslash counts after an E. */
export function escapingAfterE(text: string): string {
  return `E${withEscapedEnds(doubling("'", text.replaceAll("\\", "\\\\")))}`;
}

const NAME_HINT = "'mp export events --names safe' writes columns that every engine has names for";

/** A name that can be one of SQL. @throws MpError (input) for any other */
export function checkedName(name: string, title: string): string {
  if (name !== "" && !/[\0\n]/.test(name)) return name;
  throw inputError(`Cannot write the name ${JSON.stringify(name)} in the SQL of ${title}`, NAME_HINT, "not_in_sql");
}

/** A divisor, NULL where it is 0. */
export function nonZero(divisor: string): string {
  return /^[1-9]\d*$/.test(divisor) ? divisor : `nullif(${divisor}, 0)`;
}

/** The text of a number as a regular expression. Engines take more for one: `nan`, `1_000`. */
export const NUMBER_TEXT = String.raw`^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$`;
