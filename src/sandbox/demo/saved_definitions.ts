/** Custom events and properties, metrics and behaviors that somebody has already saved in the demo's project. */
import type { Author, Authorship } from "../app/author.ts";
import { CUSTOM_EVENT, type SavedCustomEvent } from "../app/custom_events.ts";
import { CUSTOM_PROPERTY, type SavedCustomProperty } from "../app/custom_properties.ts";
import { BEHAVIOR, METRIC, type SavedMetric } from "../app/saved_metrics.ts";
import type { Store } from "../store/store.ts";

const DAY_MS = 86_400_000;

/** Loads them into a project; their days are counted back from `nowMs`. */
export function loadSavedDefinitions(store: Store, projectId: number, nowMs: number, owner: Author): void {
  const put = (kind: string, firstId: number, bodies: readonly object[]) => {
    for (const [index, body] of bodies.entries()) store.savedObjects.put(projectId, kind, firstId + index, body);
  };
  const by = (daysAgo: number): Authorship => {
    const createdMs = nowMs - daysAgo * DAY_MS;
    return { creator: owner, createdMs, modifier: owner, modifiedMs: createdMs };
  };
  put(CUSTOM_EVENT, 6001, customEvents(by));
  put(CUSTOM_PROPERTY, 6501, customProperties(by));
  put(METRIC, 501, savedMetrics(by));
  put(BEHAVIOR, 601, savedBehaviors(by));
}

/** Who made something, so many days ago. */
type MadeBy = (daysAgo: number) => Authorship;

function customEvents(by: MadeBy): SavedCustomEvent[] {
  const events = (...names: string[]) => names.map((event) => ({ event }));
  return [
    {
      name: "Paid",
      alternatives: events("Purchase", "Subscription Start"),
      definition: { description: "Money came in, once or for a subscription" },
      ...by(50),
    },
    {
      name: "Looked around",
      alternatives: events("Page View", "View Product"),
      definition: {},
      ...by(45),
    },
  ];
}

function customProperties(by: MadeBy): SavedCustomProperty[] {
  const number = (value: string) => ({
    ...{ type: "number", resourceType: "event", value, label: value, propertyDefaultType: "number" },
  });
  return [
    {
      fields: {
        name: "Price per item",
        resourceType: "events",
        propertyType: "number",
        displayFormula: "A / B",
        composedProperties: { A: number("amount"), B: number("items") },
      },
      ...by(40),
    },
    {
      fields: {
        name: "Basket",
        description: "How large an order is",
        resourceType: "events",
        propertyType: "string",
        displayFormula: 'ifs(A < 20, "small", A < 60, "medium", true, "large")',
        composedProperties: { A: number("amount") },
      },
      ...by(39),
    },
  ];
}

const eventBehavior = (name: string) => ({
  ...{ type: "event", name, resourceType: "events", filtersDeterminer: "all", filters: [] },
});

function savedMetrics(by: MadeBy): SavedMetric[] {
  const metric = (name: string, event: string, measurement: object): SavedMetric => ({
    name,
    type: "metric",
    description: null,
    definition: { behavior: eventBehavior(event), measurement },
    more: {},
    verified: false,
    ...by(35),
  });
  const amount = { name: "amount", resourceType: "events", type: "number" };
  return [
    metric("Paid orders", "Purchase", { math: "total", property: null, perUserAggregation: null }),
    metric("Revenue", "Purchase", { math: "total", property: amount, perUserAggregation: null }),
    metric("Sign-ups", "Sign Up", { math: "unique", property: null, perUserAggregation: null }),
  ];
}

function savedBehaviors(by: MadeBy): SavedMetric[] {
  const behavior = (name: string, type: string, definition: object): SavedMetric => ({
    ...{ name, type, description: null, definition: { behavior: definition }, more: {}, verified: false },
    ...by(34),
  });
  const steps = ["View Product", "Purchase"].map((name) => ({ ...eventBehavior(name), funnelOrder: "loose" }));
  const window = { conversionWindowDuration: 7, conversionWindowUnit: "day" };
  const funnel = { type: "funnel", resourceType: "events", funnelOrder: "loose", ...window, behaviors: steps };
  return [
    behavior("Buying", "simple", eventBehavior("Purchase")),
    behavior("From product to purchase", "funnel", funnel),
    behavior("Signing up", "simple", eventBehavior("Sign Up")),
  ];
}
