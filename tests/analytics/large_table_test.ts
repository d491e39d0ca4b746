/** Reports over so many events that columns leave codes for numbers and texts, and a table has several chunks. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { funnel } from "../../src/analytics/funnels/funnel.ts";
import { readEvents } from "../../src/analytics/rows/read_events.ts";
import { segmentation } from "../../src/analytics/segmentation.ts";
import { segmentationSum } from "../../src/analytics/segmentation_sum.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { topProperties } from "../../src/analytics/top_properties.ts";
import { DAY_MS, EventLab } from "./event_lab.ts";

const COUNT = 150_000;
const NAMES = ["Open", "View", "Buy"];
const START_MS = Date.UTC(2026, 7, 1);
const buckets = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-10", unit: "day" });

/** Every third event comes late; one in fifty is deleted. */
const events = Array.from({ length: COUNT }, (_, index): AnalyticsEvent => ({
  name: NAMES[index % 3]!,
  timeMs: START_MS + Math.floor(index * 10 * DAY_MS / COUNT) - (index % 7 === 0 ? 3_600_000 : 0),
  distinctId: `user-${(Math.imul(index, 0x9e3779b1) >>> 0) % 5003}`,
  properties: {
    $insert_id: `id-${index}`,
    amount: index * 0.25,
    ...(index % 2 === 0 ? { referrer: `https://example.com/${index}` } : {}),
    plan: index % 5 === 0 ? "pro" : "free",
    ...(index > COUNT / 2 ? { late: index % 3 } : {}),
  },
}));
const hidden = Array.from({ length: COUNT / 50 }, (_, index) => index * 50 + 7);
const lab = new EventLab({ events, hidden, joined: new Map([["user-1", "user-2"]]) });
const views = lab.events.filter(({ name, timeMs }) => name === "View" && buckets.bucketOf(timeMs) !== undefined);

/** Counts by day. */
function byDay(chosen: readonly AnalyticsEvent[], count: (events: AnalyticsEvent[]) => number): Record<string, number> {
  const days = Map.groupBy(chosen, ({ timeMs }) => buckets.bucketOf(timeMs)!);
  return Object.fromEntries(buckets.keys.map((key) => [key, count(days.get(key) ?? [])]));
}

describe("reports of a large table", () => {
  it("read numbers, texts and codes alike", () => {
    const where = lab.where(`properties["amount"] > 10000 and "9" in properties["referrer"]`);
    const slow = EventLab.slowWhere(`properties["amount"] > 10000 and "9" in properties["referrer"]`);
    assert.deepEqual(
      segmentation(lab.view, { event: "View", buckets, where }).values.View,
      byDay(views.filter(slow), (found) => found.length),
    );
    const on = lab.on(`properties["plan"]`);
    const { values } = segmentation(lab.view, { event: "View", buckets, on, type: "unique" });
    for (const plan of ["pro", "free"]) {
      const expected = byDay(
        views.filter(({ properties }) => properties.plan === plan),
        (found) => new Set(found.map(({ distinctId }) => distinctId)).size,
      );
      assert.deepEqual(values[plan], expected);
    }
    assert.deepEqual(
      segmentationSum(lab.view, { event: "View", buckets, on: lab.on(`properties["amount"]`) }),
      byDay(views, (found) => found.reduce((sum, { properties }) => sum + (properties.amount as number), 0)),
    );
  });

  it("count a full chunk of which nothing is deleted, split by a property with few values", () => {
    const whole = new EventLab({ events: events.slice(0, 70_000), hidden: [], joined: undefined });
    const counted = whole.events.filter(({ name, timeMs }) =>
      name === "View" && buckets.bucketOf(timeMs) !== undefined
    );
    const { values } = segmentation(whole.view, { event: "View", buckets, on: whole.on(`properties["plan"]`) });
    for (const plan of ["pro", "free"]) {
      const expected = counted.filter(({ properties }) => properties.plan === plan);
      assert.deepEqual(values[plan], byDay(expected, (found) => found.length));
    }
  });

  it("split by a value that nearly every event has of its own", () => {
    const on = lab.on(`properties["$insert_id"]`);
    const { values } = segmentation(lab.view, { event: "View", buckets, on, limit: 3 });
    const ids = views.map(({ properties }) => properties.$insert_id as string).sort().slice(0, 3);
    assert.deepEqual(Object.keys(values), ids);
  });

  it("count people, whether all can be marked or there are too many cells for that", () => {
    for (const unit of ["hour", "minute"] as const) {
      const fine = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-10", unit });
      const expected = Map.groupBy(views, ({ timeMs }) => fine.bucketOf(timeMs)!);
      const { View: counts } = segmentation(lab.view, { event: "View", buckets: fine, type: "unique" }).values;
      assert.deepEqual(
        counts,
        Object.fromEntries(
          fine.keys.map((key) => [key, new Set(expected.get(key)?.map(({ distinctId }) => distinctId)).size]),
        ),
      );
    }
  });

  it("count properties that come late, and those that few have", () => {
    const counts = topProperties(lab.view, { event: "View", buckets });
    for (const property of ["late", "referrer", "plan", "$insert_id"]) {
      const expected = views.filter(({ properties }) => Object.hasOwn(properties, property)).length;
      assert.equal(counts[property], expected, property);
    }
  });

  it("follow people through chunks", () => {
    const [period] = Object.values(
      funnel(lab.view, {
        steps: NAMES.map((event) => ({ event })),
        buckets: timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-10", unit: "day", interval: 10 }),
        windowMs: DAY_MS,
      }),
    );
    const counts = [0, 0, 0];
    for (const all of Map.groupBy(lab.events, ({ distinctId }) => distinctId).values()) {
      const done = all.filter(({ timeMs }) => timeMs >= START_MS);
      const entry = done.find(({ name, timeMs }) => name === "Open" && timeMs < buckets.endMs);
      if (entry === undefined) continue;
      counts[0]!++;
      const inWindow = done.filter(({ timeMs }) => timeMs <= entry.timeMs + DAY_MS);
      const view = inWindow.find(({ name, timeMs }) => name === "View" && timeMs >= entry.timeMs - 2000);
      if (view === undefined) continue;
      counts[1]!++;
      if (inWindow.some(({ name, timeMs }) => name === "Buy" && timeMs >= view.timeMs - 2000)) counts[2]!++;
    }
    assert.deepEqual(period!.steps.map(({ count }) => count), counts);
    assert.ok(counts[2]! > 0 && counts[2]! < counts[1]!);
  });

  it("are of the same events that are read whole, in the order of time", () => {
    const range = { fromMs: START_MS + DAY_MS, toMs: START_MS + 3 * DAY_MS, names: ["View", "Buy"] };
    const expected = lab.events.filter(({ name, timeMs }) =>
      range.names.includes(name) && timeMs >= range.fromMs && timeMs < range.toMs
    );
    assert.deepEqual([...readEvents(lab.view, range)], expected);
  });
});
