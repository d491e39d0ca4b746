/** Who is in a cohort, as one typed value: from it comes Mixpanel's definition (`definition.ts`), and back. */

/** Conditions that all hold for a member, or one of them with `any`. */
export interface CohortConditions {
  any?: true;
  did: readonly DidCondition[];
  /** An expression on the profile. */
  where?: string;
  in: readonly CohortId[];
  notIn: readonly CohortId[];
}

export type CohortId = number | bigint;

/** How often somebody did something, or what a property of it added up to. Never is `==` 0. */
export interface DidCondition {
  event: string;
  operator: DidOperator;
  number: number;
  during: CohortWindow;
  /** An expression on the event. */
  where?: string;
  /** In place of how often. */
  measure?: { math: CohortMath; property: string };
}

export type DidOperator = ">=" | "<=" | "==";

/** Up to now, or between two days, both included. */
export type CohortWindow = { last: number; unit: CohortUnit } | { from: string; to: string };

export const COHORT_UNITS = ["day", "week", "month"] as const;
export type CohortUnit = typeof COHORT_UNITS[number];

export const COHORT_MATHS = ["total", "unique", "average", "min", "max", "median"] as const;
export type CohortMath = typeof COHORT_MATHS[number];
