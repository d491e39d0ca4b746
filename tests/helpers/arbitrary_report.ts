/** Random reports of every kind, in the one form in which they come back from Mixpanel's JSON. */
import fc from "fast-check";
import { expressionOfTests } from "../../src/reports/expression_of_tests.ts";
import { daysAfter, NUMBER_OPERATORS, type Test } from "../../src/reports/filter_grammar.ts";
import type {
  Breakdown,
  Conditions,
  EventMetric,
  FlowAnchor,
  FlowsReport,
  FunnelReport,
  InsightsReport,
  Metric,
  PropertyRef,
  Report,
  ReportStep,
  RetentionReport,
} from "../../src/reports/report.ts";
import { testsOfExpression } from "../../src/reports/tests_of_expression.ts";

/** fast-check's records have no prototype. */
const plain = <T>(value: T): T => structuredClone(value);

const EVENTS = ["Sign Up", "View Product", "Purchase", 'Say "hi"'] as const;
const day = fc.integer({ min: 0, max: 60 }).map((days) => daysAfter("2026-10-01", days));
const amount = fc.oneof(fc.integer({ min: -50, max: 200 }), fc.integer({ min: 1, max: 400 }).map((one) => one / 8));
const word = fc.constantFrom("pro", "free", "", 'a "quoted" one', "DE", "back\\slash");
const id = fc.integer({ min: 1, max: 99_999 });
const event = fc.constantFrom(...EVENTS);
const source = fc.constantFrom("events" as const, "people" as const);
const property: fc.Arbitrary<PropertyRef> = fc.record({
  name: fc.constantFrom("plan", "amount", "$city", "is new"),
  source,
  type: fc.constantFrom("string" as const, "number" as const, "boolean" as const, "datetime" as const),
});

const optional = <T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | Record<never, never>> =>
  fc.oneof(fc.constant({}), arbitrary);
const flag = <K extends string>(key: K): fc.Arbitrary<{ [P in K]?: true }> =>
  fc.constantFrom({}, { [key]: true } as { [P in K]?: true });

const check = fc.oneof(
  fc.constantFrom<object[]>({ is: "set" }, { is: "unset" }, { is: "true" }, { is: "false" }),
  fc.record({
    is: fc.constantFrom("one_of", "none_of"),
    texts: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ is: fc.constantFrom("with", "without"), text: word }),
  fc.record({ is: fc.constant("compared"), operator: fc.constantFrom(...NUMBER_OPERATORS), number: amount }),
  fc.record({ is: fc.constantFrom("within", "outside"), from: amount, to: amount }),
  fc.record({ is: fc.constantFrom("since", "before"), day }),
  fc.tuple(day, fc.integer({ min: 0, max: 9 })).map(([from, more]) => ({
    is: "days",
    from,
    to: daysAfter(from, more),
  })),
);
const test = fc.tuple(
  fc.record({ name: fc.constantFrom("plan", "amount", "$city", "is new"), source }),
  check,
).map(([tested, own]) => ({ property: tested, ...own }) as Test);

/** What can be said in several ways has one that comes back: `p == "a" or p == "b"` is `p in ["a", "b"]`. */
function settled(text: string, any: boolean): string {
  const again = testsOfExpression(text);
  const next = expressionOfTests({ any: again.any, tests: again.tests })!;
  return next === text || (!any && again.tests.length === 1) ? next : settled(next, any);
}

/** Conditions joined by `and`. */
const all: fc.Arbitrary<Conditions> = fc.array(test, { minLength: 1, maxLength: 4 }).map((tests) => ({
  where: settled(expressionOfTests({ any: false, tests })!, false),
}));
/** Conditions joined by `or`. */
const any: fc.Arbitrary<Conditions> = fc.array(test, { minLength: 2, maxLength: 4 }).map((tests): Conditions => {
  const where = settled(expressionOfTests({ any: true, tests })!, true);
  return testsOfExpression(where).any ? { where, any: true } : { where };
});
const cohorts = fc.array(
  fc.tuple(id, flag("negated")).map(([own, more]) => ({ id: own, name: `Cohort ${own}`, ...more })),
  { minLength: 1, maxLength: 2 },
).map((list) => ({ cohorts: list }));

const filter = optional(fc.oneof(all, any).map((one) => ({ filter: one })));
const globalFilter = optional(
  fc.oneof(all, cohorts, fc.tuple(all, cohorts).map(([one, other]) => ({ ...one, ...other })))
    .map((one) => ({ filter: one as Conditions })),
);

const breakdown: fc.Arbitrary<Breakdown> = fc.oneof(
  property.map((own): Breakdown => ({ kind: "property", property: own })),
  fc.integer({ min: 1, max: 50 }).map((size): Breakdown => ({
    kind: "property",
    property: { name: "amount", source: "events", type: "number" },
    buckets: { size, min: 0, max: 100 },
  })),
  id.map((own): Breakdown => ({ kind: "cohort", id: own, name: `Cohort ${own}` })),
);
const breakdowns = optional(fc.array(breakdown, { minLength: 1, maxLength: 3 }).map((list) => ({ breakdowns: list })));

const range = fc.oneof(
  fc.tuple(day, fc.integer({ min: 0, max: 40 })).map(([from, more]) => ({ from, to: daysAfter(from, more) })),
  fc.record({ last: fc.integer({ min: 1, max: 90 }), unit: fc.constantFrom("day" as const, "week" as const) }),
);
const comparison = optional(
  fc.constantFrom("day" as const, "week" as const, "month" as const)
    .map((value) => ({ comparison: { type: "relative" as const, value } })),
);
const name = optional(fc.constantFrom("Report", "Another").map((own) => ({ name: own })));
const unit = fc.constantFrom("hour" as const, "day" as const, "week" as const, "month" as const);

const measure = fc.oneof(
  fc.constantFrom("total", "unique", "dau").map((math) => ({ math })),
  fc.constantFrom("total", "average", "median", "p90").map((math) => ({
    math,
    property: { name: "amount", source: "events" as const, type: "number" as const },
  })),
  fc.constant({
    math: "average",
    property: { name: "amount", source: "events" as const, type: "number" as const },
    perUser: "total",
  }),
  fc.integer({ min: 1, max: 99 }).map((percentile) => ({
    math: "custom_percentile",
    property: { name: "amount", source: "events" as const, type: "number" as const },
    percentile,
  })),
);

const metric: fc.Arbitrary<Metric> = fc.oneof(
  fc.tuple(event, measure, filter, name, flag("hidden"))
    .map(([own, what, ...more]): Metric =>
      Object.assign(
        { kind: "event" as const, of: { type: "event", event: own }, measure: what } as EventMetric,
        ...more,
      )
    ),
  fc.tuple(
    fc.array(fc.tuple(event, filter).map(([own, where]) => ({ event: own, ...where })), { minLength: 1, maxLength: 3 }),
    measure,
  ).map(([events, what]): Metric => ({ kind: "event", of: { type: "events", name: "Any of", events }, measure: what })),
  id.map((own): Metric => ({ kind: "event", of: { type: "custom_event", id: own }, measure: { math: "total" } })),
  id.map((own): Metric => ({
    kind: "event",
    of: { type: "cohort", id: own, name: "Payers" },
    measure: { math: "unique" },
  })),
  fc.tuple(id, name, flag("hidden")).map(([own, ...more]): Metric =>
    Object.assign({ kind: "saved" as const, id: own }, ...more)
  ),
);

const common = fc.tuple(range, globalFilter, breakdowns, name)
  .map(([days, ...more]) => Object.assign({ range: days }, ...more));

export const arbitraryInsights: fc.Arbitrary<InsightsReport> = fc.tuple(
  common,
  fc.array(metric, { minLength: 1, maxLength: 4 }),
  fc.boolean(),
  fc.oneof(
    fc.constantFrom("linear" as const, "logarithmic" as const, "cumulative" as const).map((kind) => ({ kind })),
    fc.integer({ min: 2, max: 14 }).map((window) => ({ kind: "rolling" as const, window })),
  ),
  unit,
  comparison,
  fc.constantFrom("line", "bar", "table"),
  flag("stacked"),
  flag("relative"),
).map(([shared, metrics, hasFormula, analysis, own, ...more]) => {
  const [compared, chart, ...looks] = more;
  const formula: Metric[] = hasFormula ? [{ kind: "formula", definition: "A * 100", name: "Rate" }] : [];
  return Object.assign(
    { kind: "insights", metrics: [...metrics, ...formula], analysis, unit: own, chart },
    shared,
    compared,
    ...looks,
  );
}).map(plain);

const step: fc.Arbitrary<ReportStep> = fc.oneof(
  fc.tuple(event, filter).map(([own, where]) => ({ event: own, ...where })),
  fc.tuple(id, filter).map(([own, where]) => ({ event: `$custom_event:${own}`, customEventId: own, ...where })),
);

export const arbitraryFunnel: fc.Arbitrary<FunnelReport> = fc.tuple(
  common,
  fc.array(step, { minLength: 2, maxLength: 4 }),
  fc.record({
    order: fc.constantFrom("loose", "any"),
    window: fc.record({ length: fc.integer({ min: 1, max: 30 }), unit: fc.constantFrom("hour", "day", "week") }),
    math: fc.constantFrom("conversion_rate_unique", "conversion_rate_total"),
    unit,
    chart: fc.constantFrom("funnel-steps", "line"),
  }),
  optional(fc.constantFrom("basic", "aggressive", "optimized").map((reentry) => ({ reentry }))),
  optional(
    fc.constant({ holdingConstant: [{ name: "order_id", source: "events", type: "string" }] }),
  ),
  optional(event.map((own) => ({ exclusions: [{ event: own, from: 1, to: 2 }] }))),
).map(([shared, steps, own, ...more]) => Object.assign({ kind: "funnel", steps }, shared, own, ...more)).map(plain);

export const arbitraryRetention: fc.Arbitrary<RetentionReport> = fc.tuple(
  common,
  fc.record({
    birth: step,
    returning: step,
    math: fc.constantFrom("retention_rate", "unique"),
    type: fc.constantFrom("birth", "compounded"),
    interval: fc.constantFrom("day", "week", "month"),
    alignment: fc.constantFrom("birth", "interval_start"),
    unbounded: fc.constantFrom("none", "carry_back", "carry_forward", "consecutive_forward"),
    unit: fc.constantFrom("day", "week", "month"),
    chart: fc.constant("retention-curve"),
  }),
  optional(fc.constant({ buckets: [1, 3, 7] })),
  flag("cumulative"),
).map(([shared, own, ...more]) => Object.assign({ kind: "retention" }, shared, own, ...more)).map(plain);

const anchor: fc.Arbitrary<FlowAnchor> = fc.tuple(
  fc.oneof(
    event.map((own) => ({ event: own })),
    id.map((customEventId) => ({ customEventId })),
    fc.constantFrom("start" as const, "end" as const).map((session) => ({ session })),
  ),
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 5 }),
  filter,
).map(([of, forward, reverse, where]) => ({ of, forward, reverse, ...where }));

export const arbitraryFlows: fc.Arbitrary<FlowsReport> = fc.tuple(
  fc.tuple(range, optional(fc.oneof(all, any).map((one) => ({ filter: one }))), breakdowns)
    .map(([days, ...more]) => Object.assign({ range: days }, ...more)),
  fc.array(anchor, { minLength: 1, maxLength: 2 }),
  fc.record({
    shape: fc.constantFrom("sankey", "paths", "tree"),
    count: fc.constantFrom("unique", "total"),
    window: fc.record({ length: fc.integer({ min: 1, max: 30 }), unit: fc.constantFrom("day", "week") }),
    cardinality: fc.integer({ min: 1, max: 10 }),
  }),
  flag("collapse"),
  optional(fc.constant({ hidden: ["Ping"] })),
).map(([shared, anchors, own, ...more]) => Object.assign({ kind: "flows", anchors }, shared, own, ...more)).map(plain);

export const arbitraryReport: fc.Arbitrary<Report> = fc.oneof(
  arbitraryInsights,
  arbitraryFunnel,
  arbitraryRetention,
  arbitraryFlows,
);
