import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { returnRates, type ReturnRatesQuery } from "../../src/analytics/return_rates.ts";
import { segmentKeys } from "../../src/analytics/segment_key.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { slowKeys, slowPeople } from "../helpers/slow_reports.ts";
import { arbitraryHistory, CONDITIONS, DAY_MS, eventAt, EventLab } from "./event_lab.ts";

const BUCKETS = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-04", unit: "day" });
const QUERY: ReturnRatesQuery = {
  born: { names: ["Open"] },
  returned: { names: ["Buy"] },
  kind: "birth",
  buckets: BUCKETS,
  endsOf: () => [DAY_MS, 2 * DAY_MS, 3 * DAY_MS, 4 * DAY_MS],
  bucketCount: 4,
  unbounded: "none",
  countsEvents: false,
  limit: 10,
};

/** ann opens on the first day, and buys on the second and the fourth day after it. */
const LAB = new EventLab([
  eventAt("2026-08-01T10:00:00Z", "Open", "ann", { plan: "pro" }),
  eventAt("2026-08-02T11:00:00Z", "Buy", "ann"),
  eventAt("2026-08-04T11:00:00Z", "Buy", "ann"),
  eventAt("2026-08-04T12:00:00Z", "Buy", "ann"),
  eventAt("2026-08-01T12:00:00Z", "Open", "bob", { plan: "free" }),
  eventAt("2026-07-31T12:00:00Z", "Open", "cat"),
  eventAt("2026-08-01T12:00:00Z", "Open", "cat"),
]);

const first = (query: Partial<ReturnRatesQuery>) => returnRates(LAB.view, { ...QUERY, ...query }).overall[0];

describe("return rates", () => {
  it("count everybody in the 0th bucket, and then who comes back in each", () => {
    assert.deepEqual(first({}), { first: 2, counts: [2, 1, 0, 1] });
  });

  it("carry those who come back to the buckets before or after, or as long as they come in each", () => {
    assert.deepEqual(first({ unbounded: "carry_back" })?.counts, [2, 1, 1, 1]);
    assert.deepEqual(first({ unbounded: "carry_forward" })?.counts, [2, 1, 1, 1]);
    assert.deepEqual(first({ unbounded: "consecutive_forward" })?.counts, [2, 1, 0, 0]);
  });

  it("count events in place of people", () => {
    assert.deepEqual(first({ countsEvents: true })?.counts, [0, 1, 0, 2]);
  });

  it("split by the event with which people are born, largest first", () => {
    const on = { value: LAB.on('properties["plan"]'), keysOf: segmentKeys };
    const { segments, isCut } = returnRates(LAB.view, { ...QUERY, on, limit: 1 });
    assert.deepEqual([...segments.keys()], ["free"]);
    assert.equal(isCut, true);
  });

  it("equal a computation word by word", () => {
    const asked = fc.record({
      history: arbitraryHistory,
      kind: fc.constantFrom("birth" as const, "compounded" as const),
      unbounded: fc.constantFrom("none", "carry_back", "carry_forward", "consecutive_forward" as const),
      countsEvents: fc.boolean(),
      where: fc.option(fc.constantFrom(...CONDITIONS), { nil: undefined }),
      born: fc.constantFrom("Open", "Buy"),
    });
    fc.assert(
      fc.property(asked, ({ history, kind, unbounded, countsEvents, where, born }) => {
        const lab = new EventLab(history);
        const query = {
          ...QUERY,
          kind,
          unbounded: unbounded as ReturnRatesQuery["unbounded"],
          countsEvents,
          born: { names: [born] },
          returned: { names: ["Buy", "View"], where: where === undefined ? undefined : lab.where(where) },
          on: { value: lab.on('properties["value"]'), keysOf: segmentKeys },
          limit: Infinity,
        };
        const passes = where === undefined ? () => true : EventLab.slowWhere(where);
        const births = slowBirths(lab.events, born, kind);
        const slow = (own: AnalyticsEvent[]) =>
          BUCKETS.keys.map((_, period) => {
            const here = own.filter(({ timeMs }) => BUCKETS.indexOf(timeMs) === period);
            const counted = here.map((birth) => slowCounts(lab.events, birth, passes, query));
            return {
              first: here.length,
              counts: [0, 1, 2, 3].map((at) => counted.reduce((sum, one) => sum + one[at]!, 0)),
            };
          });
        const { overall, segments } = returnRates(lab.view, query);
        assert.deepEqual(overall, slow(births));
        for (const [key, rows] of segments) {
          assert.deepEqual(
            rows,
            slow(births.filter(({ properties }) => slowKeys(properties.value).includes(key))),
            key,
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** `birth`: a person's first event of the name, if it is in the range; `compounded`: the first of each period. */
function slowBirths(events: readonly AnalyticsEvent[], name: string, kind: "birth" | "compounded"): AnalyticsEvent[] {
  return slowPeople(events).flatMap((person) => {
    const own = events.filter((event) => event.distinctId === person && event.name === name);
    const chosen = kind === "birth" ? own.slice(0, 1) : own.filter((event, index) => {
      const period = BUCKETS.indexOf(event.timeMs);
      return own.findIndex(({ timeMs }) => BUCKETS.indexOf(timeMs) === period) === index;
    });
    return chosen.filter(({ timeMs }) => BUCKETS.indexOf(timeMs) >= 0);
  });
}

function slowCounts(
  events: readonly AnalyticsEvent[],
  birth: AnalyticsEvent,
  passes: (event: AnalyticsEvent) => boolean,
  { unbounded, countsEvents }: ReturnRatesQuery,
): number[] {
  const returns = events.filter((event) => {
    return event !== birth && event.distinctId === birth.distinctId && event.timeMs >= birth.timeMs &&
      ["Buy", "View"].includes(event.name) && passes(event);
  });
  const byBucket = [0, 1, 2, 3].map((bucket) =>
    returns.filter(({ timeMs }) => Math.floor((timeMs - birth.timeMs) / DAY_MS) === bucket).length
  );
  if (countsEvents) return byBucket;
  const came = [true, byBucket[1]! > 0, byBucket[2]! > 0, byBucket[3]! > 0];
  return came.map((isThere, bucket) => {
    if (bucket === 0) return 1;
    const counts = {
      none: isThere,
      carry_back: came.slice(bucket).includes(true),
      carry_forward: came.slice(1, bucket + 1).includes(true),
      consecutive_forward: came.slice(0, bucket + 1).every((one) => one),
    };
    return counts[unbounded] ? 1 : 0;
  });
}
