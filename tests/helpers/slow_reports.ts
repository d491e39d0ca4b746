/**
 * Reports computed word by word, as the documents have them, by looking at all events again for each number: what the
 * reports over columns must give. Events are in the order of time.
 */
import type { CountType } from "../../src/analytics/count_type.ts";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import type { Buckets } from "../../src/analytics/time_buckets.ts";
import { stringifyJson } from "../../src/streams/json/json.ts";

type Test = (event: AnalyticsEvent) => boolean;
type Value = (event: AnalyticsEvent) => unknown;
type Rows = Record<string, Record<string, number>>;

/** The keys that a value is shown under: a list's elements one by one. */
export function slowKeys(value: unknown): string[] {
  const key = (one: unknown): string => {
    if (typeof one === "string") return one;
    if (typeof one === "object" && one !== null) {
      const text = stringifyJson(one);
      return text[0] === '"' ? text.slice(1, -1) : text;
    }
    return `${one}`;
  };
  if (!Array.isArray(value)) return [key(value)];
  return value.length === 0 ? ["undefined"] : [...new Set(value.map(key))];
}

/** Whoever has an id: events without one say nothing about people. */
export function slowPeople(events: readonly AnalyticsEvent[]): string[] {
  return [...new Set(events.map(({ distinctId }) => distinctId))].filter((id) => id !== "");
}

function slowCell(events: readonly AnalyticsEvent[], type: CountType): number {
  if (type === "general") return events.length;
  const people = slowPeople(events).length;
  if (type === "unique") return people;
  return people === 0 ? 0 : events.filter(({ distinctId }) => distinctId !== "").length / people;
}

/** Counts by key and bucket. */
export function slowSeries(
  events: readonly AnalyticsEvent[],
  keysOf: (event: AnalyticsEvent) => readonly string[],
  { type, buckets, keys }: { type: CountType; buckets: Buckets; keys?: readonly string[] },
): Rows {
  const inRange = events.filter(({ timeMs }) => buckets.bucketOf(timeMs) !== undefined);
  const ofPeople = type === "general" ? inRange : inRange.filter(({ distinctId }) => distinctId !== "");
  const found = keys ?? [...new Set(ofPeople.flatMap(keysOf))];
  return Object.fromEntries(found.map((key) => [
    key,
    Object.fromEntries(buckets.keys.map((bucket) => {
      const inCell = inRange.filter((event) =>
        buckets.bucketOf(event.timeMs) === bucket && keysOf(event).includes(key)
      );
      return [bucket, slowCell(inCell, type)];
    })),
  ]));
}

/** What is added up, and how many events there are, by bucket. */
export function slowSums(events: readonly AnalyticsEvent[], on: Value, buckets: Buckets) {
  return buckets.keys.map((key) => {
    const numbers = events.filter(({ timeMs }) => buckets.bucketOf(timeMs) === key).map(on)
      .map((value) => typeof value === "number" || typeof value === "bigint" ? Number(value) : 0);
    return { key, sum: numbers.reduce((sum, number) => sum + number, 0), count: numbers.length };
  });
}

/** Totals of each event name. */
export function slowTotals(events: readonly AnalyticsEvent[], type: CountType, buckets: Buckets): Map<string, number> {
  const [rows] = [slowSeries(events, ({ name }) => [name], { type, buckets: oneBucket(buckets) })];
  return new Map(Object.entries(rows).map(([name, row]) => [name, row.all!]).filter(([, total]) => total !== 0) as []);
}

function oneBucket(buckets: Buckets): Buckets {
  return {
    ...buckets,
    keys: ["all"],
    bucketOf: (timeMs) => buckets.bucketOf(timeMs) === undefined ? undefined : "all",
  };
}

export interface SlowRetention {
  kind: "birth" | "compounded";
  isBirth: Test;
  isReturn: Test;
  buckets: Buckets;
  intervalMs: number;
  intervalCount: number;
  unbounded?: boolean;
}

/** For each person, period and interval: is there such an event? */
export function slowRetention(events: readonly AnalyticsEvent[], query: SlowRetention) {
  const { kind, isBirth, isReturn, buckets, intervalMs, intervalCount, unbounded } = query;
  return Object.fromEntries(buckets.keys.map((key) => {
    const beginnings = slowPeople(events).flatMap((person) => {
      const births = events.filter((event) => event.distinctId === person && isBirth(event));
      const inPeriod = births.filter(({ timeMs }) => buckets.bucketOf(timeMs) === key);
      if (kind === "compounded") return inPeriod.slice(0, 1);
      return births.length > 0 && inPeriod[0] === births[0] ? [births[0]!] : [];
    });
    const counts = Array.from(
      { length: intervalCount + 1 },
      (_, interval) =>
        beginnings.filter((birth) =>
          events.some((event) => {
            if (event === birth || event.distinctId !== birth.distinctId || !isReturn(event)) return false;
            const sinceMs = event.timeMs - birth.timeMs;
            const untilMs = (unbounded ? intervalCount + 1 : interval + 1) * intervalMs;
            return sinceMs >= interval * intervalMs && sinceMs < untilMs;
          })
        ).length,
    );
    return [key, { counts, first: beginnings.length }];
  }));
}

/** For each period: how many people were active in at least n of its parts. */
export function slowFrequency(events: readonly AnalyticsEvent[], periods: Buckets, parts: Buckets, lengths: number[]) {
  return Object.fromEntries(periods.keys.map((key, index) => {
    const inPeriod = events.filter(({ timeMs }) => periods.bucketOf(timeMs) === key);
    const active = slowPeople(inPeriod).map((person) =>
      new Set(inPeriod.filter(({ distinctId }) => distinctId === person).map(({ timeMs }) => parts.bucketOf(timeMs)))
        .size
    );
    return [key, Array.from({ length: lengths[index]! }, (_, at) => active.filter((count) => count > at).length)];
  }));
}
