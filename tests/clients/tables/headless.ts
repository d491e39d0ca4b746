/** mixpanel-headless, Mixpanel's own client: the typed queries and the other methods of its library. */
import { answers } from "./checks.ts";
import { dated, headlessClient } from "./headless_seeded.ts";
import { METHODS } from "./headless_methods.ts";
import { SEED_DAY } from "../seed.ts";

export const HEADLESS = headlessClient("mixpanel-headless: typed queries and other methods", "headless.py", {
  query: answers({
    "by day": [3],
    people: { "Seed View [Unique Users]": 2 },
    "sum by plan": { "Seed View [Sum of amount]": { $overall: 12, pro: 8, free: 4 } },
    median: { "Seed View [Median of amount]": 4 },
    "largest sum of a person": { "Seed View [Maximum of amount]": 8 },
    filtered: { "Seed View [Total Events]": 1 },
    formula: { Rate: 1 / 3 * 100 },
    cohort: { "Pro [Unique Users]": 1 },
    "of a cohort": { "Seed View [Total Events]": 2 },
    "custom property": { "Seed View [Sum of custom property]": 24 },
    funnel: { Bought: 0.5, "Seed View [Total Events]": 3 },
  }, "insights: math, groups, filters, formulas, cohorts, custom properties, a funnel as a metric"),
  query_funnel: answers(
    { counts: [2, 1], rate: 0.5, seconds: 180, free: 1, excluded: [2, 0] },
    "a funnel by steps, by a property, and with an exclusion",
  ),
  query_retention: answers({
    cohorts: { [SEED_DAY]: { first: 2, counts: [2, 0, 0], rates: [1, 0, 0] } },
    average: 1,
  }, "retention with buckets of custom sizes"),
  query_flow: answers({
    nodes: [
      "0 Seed View ANCHOR 2",
      "1 Seed View NORMAL 1",
      "1 DROPOFF DROPOFF 1",
      "2 Seed Buy NORMAL 1",
      "2 DROPOFF DROPOFF 1",
    ],
    edges: 4,
    paths: [["Seed View", "DROPOFF"], ["Seed View", "Seed View", "Seed Buy"]],
    tree: ["Seed View", 1, ["Seed View"]],
  }, "flows as a diagram, as paths and as a tree"),
  query_saved_report: answers({ Views: dated(3) }, "the numbers of a saved report"),
  query_saved_flows: answers("2", "saved flows"),
  query_user: answers(["seed-1", "seed-2"], "profiles"),
  ...METHODS,
});
