import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { funnel, funnelBySegment, type FunnelStepResult } from "../../src/analytics/funnel.ts";
import type { FunnelRules } from "../../src/analytics/funnel_attempts.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { arbitraryEvents, DAY_MS, eventAt } from "./arbitrary_events.ts";

const BUCKETS = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-02", unit: "day" });
const RULES: FunnelRules = {
  steps: [{ event: "Open" }, { event: "View" }, { event: "Buy" }],
  buckets: BUCKETS,
  windowMs: DAY_MS,
};
const HOUR_MS = DAY_MS / 24;

const counts = (steps: FunnelStepResult[]) => steps.map(({ count }) => count);

/** How far one can get from an entry, by trying every later event for every step. */
function slowDepths(events: AnalyticsEvent[], entry: AnalyticsEvent, rules: FunnelRules): number[] {
  let reached = [{ event: entry, timesMs: [entry.timeMs] }];
  for (const step of rules.steps.slice(1)) {
    const position = (event: AnalyticsEvent) => events.indexOf(event);
    const next = reached.flatMap(({ event, timesMs }) =>
      events.filter((later) =>
        later.name === step.event && later.distinctId === entry.distinctId && later.timeMs >= event.timeMs &&
        (later.timeMs > event.timeMs || position(later) > position(event)) &&
        later.timeMs - entry.timeMs <= rules.windowMs
      ).map((later) => ({ event: later, timesMs: [...timesMs, later.timeMs] }))
    );
    // Of all ways to get here, the one that is here first leaves most open.
    if (next.length === 0) break;
    reached = [next.reduce((one, other) => isBefore(other.event, one.event, events) ? other : one)];
  }
  return reached[0].timesMs;
}

function isBefore(one: AnalyticsEvent, other: AnalyticsEvent, events: AnalyticsEvent[]): boolean {
  return one.timeMs - other.timeMs < 0 || (one.timeMs === other.timeMs && events.indexOf(one) < events.indexOf(other));
}

/** Counts of each step for one bucket, from the furthest attempt of each user. */
function slowCounts(events: AnalyticsEvent[], rules: FunnelRules, key: string, isEntry = (_: AnalyticsEvent) => true) {
  const furthest = new Map<string, number>();
  for (const event of events) {
    if (event.name !== rules.steps[0].event || rules.buckets.bucketOf(event.timeMs) !== key || !isEntry(event)) {
      continue;
    }
    const depth = slowDepths(events, event, rules).length;
    furthest.set(event.distinctId, Math.max(depth, furthest.get(event.distinctId) ?? 0));
  }
  return rules.steps.map((_, index) => [...furthest.values()].filter((depth) => depth > index).length);
}

describe("funnel", () => {
  it("counts users by how far they get, with shares and times", () => {
    const events = [
      eventAt("2026-08-01T10:00:00Z", "Open", "ann"),
      eventAt("2026-08-01T10:01:00Z", "View", "ann"),
      eventAt("2026-08-01T10:04:00Z", "Buy", "ann"),
      eventAt("2026-08-01T11:00:00Z", "Open", "bob"),
      eventAt("2026-08-01T11:03:00Z", "View", "bob"),
      eventAt("2026-08-01T12:00:00Z", "Open", "cat"),
      eventAt("2026-08-01T11:00:00Z", "View", "cat"),
      eventAt("2026-08-01T12:00:00Z", "View", "dan"),
    ];
    const step = (event: string, count: number) => ({ count, goal: event, event });
    assert.deepEqual(funnel(events, RULES), {
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
    const events = [
      eventAt("2026-08-02T23:00:00Z", "Open", "ann"),
      eventAt("2026-08-03T01:00:00Z", "View", "ann"),
      eventAt("2026-08-03T23:00:00Z", "Buy", "ann"),
      eventAt("2026-08-02T23:00:00Z", "Open", "bob"),
      eventAt("2026-08-03T23:00:00.001Z", "View", "bob"),
    ];
    assert.deepEqual(counts(funnel(events, RULES)["2026-08-02"].steps), [2, 1, 1]);
  });

  it("lets a user try again, and counts the attempt that gets furthest", () => {
    const rules = { ...RULES, windowMs: HOUR_MS };
    const events = [
      eventAt("2026-08-01T01:00:00Z", "Open"),
      eventAt("2026-08-01T09:00:00Z", "Open"),
      eventAt("2026-08-01T09:10:00Z", "View"),
      eventAt("2026-08-01T09:20:00Z", "Buy"),
    ];
    const { steps } = funnel(events, rules)["2026-08-01"];
    assert.deepEqual(counts(steps), [1, 1, 1]);
    assert.equal(steps[2].avg_time_from_start, 1200);
  });

  it("takes the first of attempts that get equally far", () => {
    const events = [
      eventAt("2026-08-01T01:00:00Z", "Open"),
      eventAt("2026-08-01T03:00:00Z", "Open"),
      eventAt("2026-08-01T04:00:00Z", "View"),
    ];
    assert.equal(funnel(events, RULES)["2026-08-01"].steps[1].avg_time, 3 * 3600);
  });

  it("needs an event for each step, also when steps are alike", () => {
    const rules = { ...RULES, steps: [{ event: "Open" }, { event: "Open" }] };
    const once = [eventAt("2026-08-01T01:00:00Z")];
    assert.deepEqual(counts(funnel(once, rules)["2026-08-01"].steps), [1, 0]);
    const twice = [eventAt("2026-08-01T01:00:00Z"), eventAt("2026-08-01T01:00:00Z")];
    assert.deepEqual(counts(funnel(twice, rules)["2026-08-01"].steps), [1, 1]);
  });

  it("applies the filters of a step and of all steps", () => {
    const events = [
      eventAt("2026-08-01T01:00:00Z", "Open", "ann", { ok: true, step: 1 }),
      eventAt("2026-08-01T02:00:00Z", "Open", "bob", { ok: true }),
      eventAt("2026-08-01T02:00:00Z", "Open", "cat", { step: 1 }),
    ];
    const rules: FunnelRules = {
      ...RULES,
      steps: [{ event: "Open", where: (event) => event.properties.step === 1 }],
      where: (event) => event.properties.ok === true,
    };
    assert.deepEqual(counts(funnel(events, rules)["2026-08-01"].steps), [1]);
  });

  it("is what trying every combination of events gives, in any order of arrival", () => {
    const sequences = fc.array(fc.constantFrom("Open", "View", "Buy"), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(arbitraryEvents, sequences, fc.constantFrom(1, 30, 200), (events, names, hours) => {
        const buckets = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-09", unit: "day", interval: 3 });
        const rules = { steps: names.map((event) => ({ event })), buckets, windowMs: hours * HOUR_MS };
        const report = funnel(events, rules);
        assert.deepEqual(Object.keys(report), ["2026-08-01", "2026-08-04", "2026-08-07"]);
        for (const [key, { steps }] of Object.entries(report)) {
          assert.deepEqual(counts(steps), slowCounts(events, rules, key));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("funnelBySegment", () => {
  const on = (event: AnalyticsEvent) => event.properties.value;

  it("splits by the first step's event, and counts a user once over all", () => {
    const events = [
      eventAt("2026-08-01T01:00:00Z", "Open", "ann", { value: "US" }),
      eventAt("2026-08-01T02:00:00Z", "View", "ann", { value: "DE" }),
      eventAt("2026-08-01T03:00:00Z", "Open", "ann", { value: "DE" }),
      eventAt("2026-08-01T03:00:00Z", "Open", "bob", { value: "DE" }),
    ];
    const report = funnelBySegment(events, { ...RULES, on })["2026-08-01"];
    assert.deepEqual(Object.keys(report), ["$overall", "DE", "US"]);
    assert.deepEqual(counts(report.$overall), [2, 1, 0]);
    assert.deepEqual(counts(report.US), [1, 1, 0]);
    assert.deepEqual(counts(report.DE), [2, 0, 0]);
    const smaller = funnelBySegment(events, { ...RULES, on, limit: 1 })["2026-08-01"];
    assert.deepEqual(Object.keys(smaller), ["$overall", "DE"]);
  });

  it("is what the furthest attempts that start in each segment give", () => {
    fc.assert(
      fc.property(arbitraryEvents, (events) => {
        const rules = { ...RULES, windowMs: 30 * HOUR_MS };
        for (const [key, segments] of Object.entries(funnelBySegment(events, { ...rules, on }))) {
          assert.deepEqual(counts(segments.$overall), slowCounts(events, rules, key));
          for (const segment of ["US", "1"].filter((each) => Object.hasOwn(segments, each))) {
            const expected = slowCounts(events, rules, key, ({ properties }) => String(properties.value) === segment);
            assert.deepEqual(counts(segments[segment]), expected);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
