/** Random funnels and retention. */
import assert from "node:assert/strict";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { type Buckets, timeBuckets } from "../../src/analytics/time_buckets.ts";
import type { Random } from "../helpers/random.ts";
import { slowAttempts, slowCounts, type SlowFunnel, slowTimes } from "../helpers/slow_funnel.ts";
import { slowKeys, slowRetention } from "../helpers/slow_reports.ts";
import { DAY_MS, NAMES, type RandomAsk, randomRange, randomWhere, rangeFlags } from "./random_parts.ts";

const INTERVAL_MS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };

export function retention(random: Random): RandomAsk {
  const range = randomRange(random, 14);
  const born = random.pick(NAMES), returned = random.chance(0.7) ? random.pick(NAMES) : undefined;
  const bornWhere = randomWhere(random, { flag: "--born-where" }), where = randomWhere(random);
  const kind = random.pick(["birth", "compounded"] as const);
  const unit = random.pick(["day", "week", "month"] as const);
  const count = 1 + random.below(4), interval = 1 + random.below(2), unbounded = random.chance(0.3);
  const isCompounded = kind === "compounded";
  return {
    argv: [
      ...["query", "retention", ...(isCompounded ? [] : [born]), ...rangeFlags(range), "--unit", unit],
      ...["--retention-type", kind, "--interval-count", String(count), "--interval", String(interval)],
      ...(isCompounded || returned !== undefined ? ["--event", returned ?? born] : []),
      ...(isCompounded ? [] : bornWhere.flags),
      ...where.flags,
      ...(unbounded ? ["--unbounded"] : []),
    ],
    check(body, events, timeZone) {
      const isReturn = (one: AnalyticsEvent) =>
        where.holds(one) && (isCompounded ? one.name === (returned ?? born) : [undefined, one.name].includes(returned));
      const slow = slowRetention(events, {
        kind,
        isBirth: isCompounded ? isReturn : (one) => one.name === born && bornWhere.holds(one),
        isReturn,
        buckets: timeBuckets({ ...range, unit, interval, timeZone }) as Buckets,
        intervalMs: interval * INTERVAL_MS[unit],
        intervalCount: count,
        unbounded,
      });
      assert.deepEqual(body, slow);
    },
  };
}

/** `NAME where EXPR`, with the parts that reports have. */
function randomStep(random: Random): { text: string; step: SlowFunnel["steps"][number] } {
  const event = random.pick(NAMES);
  if (random.chance(0.6)) return { text: event, step: { event } };
  const { flags: [, text], holds } = randomWhere(random, { chance: 1, depth: 0 });
  return { text: `${event} where ${text}`, step: { event, where: holds } };
}

type Numbers = Record<string, { all: number | null }>;
interface FunnelNumbers {
  count: Numbers;
  avg_time: Numbers;
  avg_time_from_start: Numbers;
}

export function funnel(random: Random): RandomAsk {
  const range = randomRange(random, 14);
  const steps = Array.from({ length: 2 + random.below(2) }, () => randomStep(random));
  const [length, within] = random.pick(
    [[2000, "2s"], [2 * 3_600_000, "2h"], [DAY_MS, "1d"], [7 * DAY_MS, "7d"]] as const,
  );
  const counting = random.pick(["uniques", "totals"] as const);
  const unit = random.chance(0.7) ? random.pick(["day", "week", "month"] as const) : undefined;
  const isAnyOrder = random.chance(0.2);
  const by = random.chance(0.3) ? random.pick(["plan", "vip"]) : undefined;
  const held = random.chance(0.2) ? random.pick(["plan", "events"]) : undefined;
  const excluded = random.chance(0.2) ? random.pick(NAMES) : undefined;
  const where = randomWhere(random, { chance: 0.3, depth: 0 });
  return {
    argv: [
      ...["query", "funnel", ...steps.map(({ text }) => text), ...rangeFlags(range), "--within", within],
      ...["--math", counting === "uniques" ? "unique" : "total", ...where.flags],
      ...(unit === undefined ? [] : ["--unit", unit]),
      ...(isAnyOrder ? ["--any-order"] : []),
      ...(by === undefined ? [] : ["--by", by]),
      ...(held === undefined ? [] : ["--hold", held]),
      ...(excluded === undefined ? [] : ["--exclude", excluded]),
    ],
    check(body, events, timeZone) {
      const buckets = timeBuckets({ ...range, unit: unit ?? "year", timeZone });
      const rules: SlowFunnel = {
        steps: steps.map(({ step }) => ({ ...step, inAnyOrder: isAnyOrder })),
        buckets,
        windowMs: length,
        where: where.holds,
        counting,
        ...(held !== undefined && { holding: [({ properties }: AnalyticsEvent) => properties[held]] }),
        ...(excluded !== undefined && { exclusions: [{ event: excluded }] }),
      };
      const attempts = slowAttempts(events, rules);
      const [series] = Object.values(body.series as Record<string, unknown>);
      const check = (found: FunnelNumbers, bucket: string, segment: string, chosen = attempts) => {
        const numbers = (all: Numbers) => Object.values(all).map((one) => one.all);
        assert.deepEqual(numbers(found.count), slowCounts(chosen, rules, bucket, segment));
        const times = slowTimes(chosen, rules, bucket, segment);
        assert.deepEqual(numbers(found.avg_time), times.map(([time]) => time));
        assert.deepEqual(numbers(found.avg_time_from_start), times.map(([, time]) => time));
      };
      const checkBuckets = (found: unknown, segment: string, chosen = attempts) => {
        if (unit === undefined) return check(found as FunnelNumbers, buckets.keys[0]!, segment, chosen);
        const byBucket = Object.entries(found as Record<string, FunnelNumbers>);
        assert.deepEqual(byBucket.map(([key]) => key.slice(0, 10)), buckets.keys);
        for (const [key, numbers] of byBucket) check(numbers, key.slice(0, 10), segment, chosen);
      };
      if (by === undefined) return checkBuckets(series, "all");
      const split = slowAttempts(events, { ...rules, segmentsOf: ({ properties }) => slowKeys(properties[by]) });
      for (const [segment, found] of Object.entries(series as Record<string, unknown>)) {
        if (segment === "$overall") checkBuckets(found, "all");
        else checkBuckets(found, segment, split);
      }
    },
  };
}
