import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { funnel, funnelBySegment, type FunnelStepResult } from "../../../src/analytics/funnels/funnel.ts";
import type { FunnelRules } from "../../../src/analytics/funnels/funnel_rules.ts";
import { timeBuckets } from "../../../src/analytics/time_buckets.ts";
import { type SlowAttempt, slowAttempts, slowCounts, type SlowFunnel, slowTimes } from "../../helpers/slow_funnel.ts";
import { slowKeys } from "../../helpers/slow_reports.ts";
import { arbitraryHistory, CONDITIONS, DAY_MS, eventAt, EventLab, HOUR_MS, VALUES } from "../event_lab.ts";

const BUCKETS = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-02", unit: "day" });
const RULES: FunnelRules = {
  steps: [{ event: "Open" }, { event: "View" }, { event: "Buy" }],
  buckets: BUCKETS,
  windowMs: DAY_MS,
};

const counts = (steps: FunnelStepResult[]) => steps.map(({ count }) => count);
const times = (steps: FunnelStepResult[]) => steps.map((step) => [step.avg_time, step.avg_time_from_start]);

describe("funnel", () => {
  it("counts users by how far they get, with shares and times", () => {
    const { view } = new EventLab([
      eventAt("2026-08-01T10:00:00Z", "Open", "ann"),
      eventAt("2026-08-01T10:01:00Z", "View", "ann"),
      eventAt("2026-08-01T10:04:00Z", "Buy", "ann"),
      eventAt("2026-08-01T11:00:00Z", "Open", "bob"),
      eventAt("2026-08-01T11:03:00Z", "View", "bob"),
      eventAt("2026-08-01T12:00:00Z", "Open", "cat"),
      eventAt("2026-08-01T11:00:00Z", "View", "cat"),
      eventAt("2026-08-01T12:00:00Z", "View", "dan"),
    ]);
    const step = (event: string, count: number) => ({ count, goal: event, event, step_label: event });
    assert.deepEqual(funnel(view, RULES), {
      "2026-08-01": {
        steps: [
          { ...step("Open", 3), step_conv_ratio: 1, overall_conv_ratio: 1, avg_time: null, avg_time_from_start: null },
          {
            ...step("View", 2),
            step_conv_ratio: 2 / 3,
            overall_conv_ratio: 2 / 3,
            avg_time: 120,
            avg_time_from_start: 120,
          },
          {
            ...step("Buy", 1),
            step_conv_ratio: 0.5,
            overall_conv_ratio: 1 / 3,
            avg_time: 180,
            avg_time_from_start: 240,
          },
        ],
        analysis: { completion: 1, starting_amount: 3, steps: 3, worst: 2 },
      },
      "2026-08-02": {
        steps: ["Open", "View", "Buy"].map((event, index) => ({
          ...step(event, 0),
          step_conv_ratio: index === 0 ? 1 : 0,
          overall_conv_ratio: index === 0 ? 1 : 0,
          avg_time: null,
          avg_time_from_start: null,
        })),
        analysis: { completion: 0, starting_amount: 0, steps: 3, worst: 1 },
      },
    });
  });

  it("counts completions after the last day, up to the window's last moment", () => {
    const { view } = new EventLab([
      eventAt("2026-08-02T23:00:00Z", "Open", "ann"),
      eventAt("2026-08-03T01:00:00Z", "View", "ann"),
      eventAt("2026-08-03T23:00:00Z", "Buy", "ann"),
      eventAt("2026-08-02T23:00:00Z", "Open", "bob"),
      eventAt("2026-08-03T23:00:00.001Z", "View", "bob"),
    ]);
    assert.deepEqual(counts(funnel(view, RULES)["2026-08-02"].steps), [2, 1, 1]);
  });

  it("counts a person in the period of their first entry only", () => {
    const { view } = new EventLab([
      eventAt("2026-08-01T01:00:00Z", "Open"),
      eventAt("2026-08-02T01:00:00Z", "Open"),
    ]);
    const report = funnel(view, { ...RULES, windowMs: HOUR_MS });
    assert.deepEqual(Object.values(report).map(({ steps }) => counts(steps)), [[1, 0, 0], [0, 0, 0]]);
  });

  it("needs an event for each step, also when steps are alike", () => {
    const rules = { ...RULES, steps: [{ event: "Open" }, { event: "Open" }] };
    const once = new EventLab([eventAt("2026-08-01T01:00:00Z")]);
    assert.deepEqual(counts(funnel(once.view, rules)["2026-08-01"].steps), [1, 0]);
    const twice = new EventLab([eventAt("2026-08-01T01:00:00Z"), eventAt("2026-08-01T01:00:00Z")]);
    assert.deepEqual(counts(funnel(twice.view, rules)["2026-08-01"].steps), [1, 1]);
  });

  it("applies the filters of a step and of all steps", () => {
    const lab = new EventLab([
      eventAt("2026-08-01T01:00:00Z", "Open", "ann", { ok: true, step: 1 }),
      eventAt("2026-08-01T02:00:00Z", "Open", "bob", { ok: true }),
      eventAt("2026-08-01T02:00:00Z", "Open", "cat", { step: 1 }),
    ]);
    const steps = [{ event: "Open", where: lab.where(`properties["step"] == 1`) }];
    const rules: FunnelRules = { ...RULES, steps, where: lab.where(`properties["ok"]`) };
    assert.deepEqual(counts(funnel(lab.view, rules)["2026-08-01"].steps), [1]);
  });
});

const name = fc.constantFrom("Open", "View", "Buy");
const condition = fc.option(fc.constantFrom(...CONDITIONS), { nil: undefined });
const arbitraryRules = fc.record({
  steps: fc.array(fc.record({ event: name, where: condition, inAnyOrder: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  }),
  windowMs: fc.constantFrom(3000, HOUR_MS, 30 * HOUR_MS, 8 * DAY_MS),
  windowSessions: fc.constantFrom(undefined, undefined, 1, 2),
  where: condition,
  counting: fc.constantFrom("uniques", "totals", "sessions"),
  exclusions: fc.array(fc.record({ event: name, where: condition, after: fc.nat(2), span: fc.constantFrom(1, 2) }), {
    maxLength: 2,
  }),
  holding: fc.array(fc.constantFrom(`properties["value"]`, `properties["ok"]`), { maxLength: 2 }),
  reentersOptimally: fc.boolean(),
  sessions: fc.constantFrom(undefined, { timeoutMs: 90 * 60_000, timeZone: "Europe/Berlin" }),
});

/** The same rules for both computations. */
function both(lab: EventLab, rules: (typeof arbitraryRules) extends fc.Arbitrary<infer R> ? R : never) {
  const { steps, exclusions, where, holding, ...rest } = rules;
  const buckets = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-09", unit: "day", interval: 3 });
  const between = exclusions.map(({ span, ...exclusion }) => ({ ...exclusion, before: exclusion.after + span }))
    .filter(({ before }) => before < steps.length);
  const fast: FunnelRules = {
    ...rest,
    buckets,
    steps: steps.map((step) => ({ ...step, where: step.where && lab.where(step.where) })),
    exclusions: between.map((step) => ({ ...step, where: step.where && lab.where(step.where) })),
    where: where && lab.where(where),
    holding: holding.map((text) => lab.on(text)),
  };
  const slow: SlowFunnel = {
    ...rest,
    buckets,
    steps: steps.map((step) => ({ ...step, where: step.where && EventLab.slowWhere(step.where) })),
    exclusions: between.map((step) => ({ ...step, where: step.where && EventLab.slowWhere(step.where) })),
    where: where && EventLab.slowWhere(where),
    holding: holding.map((text) => EventLab.slowOn(text)),
  };
  return { fast, slow };
}

function assertSame(
  steps: FunnelStepResult[],
  attempts: SlowAttempt[],
  slow: SlowFunnel,
  key: string,
  segment = "all",
) {
  assert.deepEqual(counts(steps), slowCounts(attempts, slow, key, segment), `${segment} in ${key}`);
  assert.deepEqual(times(steps), slowTimes(attempts, slow, key, segment), `${segment} in ${key}`);
}

describe("a funnel over columns", () => {
  it("is what the rules say word by word, in every mode", () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryRules, (history, rules) => {
        const lab = new EventLab(history);
        const { fast, slow } = both(lab, rules);
        const attempts = slowAttempts(lab.events, slow);
        const report = funnel(lab.view, fast);
        assert.deepEqual(Object.keys(report), ["2026-08-01", "2026-08-04", "2026-08-07"]);
        for (const [key, { steps }] of Object.entries(report)) assertSame(steps, attempts, slow, key);
      }),
      { numRuns: 500 },
    );
  });

  it("is what the rules say word by word, also by segment", () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryRules, fc.constantFrom(...VALUES), (history, rules, value) => {
        const lab = new EventLab(history);
        const { fast, slow } = both(lab, rules);
        const slowOn = EventLab.slowOn(value);
        const overall = slowAttempts(lab.events, slow);
        const split = slowAttempts(lab.events, { ...slow, segmentsOf: (event) => slowKeys(slowOn(event)) });
        const report = funnelBySegment(lab.view, { ...fast, on: lab.on(value), limit: 1000 });
        for (const [key, { $overall, ...segments }] of Object.entries(report)) {
          assertSame($overall, overall, slow, key);
          assert.deepEqual(new Set(Object.keys(segments)), new Set(split.map(({ segment }) => segment)));
          for (const [segment, steps] of Object.entries(segments)) assertSame(steps, split, slow, key, segment);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("counts an entry once whose attempt ends with what happened just before it", () => {
    const lab = new EventLab([
      eventAt("2026-08-01T01:00:00Z", "View", "ann"),
      eventAt("2026-08-01T01:00:01Z", "Open", "ann"),
    ]);
    const steps = [{ event: "Open" }, { event: "Open" }];
    const rules = { ...RULES, steps, counting: "totals" as const, exclusions: [{ event: "View" }] };
    assert.deepEqual(counts(funnel(lab.view, rules)["2026-08-01"]!.steps), [1, 0]);
  });

  it("keeps the largest segments", () => {
    const lab = new EventLab([
      eventAt("2026-08-01T01:00:00Z", "Open", "ann", { value: "US" }),
      eventAt("2026-08-01T02:00:00Z", "Open", "bob", { value: "DE" }),
      eventAt("2026-08-01T03:00:00Z", "Open", "cat", { value: "DE" }),
    ]);
    const report = funnelBySegment(lab.view, { ...RULES, on: lab.on(`properties["value"]`), limit: 1 })["2026-08-01"];
    assert.deepEqual(Object.keys(report), ["$overall", "DE"]);
  });
});
