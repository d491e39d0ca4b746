/** What somebody has already set up in the demo's project. */
import type { SavedCohort } from "../query/saved_cohort.ts";
import type { SavedFunnel } from "../query/funnels.ts";

export const FUNNELS: readonly (SavedFunnel & { funnel_id: number })[] = [
  { funnel_id: 7001, name: "Shop to purchase", steps: ["View Product", "Add to Cart", "Begin Checkout", "Purchase"] },
  { funnel_id: 7002, name: "Visit to account", steps: ["Session Start", "Page View", "Sign Up"] },
  { funnel_id: 7003, name: "Account to subscription", steps: ["Sign Up", "Purchase", "Subscription Start"] },
];

/** A condition on profiles, as cohorts have it. */
const profile = (value: string, operator: string, operand: unknown, type = "string") => ({
  property: "user",
  value,
  operator,
  operand,
  type,
});
const all = (...children: object[]) => ({ operator: "and", children });
/** A condition on the behavior of the same number. */
const did = (number: number, operator: string, operand: number) => ({
  property: "behaviors",
  value: `bhvr_${number}`,
  operator,
  operand,
});
const behavior = (event: string, days: number) => ({
  window: { unit: "day", value: days },
  count: { type: "absolute", event_selector: { event } },
});

export const COHORTS: readonly (SavedCohort & { id: number })[] = [
  {
    id: 8001,
    name: "Subscribers",
    description: "Customers who pay for a plan",
    selector: all(profile("plan", "defined", ""), profile("plan", "!=", "Free")),
  },
  {
    id: 8002,
    name: "Big spenders",
    description: "Customers who spent more than 100 US dollars",
    selector: all(profile("lifetime_revenue", ">", 100, "number")),
  },
  {
    id: 8003,
    name: "Not yet buying",
    description: "Customers with an account and without a purchase",
    selector: all(profile("purchases", "==", 0, "number")),
  },
  {
    id: 8004,
    name: "Recent regulars",
    description: "Bought at least twice in 30 days",
    selector: all(did(0, ">=", 2)),
    behaviors: { bhvr_0: behavior("Purchase", 30) },
  },
  {
    id: 8005,
    name: "Drifting subscribers",
    description: "Subscribers who have not bought in 30 days",
    selector: all({ property: "cohort", value: 8001, operator: "in" }, did(0, "==", 0)),
    behaviors: { bhvr_0: behavior("Purchase", 30) },
  },
];
