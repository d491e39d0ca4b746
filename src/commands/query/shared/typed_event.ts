/** An event as it is typed, with conditions of its own: `Purchase where properties["plan"] == "pro"`. */
import { inputError } from "../../../errors.ts";
import { ExpressionError } from "../../../expressions/syntax.ts";
import { expressionOfTests } from "../../../reports/expression_of_tests.ts";
import type { Conditions } from "../../../reports/report.ts";
import { testsOfExpression } from "../../../reports/tests_of_expression.ts";
import { reporting } from "./reporting.ts";

export interface TypedEvent {
  name: string;
  filter?: Conditions;
}

/** What follows the word must look like an expression: names of events may have the word in them. */
const WITH_CONDITIONS =
  /^(.*?\S)\s+where\s+(?=(?:not\b|defined\(|\(|properties\[|user\[)|\S+\s*(?:[=!]=|[<>]|in\b|contains\b))/s;

/** How an event with conditions is written, for help. */
export const OWN_CONDITIONS = `'NAME where EXPR' for conditions of its own`;

export const hasConditions = (typed: string | undefined): boolean => WITH_CONDITIONS.test(typed ?? "");

/** @throws MpError (input) for conditions that a report cannot have, at their place. */
export function typedEvent(flag: string, typed: string): TypedEvent {
  const [start, name] = WITH_CONDITIONS.exec(typed) ?? [];
  if (start === undefined || name === undefined) return { name: typed };
  return { name, filter: reporting(flag, typed, (text) => conditionsFrom(text, start.length)) };
}

/** The name of an event that has no conditions: @throws MpError (input) for one that is typed with some. */
export function plainEvent(flag: string, typed: string): string {
  if (!hasConditions(typed)) return typed;
  throw inputError(
    `Cannot use ${flag} ${JSON.stringify(typed)}: this event takes no conditions`,
    "name the event alone",
    "bad_flags",
  );
}

/** The conditions that a flag says of one event. */
export function conditionsOf(flag: string, where: string): Conditions {
  return reporting(flag, where, (text) => conditionsFrom(text, 0));
}

/** The conditions at the end of a text. */
function conditionsFrom(text: string, offset: number): Conditions {
  try {
    const tests = testsOfExpression(text.slice(offset));
    return { where: expressionOfTests(tests)!, ...(tests.any && { any: true }) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { message, start, end, suggestion } = error;
    throw new ExpressionError({ message, start: start + offset, end: end + offset, suggestion });
  }
}

/**
 * Both conditions on one event.
 *
 * @throws MpError (input) where one of them is a choice: an event has conditions that are all joined in one way.
 */
export function joinedConditions(
  flag: string,
  own: Conditions | undefined,
  other: Conditions | undefined,
): Conditions | undefined {
  if (own === undefined || other === undefined) return own ?? other;
  if (own.any || other.any) {
    throw inputError(
      `Cannot use "or" together with ${flag}: the conditions of an event are joined all by and, or all by or`,
      "say all of them at the event: 'NAME where EXPR'",
      "bad_expression",
    );
  }
  return conditionsOf(flag, `(${own.where}) and (${other.where})`);
}
