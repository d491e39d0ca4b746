/** Random questions with their answers by somebody who looks at each event again. */
import assert from "node:assert/strict";
import type { CountType } from "../../src/analytics/count_type.ts";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import type { Random } from "../helpers/random.ts";
import { slowFrequency, slowKeys, slowSeries, slowSums } from "../helpers/slow_reports.ts";
import { funnel, retention } from "./random_journeys.ts";
import {
  type Body,
  NAMES,
  PROPERTIES,
  propertyText,
  type RandomAsk,
  randomRange,
  randomWhere,
  rangeFlags,
} from "./random_parts.ts";

/** Without the cells that are 0, and without the lines that have no others. */
function withoutZeros(values: Record<string, Record<string, number>>): Record<string, Record<string, number>> {
  const lines = Object.entries(values).map(([key, line]) =>
    [key, Object.fromEntries(Object.entries(line).filter(([, count]) => count !== 0))] as const
  );
  return Object.fromEntries(lines.filter(([, line]) => Object.keys(line).length > 0));
}

interface SeriesBody {
  data: { values: Record<string, Record<string, number>> };
}

/** A line for each key; where there may be fewer, those that are there must be right. */
function checkSeries(body: Body, slow: Record<string, Record<string, number>>, isCut = false): void {
  const found = withoutZeros((body as unknown as SeriesBody).data.values);
  const wanted = withoutZeros(slow);
  const shown = isCut ? Object.fromEntries(Object.keys(found).map((key) => [key, wanted[key]!])) : wanted;
  assert.deepEqual(found, shown);
}

function segmentation(random: Random): RandomAsk {
  const event = random.pick(NAMES), range = randomRange(random), where = randomWhere(random);
  const type = random.pick<CountType>(["general", "unique", "average"]);
  const unit = random.pick(["hour", "day", "week", "month"] as const);
  const interval = random.chance(0.2) ? 1 + random.below(5) : undefined;
  const on = random.chance(0.6) ? random.pick(PROPERTIES) : undefined;
  const limit = on !== undefined && random.chance(0.3) ? 1 + random.below(4) : undefined;
  return {
    argv: [
      ...["query", "segmentation", event, ...rangeFlags(range), ...where.flags, "--math", type],
      ...(interval === undefined ? ["--unit", unit] : ["--bucket-days", String(interval)]),
      ...(on === undefined ? [] : ["--on", propertyText(on)]),
      ...(limit === undefined ? [] : ["--limit", String(limit)]),
    ],
    check(body, events, timeZone) {
      const buckets = timeBuckets({ ...range, unit: interval === undefined ? unit : "day", interval, timeZone });
      const counted = events.filter((one) => one.name === event && where.holds(one));
      const keysOf = ({ properties }: AnalyticsEvent) => on === undefined ? [event] : slowKeys(properties[on]);
      checkSeries(body, slowSeries(counted, keysOf, { type, buckets }), limit !== undefined);
    },
  };
}

function sums(random: Random): RandomAsk {
  const event = random.pick(NAMES), range = randomRange(random, 10), where = randomWhere(random);
  const unit = random.pick(["hour", "day"] as const);
  const kind = random.pick(["sum", "average"] as const);
  const on = random.pick(["amount", "events", "plan"]);
  return {
    argv: ["query", kind, event, propertyText(on), ...rangeFlags(range), ...where.flags, "--unit", unit],
    check(body, events, timeZone) {
      const buckets = timeBuckets({ ...range, unit, timeZone });
      const counted = events.filter((one) => one.name === event && where.holds(one));
      const slow = slowSums(counted, ({ properties }) => properties[on], buckets);
      assert.deepEqual(
        body.results,
        Object.fromEntries(slow.map(({ key, sum, count }) => [key, kind === "sum" ? sum : sum / (count || 1)])),
      );
    },
  };
}

function numeric(random: Random): RandomAsk {
  const event = random.pick(NAMES), range = randomRange(random, 10), where = randomWhere(random);
  const type = random.pick<CountType>(["general", "unique", "average"]);
  const on = random.pick(["amount", "events"]);
  const flags = [...rangeFlags(range), ...where.flags, "--unit", "day", "--math", type];
  return {
    argv: ["query", "numeric", event, propertyText(on), ...flags],
    check(body, events, timeZone) {
      const buckets = timeBuckets({ ...range, unit: "day", timeZone });
      const counted = events.filter((one) => one.name === event && where.holds(one));
      const { values } = (body as unknown as SeriesBody).data;
      const ranges = Object.keys(values).map((label) => {
        const [from, to] = label.replaceAll(",", "").split(" - ").map(Number) as [number, number];
        return { label, holds: (value: unknown) => typeof value === "number" && value >= from && value < to };
      });
      const keysOf = ({ properties }: AnalyticsEvent) =>
        ranges.flatMap(({ label, holds }) => holds(properties[on]) ? [label] : []);
      checkSeries(body, slowSeries(counted, keysOf, { type, buckets }));
    },
  };
}

function events(random: Random): RandomAsk {
  const names = NAMES.filter(() => random.chance(0.6)), range = randomRange(random), where = randomWhere(random);
  if (names.length === 0) names.push(NAMES[0]!);
  const type = random.pick<CountType>(["general", "unique", "average"]);
  const unit = random.pick(["day", "week", "month"] as const);
  return {
    argv: ["query", "events", ...names, ...rangeFlags(range), ...where.flags, "--math", type, "--unit", unit],
    check(body, events, timeZone) {
      const buckets = timeBuckets({ ...range, unit, timeZone });
      const counted = events.filter((one) => names.includes(one.name) && where.holds(one));
      checkSeries(body, slowSeries(counted, ({ name }) => [name], { type, buckets, keys: names }));
    },
  };
}

function frequency(random: Random): RandomAsk {
  const range = randomRange(random), where = randomWhere(random);
  const unit = random.pick(["day", "week", "month"] as const);
  const part = random.pick(["hour", "day"] as const);
  const event = random.chance(0.6) ? random.pick(NAMES) : undefined;
  const on = random.chance(0.3) ? random.pick(["plan", "vip", "events"]) : undefined;
  return {
    argv: [
      ...["query", "frequency", ...rangeFlags(range), ...where.flags, "--unit", unit, "--part", part],
      ...(event === undefined ? [] : ["--event", event]),
      ...(on === undefined ? [] : ["--on", propertyText(on)]),
    ],
    check(body, events, timeZone) {
      const counted = events.filter((one) => (event === undefined || one.name === event) && where.holds(one));
      const periods = timeBuckets({ ...range, unit, timeZone }),
        parts = timeBuckets({ ...range, unit: part, timeZone });
      const check = (found: Record<string, number[]>, chosen: readonly AnalyticsEvent[]) => {
        const lengths = periods.keys.map((key) => found[key]!.length);
        assert.deepEqual(found, slowFrequency(chosen, periods, parts, lengths));
      };
      const data = body.data as Record<string, unknown>;
      if (on === undefined) return check(data as Record<string, number[]>, counted);
      const bySegment = data as Record<string, Record<string, number[]>>;
      for (const segment of new Set(Object.values(bySegment).flatMap((segments) => Object.keys(segments)))) {
        const chosen = counted.filter(({ properties }) => slowKeys(properties[on]).includes(segment));
        check(
          Object.fromEntries(Object.entries(bySegment).map(([key, segments]) => [key, segments[segment]!])),
          chosen,
        );
      }
    },
  };
}

function insights(random: Random): RandomAsk {
  const names = random.pick([[random.pick(NAMES)], NAMES.slice(0, 2)]), range = randomRange(random);
  const where = randomWhere(random, { depth: 0 });
  const type = random.pick(["general", "unique"] as const);
  const unit = random.pick(["day", "week", "month"] as const);
  const by = random.chance(0.5) ? random.pick(["plan", "vip"]) : undefined;
  return {
    argv: [
      ...["query", "insights", ...names.flatMap((name) => ["--event", name]), ...rangeFlags(range), ...where.flags],
      ...["--math", type === "general" ? "total" : "unique", "--unit", unit],
      ...(by === undefined ? [] : ["--by", by]),
    ],
    check(body, events, timeZone) {
      const buckets = timeBuckets({ ...range, unit, timeZone });
      const metrics = Object.values(body.series as Record<string, Record<string, Record<string, number>>>);
      assert.equal(metrics.length, names.length);
      for (const [index, metric] of metrics.entries()) {
        const counted = events.filter((one) => one.name === names[index] && where.holds(one));
        const lines = by === undefined ? { all: metric as unknown as Record<string, number> } : metric;
        const { $overall, ...split } = Object.fromEntries(
          Object.entries(lines).map(([key, line]) => [
            key,
            Object.fromEntries(Object.entries(line).map(([bucket, count]) => [bucket.slice(0, 10), count])),
          ]),
        );
        const keysOf = ({ properties }: AnalyticsEvent) => by === undefined ? ["all"] : slowKeys(properties[by]);
        assert.deepEqual(withoutZeros(split), withoutZeros(slowSeries(counted, keysOf, { type, buckets })));
        if ($overall === undefined) continue;
        assert.deepEqual({ all: $overall }, slowSeries(counted, () => ["all"], { type, buckets, keys: ["all"] }));
      }
    },
  };
}

const KINDS: readonly (readonly [number, (random: Random) => RandomAsk])[] = [
  [6, segmentation],
  [2, sums],
  [1, numeric],
  [2, events],
  [2, frequency],
  [3, retention],
  [2, insights],
  [5, funnel],
];

export function randomAsk(random: Random): RandomAsk {
  let place = random.below(KINDS.reduce((sum, [weight]) => sum + weight, 0));
  return KINDS.find(([weight]) => (place -= weight) < 0)![1](random);
}
