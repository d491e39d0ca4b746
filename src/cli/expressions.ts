/** Expressions among the flags: checked before anything is sent, with a caret under what is wrong. */
import { inputError, type MpError } from "../errors.ts";
import type { CheckOptions, ExpressionKind } from "../expressions/check.ts";
import type { Problem } from "../expressions/syntax.ts";
import { textWidth } from "../output/text_width.ts";
import type { FlagSpec } from "./flags.ts";

/** The flag of every command that takes expressions. */
export const CHECK_FLAG: FlagSpec = {
  key: "check",
  flag: "--check",
  aliases: [],
  kind: "boolean",
  placeholder: "",
  description: "Send expressions as they are typed, without checking them",
  required: false,
  defaultValue: true,
};

/** Of a long expression, this much is shown before the first mistake and after the last. */
const SHOWN_AROUND = 60;
const MOST_SHOWN = 5;

export function takesExpressions(flags: readonly FlagSpec[]): boolean {
  return flags.some(({ kind }) => kind === "expression");
}

/**
 * The expression of a flag as it will be sent. The bare name of a property to split by is wrapped, and a note says so.
 *
 * @throws MpError (input) that shows every mistake at its place, and the whole expression as it was probably meant.
 */
export async function checkedExpression(
  { key, flag }: Pick<FlagSpec, "key" | "flag">,
  typed: string,
  options: CheckOptions = {},
): Promise<{ text: string; note?: string }> {
  const { applySuggestions, checkExpression } = await import("../expressions/check.ts");
  const kind: ExpressionKind = key === "on" || key === "selector" ? key : "where";
  const problems = checkExpression(typed, kind, options);
  if (problems.length === 0) return { text: typed };
  const meant = applySuggestions(typed, problems);
  const [{ start, end, suggestion }] = problems as [Problem];
  const isBareName = kind === "on" && suggestion !== undefined && typed.slice(start, end) === typed.trim();
  if (isBareName && problems.length === 1 && !/["'“‘]/.test(typed)) {
    return { text: meant, note: `${flag.startsWith("-") ? `${flag} ` : ""}${typed.trim()} is read as ${meant.trim()}` };
  }
  const isMended = meant !== typed && checkExpression(meant, kind, options).length === 0;
  const fixed = isMended ? `write ${flag} ${shellQuoted(meant)}; ` : "";
  const escape = options.properties === undefined ? "--no-check sends it as typed" : "or leave --check-properties out";
  throw expressionError(`Cannot use ${flag}`, typed, problems, fixed + escape);
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** An error about an expression; `action` is what could not be done. */
export function expressionError(action: string, text: string, problems: readonly Problem[], hint?: string): MpError {
  const mistakes = problems.length === 1 ? "is a mistake" : `are ${problems.length} mistakes`;
  return inputError(
    `${action}: there ${mistakes} in the expression\n${showProblems(text, problems)}`,
    hint,
    "bad_expression",
  );
}

/** The text, and below it each problem with carets under its place. Lines are indented, and the last has no end. */
export function showProblems(text: string, problems: readonly Problem[]): string {
  const first = Math.min(...problems.map(({ start }) => start));
  const last = Math.max(...problems.map(({ end }) => end));
  const from = first > SHOWN_AROUND ? first - SHOWN_AROUND + 20 : 0;
  const to = Math.min(text.length, last + SHOWN_AROUND);
  const before = from > 0 ? "…" : "";
  // One place for each character, also for line ends and tabs: the carets count on it.
  const shown = (part: string) => part.replace(/\s/g, " ");
  const lines = [`  ${before}${shown(text.slice(from, to))}${to < text.length ? "…" : ""}`];
  for (const { start, end, message } of problems.slice(0, MOST_SHOWN)) {
    const indent = textWidth(before + shown(text.slice(from, start)));
    const carets = Math.max(1, textWidth(shown(text.slice(start, Math.min(end, to)))));
    lines.push(`  ${" ".repeat(indent)}${"^".repeat(carets)} ${message}`);
  }
  if (problems.length > MOST_SHOWN) lines.push(`  and ${problems.length - MOST_SHOWN} more`);
  return lines.join("\n");
}
