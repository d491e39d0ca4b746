/** What the commands on expressions have in common. */
import { choice, text } from "../../../api/params.ts";
import { expressionError } from "../../../cli/expressions.ts";
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { parseTolerantly } from "../../../expressions/parse.ts";
import type { Expression, Problem } from "../../../expressions/syntax.ts";

export const expressionInput = text("The expression; - reads it from standard input", { placeholder: "EXPR" });

export const purposeInput = choice(
  ["where", "on", "selector"],
  "What it is for: a filter of events, a value to split by, or a filter of profiles",
)
  .default("where");

/** The expression that was typed, or piped in. */
export async function readTyped(context: Context, typed: string): Promise<string> {
  if (typed !== "-") return typed;
  if (context.stdin.isTerminal) throw inputError("Cannot read standard input: nothing is piped in");
  return (await new Response(context.stdin.stream()).text()).trim();
}

/**
 * The expression as it was meant, with what had to be fixed.
 *
 * @throws MpError (input) when it cannot be understood at all.
 */
export function understand(typed: string, action: string): { expression: Expression; problems: Problem[] } {
  const { expression, problems } = parseTolerantly(typed);
  if (expression === undefined) throw expressionError(action, typed, problems);
  return { expression, problems };
}
