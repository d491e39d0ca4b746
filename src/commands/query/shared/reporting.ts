/** Faults of expressions, formulas and filters that a report cannot say, shown at their place. */
import { expressionError } from "../../../cli/expressions.ts";
import { applySuggestions } from "../../../expressions/check.ts";
import { ExpressionError } from "../../../expressions/syntax.ts";

/**
 * What is made of an expression; what a report cannot say is shown at its place, with the nearest form.
 *
 * @throws MpError (input)
 */
export function reporting<T>(flag: string, text: string, read: (text: string) => T): T {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { message, start, end, suggestion } = error;
    const problem = { message, start, end, ...(suggestion !== undefined && { suggestion }) };
    const nearest = applySuggestions(text, [problem]);
    throw expressionError(
      `Cannot use ${flag}`,
      text,
      [problem],
      nearest === text ? undefined : `the nearest that it can say: ${flag} '${nearest.replaceAll("'", `'\\''`)}'`,
    );
  }
}
