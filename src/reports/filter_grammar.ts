/**
 * What a filter of a bookmark can say of a property, as a value: the middle between an expression and Mixpanel's JSON.
 * Two writings of it exist: that of `sections` (`clauses.ts`), and that of flows (`segfilters.ts`).
 */

/** One condition on one property. */
export type Test = { property: TestedProperty } & Check;

export interface TestedProperty {
  name: string;
  source: "events" | "people";
}

export type Check =
  | { is: "set" | "unset" }
  | { is: "true" | "false" }
  /** One of the texts, or none of them. */
  | { is: "one_of" | "none_of"; texts: readonly string[] }
  | { is: "with" | "without"; text: string }
  | { is: "compared"; operator: NumberOperator; number: Amount }
  /** Both ends included. */
  | { is: "within" | "outside"; from: Amount; to: Amount }
  /** From that day on, or before that day. */
  | { is: "since" | "before"; day: string }
  /** Both days included. */
  | { is: "days"; from: string; to: string };

export type Amount = number | bigint;

export const NUMBER_OPERATORS = ["==", "!=", ">", ">=", "<", "<="] as const;
export type NumberOperator = typeof NUMBER_OPERATORS[number];

/** Conditions that are joined by `and`, or by `or` with `any`. */
export interface Tests {
  any: boolean;
  tests: readonly Test[];
}

const DAY_MS = 86_400_000;

/** A day so many days later: `2026-01-31`. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
