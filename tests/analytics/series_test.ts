import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { countEvents } from "../../src/analytics/count_events.ts";
import type { CountType } from "../../src/analytics/count_type.ts";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { eventProperties } from "../../src/analytics/event_properties.ts";
import { segmentation } from "../../src/analytics/segmentation.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { slowKeys, slowSeries } from "../helpers/slow_reports.ts";
import { arbitraryHistory, CONDITIONS, eventAt, EventLab, VALUES } from "./event_lab.ts";

const BUCKETS = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-03", unit: "day" });
const WIDE = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-11", unit: "week", timeZone: "Europe/Berlin" });
const TYPES: CountType[] = ["general", "unique", "average"];

const EVENTS = [
  eventAt("2026-08-01T01:00:00Z", "Open", "ann", { country: "US", tags: ["a", "b", "a"] }),
  eventAt("2026-08-01T02:00:00Z", "Open", "ann", { country: "US", tags: [] }),
  eventAt("2026-08-01T03:00:00Z", "Open", "bob", { country: "DE" }),
  eventAt("2026-08-03T03:00:00Z", "Open", "bob", {}),
  eventAt("2026-08-03T03:00:00Z", "Buy", "bob", { country: "DE" }),
  eventAt("2026-07-31T23:59:59Z", "Open", "cat", { country: "FR" }),
];

/** Three numbers as the cells of the three days. */
const days = (first: number, second: number, third: number) => ({
  "2026-08-01": first,
  "2026-08-02": second,
  "2026-08-03": third,
});

const LAB = new EventLab(EVENTS);

const types = fc.constantFrom(...TYPES);
const conditions = fc.constantFrom(...CONDITIONS);
const properties = fc.constantFrom("value", "amount", "__proto__", "constructor", "distinct_id", "missing");
/** Also around the days on which Berlin changes its clocks. */
const ranges = fc.constantFrom(
  WIDE,
  timeBuckets({ fromDay: "2026-10-24", toDay: "2026-10-26", unit: "hour", timeZone: "Europe/Berlin" }),
  timeBuckets({ fromDay: "2026-03-28", toDay: "2026-03-30", unit: "hour", timeZone: "Europe/Berlin" }),
  timeBuckets({ fromDay: "2026-03-01", toDay: "2026-10-31", unit: "month", timeZone: "America/New_York" }),
);

describe("countEvents", () => {
  it("counts events, users, or events per user, with zeros for everything else", () => {
    const count = (type: CountType) => countEvents(LAB.view, { names: ["Open", "Never"], type, buckets: BUCKETS });
    assert.deepEqual(count("general"), {
      series: ["2026-08-01", "2026-08-02", "2026-08-03"],
      values: { Open: days(3, 0, 1), Never: days(0, 0, 0) },
    });
    assert.deepEqual(count("unique").values.Open, days(2, 0, 1));
    assert.deepEqual(count("average").values.Open, days(1.5, 0, 1));
  });

  it("counts only what the filter lets through", () => {
    const where = LAB.where(`properties["country"] == "DE"`);
    const { values } = countEvents(LAB.view, { names: ["Open"], type: "general", buckets: BUCKETS, where });
    assert.deepEqual(values, { Open: days(1, 0, 0) });
  });

  it("leaves out events of nobody where people are counted", () => {
    const lab = new EventLab([...EVENTS, eventAt("2026-08-01T01:00:00Z", "Open", "")]);
    const count = (type: CountType) => countEvents(lab.view, { names: ["Open"], type, buckets: BUCKETS }).values.Open;
    assert.deepEqual(count("general"), days(4, 0, 1));
    assert.deepEqual(count("unique"), days(2, 0, 1));
    assert.deepEqual(count("average"), days(1.5, 0, 1));
  });

  it("is what filtering for each cell gives", () => {
    fc.assert(
      fc.property(arbitraryHistory, ranges, types, conditions, (history, buckets, type, where) => {
        const lab = new EventLab(history);
        const names = ["View", "Buy"];
        const { values } = countEvents(lab.view, { names, type, buckets, where: lab.where(where) });
        const slow = lab.events.filter(EventLab.slowWhere(where));
        assert.deepEqual(values, slowSeries(slow, ({ name }) => [name], { type, buckets, keys: names }));
      }),
      { numRuns: 200 },
    );
  });
});

describe("segmentation", () => {
  const base = { event: "Open", buckets: BUCKETS };

  it("has one segment, named like the event, when nothing splits it", () => {
    assert.deepEqual(segmentation(LAB.view, base).values, { Open: days(3, 0, 1) });
    assert.deepEqual(segmentation(new EventLab([]).view, base).values, { Open: days(0, 0, 0) });
  });

  it("puts events without the value into the segment undefined", () => {
    const { values } = segmentation(LAB.view, { ...base, on: LAB.on(`properties["country"]`) });
    assert.deepEqual(values, { US: days(2, 0, 0), DE: days(1, 0, 0), undefined: days(0, 0, 1) });
  });

  it("counts a list once for each distinct element, and an empty one as missing", () => {
    const { values } = segmentation(LAB.view, { ...base, on: LAB.on(`properties["tags"]`) });
    assert.deepEqual(values, { a: days(1, 0, 0), b: days(1, 0, 0), undefined: days(2, 0, 1) });
  });

  it("keeps the largest segments, largest first, ties by name", () => {
    const on = LAB.on(`properties["country"]`);
    assert.deepEqual(Object.keys(segmentation(LAB.view, { ...base, on }).values), ["US", "DE", "undefined"]);
    assert.deepEqual(Object.keys(segmentation(LAB.view, { ...base, on, limit: 1 }).values), ["US"]);
    const unique = segmentation(LAB.view, { ...base, on, limit: 2, type: "unique" });
    assert.deepEqual(Object.keys(unique.values), ["DE", "US"]);
  });

  it("writes values of every type as their keys", () => {
    const values = [1, 2.5, true, null, 12345678901234567890n, { a: 1n }, "__proto__"];
    const events = values.map((value) => eventAt("2026-08-01T00:00:00Z", "Open", "ann", { value }));
    const lab = new EventLab(events);
    const { values: rows } = segmentation(lab.view, { ...base, on: lab.on(`properties["value"]`) });
    assert.deepEqual(Object.keys(rows).sort(), [
      "1",
      "12345678901234567890",
      "2.5",
      "__proto__",
      "null",
      "true",
      '{"a":1}',
    ]);
    assert.deepEqual(Object.getOwnPropertyDescriptor(rows, "__proto__")?.value, days(1, 0, 0));
  });

  it("is what filtering for each cell gives", () => {
    fc.assert(
      fc.property(
        arbitraryHistory,
        ranges,
        types,
        conditions,
        fc.constantFrom(...VALUES),
        (history, buckets, ...rest) => {
          const [type, where, on] = rest;
          const lab = new EventLab(history);
          const query = { event: "View", buckets, type, where: lab.where(where), on: lab.on(on), limit: 1000 };
          const { values } = segmentation(lab.view, query);
          const slow = lab.events.filter(EventLab.slowWhere(where)).filter(({ name }) => name === "View");
          const slowOn = EventLab.slowOn(on);
          assert.deepEqual(values, slowSeries(slow, (event) => slowKeys(slowOn(event)), { type, buckets }));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("eventProperties", () => {
  it("counts by value and leaves out events without the property", () => {
    const query = { event: "Open", property: "country", type: "general", buckets: BUCKETS } as const;
    assert.deepEqual(eventProperties(LAB.view, query).values, { US: days(2, 0, 0), DE: days(1, 0, 0) });
    assert.deepEqual(Object.keys(eventProperties(LAB.view, { ...query, limit: 1 }).values), ["US"]);
    assert.deepEqual(eventProperties(LAB.view, { ...query, values: ["DE", "JP"] }).values, {
      DE: days(1, 0, 0),
      JP: days(0, 0, 0),
    });
    assert.deepEqual(eventProperties(LAB.view, { ...query, property: "toString" }).values, {});
  });

  it("is what filtering for each cell gives, also when ids are joined", () => {
    fc.assert(
      fc.property(arbitraryHistory, ranges, types, properties, (history, buckets, type, property) => {
        const withIds = history.events.map((event) => ({
          ...event,
          properties: event.distinctId === ""
            ? event.properties
            : { ...event.properties, distinct_id: event.distinctId },
        }));
        const lab = new EventLab({ ...history, events: withIds });
        const { values } = eventProperties(lab.view, { event: "Buy", property, type, buckets, limit: 1000 });
        const slow = lab.events.filter(({ name, properties }) => name === "Buy" && Object.hasOwn(properties, property));
        const valueOf = ({ distinctId, properties }: AnalyticsEvent) =>
          property === "distinct_id" ? distinctId : properties[property];
        assert.deepEqual(values, slowSeries(slow, (event) => slowKeys(valueOf(event)), { type, buckets }));
      }),
      { numRuns: 300 },
    );
  });
});
