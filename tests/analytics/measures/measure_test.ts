import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { dayAt } from "../../../src/analytics/calendar.ts";
import type { AnalyticsEvent } from "../../../src/analytics/event.ts";
import { type EventMeasure, measure } from "../../../src/analytics/measures/measure.ts";
import type { Statistic } from "../../../src/analytics/measures/statistics.ts";
import type { RowValue } from "../../../src/analytics/rows/row_value.ts";
import { segmentKeys } from "../../../src/analytics/segment_key.ts";
import { type Buckets, clockBuckets, timeBuckets } from "../../../src/analytics/time_buckets.ts";
import { slowKeys, slowPeople } from "../../helpers/slow_reports.ts";
import { arbitraryHistory, CONDITIONS, eventAt, EventLab, VALUES } from "../event_lab.ts";

const ZONE = "Europe/Berlin";
const RANGE = { fromDay: "2026-08-01", toDay: "2026-08-10", timeZone: ZONE };

const numbersIn = (values: readonly unknown[]) =>
  values.filter((value) => typeof value === "number" || typeof value === "bigint").map(Number);

/** A statistic word by word. */
function slowStatistic(values: readonly unknown[], statistic: Statistic): unknown {
  const numbers = numbersIn(values);
  const sum = numbers.reduce((total, number) => total + number, 0);
  const texts = values.filter((value) => value !== undefined && value !== null).flatMap(slowKeys);
  switch (statistic.kind) {
    case "total":
      return sum;
    case "unique_values":
      return new Set(texts).size;
    case "average":
      return numbers.length === 0 ? null : sum / numbers.length;
    case "min":
      return numbers.length === 0 ? null : Math.min(...numbers);
    case "max":
      return numbers.length === 0 ? null : Math.max(...numbers);
    case "first_value":
      return values.find((value) => value !== undefined && value !== null) ?? null;
    case "most_frequent": {
      const count = (text: string) => texts.filter((one) => one === text).length;
      return [...new Set(texts)].sort((a, b) => count(b) - count(a) || (a < b ? -1 : 1))[0] ?? null;
    }
    case "percentile": {
      if (numbers.length === 0) return null;
      const sorted = [...numbers].sort((a, b) => a - b);
      const rank = statistic.percent / 100 * (sorted.length - 1);
      const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
      return low + (rank - Math.floor(rank)) * (high - low);
    }
    case "histogram": {
      if (numbers.length === 0) return null;
      const entries = numbers.map((number) => [String(number), numbers.filter((one) => one === number).length]);
      return Object.fromEntries(entries);
    }
    case "numeric_summary":
      throw new Error("tested by example");
  }
}

/** In which sessions a person's events are: half an hour without any ends one, and so does midnight. */
function slowSession(all: readonly AnalyticsEvent[], event: AnalyticsEvent): string {
  const own = all.filter(({ distinctId }) => distinctId === event.distinctId);
  const before = own.slice(0, own.indexOf(event) + 1);
  const starts = before.filter((one, index) => {
    const last = before[index - 1];
    return last === undefined || one.timeMs - last.timeMs > 30 * 60_000 ||
      dayAt(one.timeMs, ZONE).toString() !== dayAt(last.timeMs, ZONE).toString();
  });
  return `${event.distinctId} ${starts.length}`;
}

interface SlowCell {
  all: readonly AnalyticsEvent[];
  /** Those that pass, of all times. */
  passing: readonly AnalyticsEvent[];
  buckets: Buckets;
  bucket: number;
  valueOf: (event: AnalyticsEvent) => unknown;
}

function slowMeasure({ all, passing, buckets, bucket, valueOf }: SlowCell, kind: EventMeasure): unknown {
  const here = passing.filter(({ timeMs }) => buckets.indexOf(timeMs) === bucket);
  switch (kind.kind) {
    case "events":
      return here.length;
    case "people":
      return slowPeople(here).length;
    case "people_so_far":
      return slowPeople(passing.filter(({ timeMs }) => {
        const index = buckets.indexOf(timeMs);
        return index >= 0 && index <= bucket;
      })).length;
    case "active_people": {
      const last = Temporal.PlainDate.from(buckets.keys[bucket]!);
      const first = last.subtract({ days: kind.windowDays - 1 });
      return slowPeople(passing.filter(({ timeMs }) => {
        const day = dayAt(timeMs, ZONE);
        return Temporal.PlainDate.compare(day, first) >= 0 && Temporal.PlainDate.compare(day, last) <= 0;
      })).length;
    }
    case "sessions":
      return new Set(here.filter(({ distinctId }) => distinctId !== "").map((event) => slowSession(all, event))).size;
    case "values":
      return slowStatistic(here.map(valueOf), kind.statistic);
    case "values_by_person": {
      const byPerson = slowPeople(here).map((person) => {
        return slowStatistic(here.filter(({ distinctId }) => distinctId === person).map(valueOf), kind.byPerson);
      });
      // Who has none of the numbers comes to nothing, and not to zero.
      const hasNumbers = (person: string) =>
        numbersIn(here.filter(({ distinctId }) => distinctId === person).map(valueOf)).length > 0;
      const people = slowPeople(here);
      const known = kind.byPerson.kind === "total"
        ? byPerson.filter((_, index) => hasNumbers(people[index]!))
        : byPerson;
      return slowStatistic(known, kind.statistic);
    }
  }
}

const STATISTICS: Statistic[] = [
  ...(["total", "average", "min", "max", "unique_values", "most_frequent", "first_value", "histogram"] as const)
    .map((kind) => ({ kind })),
  { kind: "percentile", percent: 50 },
  { kind: "percentile", percent: 90 },
];

function sameValue(found: unknown, wanted: unknown, about: string): void {
  if (typeof found === "number" && typeof wanted === "number" && Number.isFinite(wanted)) {
    assert.ok(Math.abs(found - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted)), `${about}: ${found}, not ${wanted}`);
  } else assert.deepEqual(found, wanted, about);
}

describe("measures", () => {
  it("equal a computation word by word, whatever is measured, filtered and split", () => {
    const counts = fc.constantFrom("events", "people", "people_so_far", "dau", "wau", "sessions").map(
      (kind) => (): EventMeasure => {
        if (kind === "sessions") return { kind, timeZone: ZONE };
        if (kind !== "dau" && kind !== "wau") return { kind: kind as "events" | "people" | "people_so_far" };
        const windowDays = kind === "dau" ? 1 : 7;
        const fromDay = Temporal.PlainDate.from(RANGE.fromDay).subtract({ days: windowDays - 1 }).toString();
        return { kind: "active_people", windowDays, days: timeBuckets({ ...RANGE, fromDay, unit: "day" }) };
      },
    );
    const values = fc.constantFrom(...STATISTICS).map((statistic) => (of: RowValue): EventMeasure => {
      return { kind: "values", of, statistic };
    });
    const byPerson = fc.constantFrom<Statistic[]>(...[
      [{ kind: "total" }, { kind: "average" }],
      [{ kind: "average" }, { kind: "histogram" }],
      [{ kind: "max" }, { kind: "percentile", percent: 25 }],
      [{ kind: "unique_values" }, { kind: "total" }],
    ] as Statistic[][]).map(([byPerson, statistic]) => (of: RowValue): EventMeasure => {
      return { kind: "values_by_person", of, byPerson: byPerson!, statistic: statistic! };
    });
    const asked = fc.record({
      history: arbitraryHistory,
      measureOf: fc.oneof(counts, values, byPerson),
      value: fc.constantFrom('properties["amount"]', 'properties["value"]'),
      where: fc.option(fc.constantFrom(...CONDITIONS), { nil: undefined }),
      on: fc.option(fc.constantFrom(...VALUES), { nil: undefined }),
      names: fc.constantFrom<(string[] | undefined)[]>(undefined, ["Open"], ["Open", "Buy"]),
    });
    fc.assert(
      fc.property(asked, ({ history, measureOf, value, where, on, names }) => {
        const lab = new EventLab(history);
        const { events } = lab;
        const measured = measureOf(lab.on(value));
        const buckets = timeBuckets({ ...RANGE, unit: measured.kind === "active_people" ? "day" : "week" });
        const fast = measure(lab.view, {
          names,
          buckets,
          measure: measured,
          where: where === undefined ? undefined : lab.where(where),
          on: on === undefined ? undefined : { value: lab.on(on), keysOf: segmentKeys },
        });
        const passes = where === undefined ? () => true : EventLab.slowWhere(where);
        const passing = events.filter((event) => (names?.includes(event.name) ?? true) && passes(event));
        const cell = (own: AnalyticsEvent[], bucket: number) =>
          slowMeasure({ all: events, passing: own, buckets, bucket, valueOf: EventLab.slowOn(value) }, measured);
        for (const [bucket, found] of fast.overall.entries()) {
          sameValue(found, cell(passing, bucket), `overall ${bucket}`);
        }
        if (on === undefined) {
          return;
        }
        const keysOf = (event: AnalyticsEvent) => slowKeys(EventLab.slowOn(on)(event));
        for (const [key, line] of fast.segments) {
          const own = passing.filter((event) => keysOf(event).includes(key));
          for (const [bucket, found] of line.entries()) sameValue(found, cell(own, bucket), `${key} ${bucket}`);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("cut segments beyond the limit, and say so", () => {
    const lab = new EventLab(
      ["US", "US", "DE", "FR"].map((value) => eventAt("2026-08-01T10:00:00Z", "Open", "ann", { value })),
    );
    const on = { value: lab.on('properties["value"]'), keysOf: segmentKeys };
    const query = { buckets: timeBuckets({ ...RANGE, unit: "month" }), measure: { kind: "events" }, on } as const;
    const cut = measure(lab.view, { ...query, limit: 2 });
    assert.deepEqual([...cut.segments], [["US", [2]], ["DE", [1]]]);
    assert.equal(cut.isCut, true);
    assert.equal(measure(lab.view, { ...query, limit: 3 }).isCut, false);
  });

  it("sum numbers up in words", () => {
    const lab = new EventLab(
      [1, 2, 3, 4, "9"].map((amount) => eventAt("2026-08-01T10:00:00Z", "Buy", "ann", { amount })),
    );
    const of = lab.on('properties["amount"]');
    const buckets = timeBuckets({ ...RANGE, unit: "month" });
    const { overall: [summary] } = measure(lab.view, {
      buckets,
      measure: { kind: "values", of, statistic: { kind: "numeric_summary" } },
    });
    assert.deepEqual(summary, {
      count: 4,
      sum: 10,
      average: 2.5,
      min: 1,
      max: 4,
      p25: 1.75,
      median: 2.5,
      p75: 3.25,
      p90: 3.7,
      p99: 3.97,
    });
  });
});

describe("buckets of the clock", () => {
  it("put hours of the day and days of the week of a range together, in the zone", () => {
    const hours = clockBuckets({ ...RANGE, by: "hour_of_day" });
    assert.deepEqual(hours.keys.slice(0, 3), ["0", "1", "2"]);
    assert.equal(hours.keys.length, 24);
    assert.equal(hours.bucketOf(Date.parse("2026-08-05T22:30:00Z")), "0");
    assert.equal(hours.bucketOf(Date.parse("2026-08-11T12:00:00Z")), undefined);
    const days = clockBuckets({ ...RANGE, by: "day_of_week" });
    // 2026-08-01 was a Saturday, and in Berlin the next day begins at 22:00 UTC.
    assert.equal(days.bucketOf(Date.parse("2026-08-01T21:59:00Z")), "Saturday");
    assert.equal(days.bucketOf(Date.parse("2026-08-08T22:00:00Z")), "Sunday");
  });

  it("cut quarters and years at their first days", () => {
    const range = { fromDay: "2025-12-31", toDay: "2026-07-01" };
    assert.deepEqual(timeBuckets({ ...range, unit: "quarter" }).keys, [
      ...["2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01"],
    ]);
    assert.deepEqual(timeBuckets({ ...range, unit: "year" }).keys, ["2025-01-01", "2026-01-01"]);
  });
});
