import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { AnalyticsEvent } from "../../../src/analytics/event.ts";
import type { FlowRules } from "../../../src/analytics/flows/flow_rules.ts";
import { type CountedPath, countPaths } from "../../../src/analytics/flows/flow_tally.ts";
import { timeBuckets } from "../../../src/analytics/time_buckets.ts";
import { slowPeople } from "../../helpers/slow_reports.ts";
import { arbitraryHistory, DAY_MS, eventAt, EventLab, HOUR_MS } from "../event_lab.ts";

const RULES: FlowRules = {
  anchors: [{ label: "Open", names: ["Open"], reverse: 1, forward: 2 }],
  buckets: timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-10", unit: "month" }),
  counting: "unique",
  windowMs: DAY_MS,
  sessions: { timeoutMs: 30 * 60_000, timeZone: "UTC" },
};

/** ann: Start, Open, View, View, Buy, Open, Buy; bob: Open, and a View two days later. */
const LAB = new EventLab([
  ...["Start", "Open", "View", "View", "Buy", "Open", "Buy"].map((name, index) =>
    eventAt(`2026-08-01T10:${String(index * 5).padStart(2, "0")}:00Z`, name, "ann")
  ),
  eventAt("2026-08-02T10:00:00Z", "Open", "bob"),
  eventAt("2026-08-04T10:00:00Z", "View", "bob"),
]);

const shown = (paths: readonly CountedPath[]) =>
  paths.map(({ steps, count }) => `${count} ${steps.map(({ event, column }) => `${event}@${column}`).join(" ")}`);
const count = (rules: Partial<FlowRules>) => shown(countPaths(LAB.view, { ...RULES, ...rules }));

describe("flows", () => {
  it("follow people from their first anchor, both ways, within the window", () => {
    assert.deepEqual(count({}), ["1 Open@0", "1 Start@-1 Open@0 View@1 View@2"]);
  });

  it("take repeated events for one", () => {
    assert.deepEqual(count({ collapsesRepeated: true })[1], "1 Start@-1 Open@0 View@1 Buy@2");
  });

  it("count all ways of a person, or the first of each session", () => {
    assert.deepEqual(count({ counting: "total" }), [
      "1 Buy@-1 Open@0 Buy@1",
      "1 Open@0",
      "1 Start@-1 Open@0 View@1 View@2",
    ]);
    assert.equal(count({ counting: "session", withinSession: true }).length, 2);
  });

  it("pass several anchors in their order, with what lies between", () => {
    const anchors = [
      { label: "Open", names: ["Open"], reverse: 0, forward: 1 },
      { label: "Bought", names: ["Buy"], reverse: 0, forward: 1 },
    ];
    const paths = countPaths(LAB.view, { ...RULES, anchors });
    assert.deepEqual(shown(paths), ["1 Open@0", "1 Open@0 View@1 Bought@2 Open@3"]);
    assert.deepEqual(paths.map(({ isConverted }) => isConverted), [false, true]);
  });

  it("take an anchor of several events for one step", () => {
    const anchors = [{ label: "Begin", names: ["Start", "Open"], reverse: 0, forward: 0 }];
    assert.deepEqual(count({ anchors }), ["2 Begin@0"]);
  });

  it("begin at the start of sessions, leave out what is excluded, and what does not pass", () => {
    const anchors = [{ label: "Session start", session: "start", reverse: 0, forward: 2 }] as const;
    assert.deepEqual(count({ anchors, counting: "unique" }), ["1 Session start@0", "1 Session start@0 Open@1 View@2"]);
    assert.deepEqual(count({ excluded: ["View"] })[1], "1 Start@-1 Open@0 Buy@1 Open@2");
    assert.deepEqual(count({ where: LAB.where('event["name"] != "Start"') })[1], "1 Open@0 View@1 View@2");
  });

  it("equal a computation word by word", () => {
    const asked = fc.record({
      history: arbitraryHistory,
      counting: fc.constantFrom("unique" as const, "total" as const),
      forward: fc.nat(3),
      reverse: fc.nat(2),
      hours: fc.constantFrom(1, 24, 200),
      collapsesRepeated: fc.boolean(),
      excluded: fc.constantFrom([], ["View"]),
    });
    fc.assert(
      fc.property(asked, ({ history, counting, forward, reverse, hours, collapsesRepeated, excluded }) => {
        const lab = new EventLab(history);
        const anchors = [{ label: "Open", names: ["Open"], forward, reverse }];
        const rules = { ...RULES, anchors, counting, windowMs: hours * HOUR_MS, collapsesRepeated, excluded };
        const slow = slowPeople(lab.events).flatMap((person) => {
          return slowPaths(lab.events.filter(({ distinctId }) => distinctId === person), rules);
        });
        const fast = countPaths(lab.view, rules).flatMap(({ steps, count }) =>
          new Array<string>(count).fill(steps.map(({ event, column }) => `${event}@${column}`).join(" "))
        );
        assert.deepEqual(fast.sort(), slow.sort());
      }),
      { numRuns: 300 },
    );
  });
});

function slowPaths(own: readonly AnalyticsEvent[], rules: FlowRules): string[] {
  const [{ forward, reverse }] = rules.anchors as [FlowRules["anchors"][number]];
  const opens = own.filter(({ name, timeMs }) => name === "Open" && rules.buckets.indexOf(timeMs) >= 0);
  return (rules.counting === "unique" ? opens.slice(0, 1) : opens).map((open) => {
    const near = (events: readonly AnalyticsEvent[], most: number) => {
      const seen = events.filter(({ name, timeMs }) => {
        return Math.abs(timeMs - open.timeMs) <= rules.windowMs && !rules.excluded!.includes(name);
      });
      const kept = rules.collapsesRepeated
        ? seen.filter(({ name }, index) => name !== (seen[index - 1]?.name ?? "Open"))
        : seen;
      return kept.slice(0, most).map(({ name }) => name);
    };
    const before = near(own.slice(0, own.indexOf(open)).reverse(), reverse).map((name, index) =>
      `${name}@${-index - 1}`
    );
    const after = near(own.slice(own.indexOf(open) + 1), forward).map((name, index) => `${name}@${index + 1}`);
    return [...before.reverse(), "Open@0", ...after].join(" ");
  });
}
