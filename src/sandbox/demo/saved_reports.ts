/** What somebody has already set up in the demo's project. */
import type { SavedCohort } from "../query/cohorts.ts";
import type { SavedFunnel } from "../query/funnels.ts";

export const FUNNELS: readonly (SavedFunnel & { funnel_id: number })[] = [
  { funnel_id: 7001, name: "Shop to purchase", steps: ["View Product", "Add to Cart", "Begin Checkout", "Purchase"] },
  { funnel_id: 7002, name: "Visit to account", steps: ["Session Start", "Page View", "Sign Up"] },
  { funnel_id: 7003, name: "Account to subscription", steps: ["Sign Up", "Purchase", "Subscription Start"] },
];

export const COHORTS: readonly (SavedCohort & { id: number })[] = [
  {
    id: 8001,
    name: "Subscribers",
    description: "Customers who pay for a plan",
    where: 'defined(properties["plan"]) and properties["plan"] != "Free"',
  },
  {
    id: 8002,
    name: "Big spenders",
    description: "Customers who spent more than 100 US dollars",
    where: 'properties["lifetime_revenue"] > 100',
  },
  {
    id: 8003,
    name: "Not yet buying",
    description: "Customers with an account and without a purchase",
    where: 'properties["purchases"] == 0',
  },
];
