/** The examples of Mixpanel's pages on funnels ("Advanced concepts" and its questions), with the numbers given there. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { funnel, funnelBySegment } from "../../../src/analytics/funnels/funnel.ts";
import { checkRules, type FunnelRules, LARGEST_WINDOW } from "../../../src/analytics/funnels/funnel_rules.ts";
import { timeBuckets } from "../../../src/analytics/time_buckets.ts";
import { DAY_MS, eventAt, EventLab, HOUR_MS } from "../event_lab.ts";

const buckets = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-02", unit: "day", interval: 2 });
const KEY = "2026-08-01";

/** `A 13:00, B 13:45:01 item=shirt`: what one person did on the first day. */
function journeyOf(text: string): EventLab {
  return new EventLab(
    text.split(", ").map((part) => {
      const [name, time, ...pairs] = part.split(" ");
      const properties = Object.fromEntries(pairs.map((pair) => pair.split("=")));
      return eventAt(`2026-08-01T${time!.padEnd(8, ":00")}Z`, name, "ann", properties);
    }),
  );
}

interface Example {
  what: string;
  did: string;
  /** `A B C`, with `*` for steps in any order. */
  steps: string;
  counts: number[];
  rules?: Partial<Omit<FunnelRules, "holding">>;
  holding?: string[];
  /** Seconds from the first step to the last. */
  seconds?: number;
}

const hour = { windowMs: HOUR_MS };
const optimally = { reentersOptimally: true };
const totals = { counting: "totals" as const };
const excludingA = { exclusions: [{ event: "A" }] };
const exclude = (after?: number, before?: number) => ({ exclusions: [{ event: "X", after, before }] });
const sessions = { counting: "sessions" as const, sessions: { timeoutMs: 30 * 60_000, timeZone: "UTC" } };

const EXAMPLES: Example[] = [
  {
    what: "Conversion Window: the second A does not reset the timer",
    did: "A 13:00, A 13:30, B 13:45, C 14:15",
    steps: "A B C",
    rules: hour,
    counts: [1, 1, 0],
  },
  {
    what: "Scenario 1, default: only the first entry is considered",
    did: "A 01:00, A 03:00, B 03:30",
    steps: "A B",
    rules: hour,
    counts: [1, 0],
  },
  {
    what: "Scenario 1, optimized: the later entry converts within its window",
    did: "A 01:00, A 03:00, B 03:30",
    steps: "A B",
    rules: { ...hour, ...optimally },
    counts: [1, 1],
    seconds: 1800,
  },
  {
    what: "Scenario 2, default: an entry while the first one is active is ignored",
    did: "A 01:00, A 01:30, B 02:15",
    steps: "A B",
    rules: hour,
    counts: [1, 0],
  },
  {
    what: "Scenario 2, optimized: half of two entries convert",
    did: "A 01:00, A 01:30, B 02:15",
    steps: "A B",
    rules: { ...hour, ...optimally, ...totals },
    counts: [2, 1],
  },
  {
    what: "optimized, note 1: only the first converted funnel counts for uniques",
    did: "A 01:00, B 01:01, A 01:10, B 01:30",
    steps: "A B",
    rules: optimally,
    counts: [1, 1],
    seconds: 60,
  },
  {
    what: "optimized, notes 3 and 4: of several A before B it is the latest, also for the time to convert",
    did: "A 01:00, A 01:10, A 01:20, B 01:30",
    steps: "A B",
    rules: optimally,
    counts: [1, 1],
    seconds: 600,
  },
  {
    what: "default, note 4: the time to convert is that of the first A",
    did: "A 01:00, A 01:10, A 01:20, B 01:30",
    steps: "A B",
    counts: [1, 1],
    seconds: 1800,
  },
  {
    what: "Specific order 1: in exact order",
    did: "A 01:00, B 01:01, C 01:02, D 01:03, E 01:04",
    steps: "A B C D E",
    counts: [1, 1, 1, 1, 1],
  },
  {
    what: "Specific order 2: with something else between",
    did: "A 01:00, B 01:01, F 01:02, C 01:03, D 01:04, E 01:05",
    steps: "A B C D E",
    counts: [1, 1, 1, 1, 1],
  },
  {
    what: "Specific order 3: D before C, and again after it",
    did: "A 01:00, B 01:01, D 01:02, C 01:03, D 01:04, E 01:05",
    steps: "A B C D E",
    counts: [1, 1, 1, 1, 1],
  },
  {
    what: "Specific order 4: E without D",
    did: "A 01:00, B 01:01, C 01:02, E 01:03",
    steps: "A B C D E",
    counts: [1, 1, 1, 0, 0],
  },
  {
    what: "Any order: a form is filled in from any end, and then sent",
    did: "C 01:00, A 01:01, B 01:02, Send 01:03",
    steps: "A* B* C* Send",
    counts: [1, 1, 1, 1],
  },
  {
    what: "Any order: the steps before an anchor come before it",
    did: "C 01:00, A 01:01, Send 01:02, B 01:03",
    steps: "A* B* C* Send",
    counts: [1, 1, 1, 0],
  },
  {
    what: "Any order: not before the anchor that precedes it",
    did: "B 01:00, A 01:01, C 01:02",
    steps: "A B* C*",
    counts: [1, 1, 0],
  },
  {
    what: "Exclusion 1: two entries and one conversion",
    did: "A 01:00, A 01:10, A 01:20, B 01:30",
    steps: "A B",
    rules: { ...totals, ...excludingA },
    counts: [2, 1],
  },
  {
    what: "Exclusion 2: whoever did it keeps the steps before",
    did: "A 01:00, B 01:10, X 01:20, C 01:30",
    steps: "A B C",
    rules: exclude(),
    counts: [1, 1, 0],
  },
  {
    what: "Exclusion between two steps does nothing between others",
    did: "A 01:00, B 01:10, X 01:20, C 01:30",
    steps: "A B C",
    rules: exclude(0, 1),
    counts: [1, 1, 1],
  },
  {
    what: "Exclusion 4: the same grace, so that X just before A counts as after it",
    did: "X 01:00:00, A 01:00:02, B 01:30",
    steps: "A B",
    rules: exclude(),
    counts: [1, 0],
  },
  {
    what: "Exclusion before the time of grace does nothing",
    did: "X 01:00:00, A 01:00:03, B 01:30",
    steps: "A B",
    rules: exclude(),
    counts: [1, 1],
  },
  {
    what: "Uniques: they enter the first time that they track step 1",
    did: "A 01:00, B 01:10, A 02:00, B 02:10",
    steps: "A B",
    counts: [1, 1],
  },
  {
    what: "Totals: they enter again after conversion",
    did: "A 01:00, B 01:10, A 02:00, B 02:10",
    steps: "A B",
    rules: totals,
    counts: [2, 2],
  },
  {
    what: "Totals: they enter again after the time out",
    did: "A 01:00, A 02:00, A 02:01, B 02:10",
    steps: "A B",
    rules: { ...totals, ...hour },
    counts: [2, 1],
  },
  {
    what: "Totals: step 1 twice before step 2 is one entry",
    did: "A 01:00, A 01:10, B 01:20",
    steps: "A B",
    rules: totals,
    counts: [1, 1],
  },
  {
    what: "Sessions: once in each session",
    did: "A 01:00, A 01:10, B 01:20, A 03:00, A 05:00, B 05:01",
    steps: "A B",
    rules: { ...sessions, windowSessions: 1 },
    counts: [3, 2],
  },
  {
    what: "Sessions end after 30 minutes without an event; any event keeps them alive",
    did: "A 13:00, F 13:10, B 13:40, A 15:00, B 15:31",
    steps: "A B",
    rules: { ...sessions, windowSessions: 1 },
    counts: [2, 1],
  },
  {
    what: "Sessions are reset at midnight",
    did: "A 23:50, B 24:05",
    steps: "A B",
    rules: { ...sessions, windowSessions: 1 },
    counts: [1, 0],
  },
  {
    what: "a window of two sessions reaches over midnight",
    did: "A 23:50, B 24:05",
    steps: "A B",
    rules: { ...sessions, windowSessions: 2 },
    counts: [1, 1],
  },
  {
    what: "Simultaneous events: B within two seconds before A",
    did: "B 01:00:00, A 01:00:02",
    steps: "A B",
    counts: [1, 1],
    seconds: 0,
  },
  {
    what: "Simultaneous events: three seconds are too many",
    did: "B 01:00:00, A 01:00:03",
    steps: "A B",
    counts: [1, 0],
  },
  {
    what: "Hold constant: every step with the same item",
    did: "A 01:00 item=shirt, B 01:10 item=jeans, B 01:20 item=shirt, C 01:30 item=jeans",
    steps: "A B C",
    holding: ["item"],
    counts: [1, 1, 0],
  },
  {
    what: "Hold constant: all of two properties",
    did: "A 01:00 item=shirt size=1, B 01:10 item=shirt size=2, B 01:20 item=shirt",
    steps: "A B",
    holding: ["item", "size"],
    counts: [1, 0],
  },
  {
    what: "Hold constant, uniques: the value of the first step 1",
    did: "A 01:00 item=shirt, A 01:10 item=jeans, B 01:20 item=jeans",
    steps: "A B",
    holding: ["item"],
    counts: [1, 0],
  },
  {
    what: "Hold constant, totals: the value of each new entry",
    did: "A 01:00 item=shirt, A 02:10 item=jeans, B 02:20 item=jeans",
    steps: "A B",
    holding: ["item"],
    rules: { ...totals, ...hour },
    counts: [2, 1],
  },
];

describe("the documented examples of funnels", () => {
  for (const { what, did, steps, counts, rules, holding = [], seconds } of EXAMPLES) {
    it(what, () => {
      // Hours past midnight are the next day's.
      const lab = did.includes("24:05")
        ? new EventLab([eventAt("2026-08-01T23:50:00Z", "A"), eventAt("2026-08-02T00:05:00Z", "B")])
        : journeyOf(did);
      const report = funnel(lab.view, {
        steps: steps.split(" ").map((step) => ({ event: step.replace("*", ""), inAnyOrder: step.endsWith("*") })),
        buckets,
        windowMs: 7 * DAY_MS,
        holding: holding.map((property) => lab.on(`properties["${property}"]`)),
        ...rules,
      });
      const results = report[KEY]!.steps;
      assert.deepEqual(results.map(({ count }) => count), counts);
      if (seconds !== undefined) assert.equal(results.at(-1)!.avg_time_from_start, seconds);
    });
  }

  const shopping = journeyOf(
    "Browse 01:00 item=shirt, Browse 01:10 item=jeans, Add 01:20, Browse 01:30 item=shoes",
  );
  const steps = [{ event: "Browse" }, { event: "Add" }];
  const bySegment = (rules: Partial<FunnelRules>) => {
    const on = shopping.on(`properties["item"]`);
    const report = funnelBySegment(shopping.view, { steps, buckets, windowMs: 7 * DAY_MS, on, ...rules })[KEY]!;
    return Object.fromEntries(Object.entries(report).map(([key, results]) => [key, results.map(({ count }) => count)]));
  };

  it("User count in breakdown: two entries, shirt and shoes, with one conversion on shirt", () => {
    assert.deepEqual(bySegment({}), { $overall: [1, 1], shirt: [1, 1], shoes: [1, 0] });
  });

  it("User count in breakdown: whoever holds a property constant need not exit to enter another segment", () => {
    const holding = [shopping.on(`properties["item"]`)];
    assert.deepEqual(bySegment({ holding }), { $overall: [1, 0], jeans: [1, 0], shirt: [1, 0], shoes: [1, 0] });
  });

  it("Inline filters: the first View Item on Safari begins, and a Purchase without a browser is none", () => {
    const lab = journeyOf(
      "View 01:00 browser=Chrome, View 02:30 browser=Safari, Add 02:40 browser=Safari, Purchase 02:50",
    );
    const safari = lab.where(`properties["browser"] == "Safari"`);
    const counts = (wheres: (typeof safari | undefined)[]) =>
      funnel(lab.view, {
        steps: ["View", "Add", "Purchase"].map((event, index) => ({ event, where: wheres[index] })),
        buckets,
        ...hour,
      })[KEY]!.steps.map(({ count }) => count);
    assert.deepEqual(counts([]), [1, 0, 0]);
    assert.deepEqual(counts([safari]), [1, 1, 1]);
    assert.deepEqual(counts([safari, safari, safari]), [1, 1, 0]);
  });

  it("the largest windows are 367 days and 12 sessions, and at most 3 properties are held constant", () => {
    const rules = { steps, buckets, windowMs: LARGEST_WINDOW.day * DAY_MS, windowSessions: 12 };
    const held = shopping.on(`properties["item"]`);
    checkRules({ ...rules, holding: [held, held, held] });
    assert.throws(() => checkRules({ ...rules, windowMs: rules.windowMs + 1 }), /at most 367 days/);
    assert.throws(() => checkRules({ ...rules, windowSessions: 13 }), /1 to 12 sessions, not 13/);
    assert.throws(() => checkRules({ ...rules, holding: [held, held, held, held] }), /at most 3 properties/);
    assert.throws(() => checkRules({ ...rules, exclusions: [{ event: "X", after: 1 }] }), /between two steps/);
    assert.throws(() => checkRules({ ...rules, steps: [] }), /at least one step/);
  });
});
