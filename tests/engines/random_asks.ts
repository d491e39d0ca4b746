/** Random events, and random questions about them with their answers by somebody who looks at each event again. */
import assert from "node:assert/strict";
import type { CountType } from "../../src/analytics/count_type.ts";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { type Buckets, timeBuckets } from "../../src/analytics/time_buckets.ts";
import type { Random } from "../helpers/random.ts";
import { slowFrequency, slowKeys, slowRetention, slowSeries, slowSums } from "../helpers/slow_reports.ts";
import { NOW_MS } from "../helpers/world.ts";
import { randomRow } from "../sql/random_expressions.ts";

const DAY_MS = 86_400_000;
const DAYS = 36;
const NAMES = ["View", 'Add to "cart"', "it's", "Käufe\\n"];
/** Clocks are put back in Berlin and in New York. */
const CLOCK_CHANGES = [Date.UTC(2026, 9, 25, 0), Date.UTC(2026, 10, 1, 5)];

type Body = Record<string, unknown>;

export interface RandomAsk {
  /** Of `mp`. */
  argv: string[];
  /** Compares the answer with what all events give that count. */
  check(body: Body, events: readonly AnalyticsEvent[], timeZone: string): void;
}

/** Events of the last weeks, by the time. No two of one person are of the same moment. */
export function randomEvents(random: Random, count: number): AnalyticsEvent[] {
  const taken = new Set<string>();
  const events: AnalyticsEvent[] = [];
  while (events.length < count) {
    const timeMs = random.chance(0.15)
      ? random.pick(CLOCK_CHANGES) + random.below(4 * 3600) * 1000
      : NOW_MS - 60_000 - random.below(DAYS * 24) * 3_600_000 - random.below(3600) * 1000;
    const distinctId = `u-${random.below(14)}`;
    if (taken.has(`${distinctId} ${timeMs}`)) continue;
    taken.add(`${distinctId} ${timeMs}`);
    const properties = { ...randomRow(random), $insert_id: `i-${events.length}` };
    events.push({ name: random.pick(NAMES), timeMs, distinctId, properties });
  }
  return events.sort((a, b) => a.timeMs - b.timeMs);
}

interface Condition {
  text: string;
  holds(event: AnalyticsEvent): boolean;
}

function randomCondition(random: Random, depth = 1): Condition {
  const amount = random.pick([0, 1, 2.5, -2.5]);
  const part = random.pick(["r", "a\\b", "o"]);
  const text = random.pick(["pro", "it's", "a\\b", "naïve"]);
  const count = random.pick([-1, 0, 3, 40]);
  const quoted = (value: string) => JSON.stringify(value);
  const number = (value: unknown): value is number => typeof value === "number";
  const simple: Condition[] = [
    {
      text: `properties["amount"] > ${amount}`,
      holds: ({ properties }) => number(properties.amount) && properties.amount > amount,
    },
    {
      text: `properties["events"] <= ${count}`,
      holds: ({ properties }) => number(properties.events) && properties.events <= count,
    },
    { text: `properties["plan"] == ${quoted(text)}`, holds: ({ properties }) => properties.plan === text },
    {
      text: `${quoted(part)} in properties["plan"]`,
      holds: ({ properties }) => typeof properties.plan === "string" && properties.plan.includes(part),
    },
    {
      text: `properties["plan"] in [${quoted(text)}, "free"]`,
      holds: ({ properties }) => properties.plan === text || properties.plan === "free",
    },
    { text: `properties["vip"] == true`, holds: ({ properties }) => properties.vip === true },
    { text: `defined(properties["plan"])`, holds: ({ properties }) => properties.plan !== undefined },
    { text: `not defined(properties["amount"])`, holds: ({ properties }) => properties.amount === undefined },
  ];
  if (depth === 0 || random.chance(0.6)) return random.pick(simple);
  const [left, right] = [randomCondition(random, depth - 1), randomCondition(random, depth - 1)];
  return random.chance(0.5)
    ? { text: `(${left.text}) and (${right.text})`, holds: (event) => left.holds(event) && right.holds(event) }
    : { text: `(${left.text}) or (${right.text})`, holds: (event) => left.holds(event) || right.holds(event) };
}

interface Range {
  fromDay: string;
  toDay: string;
}

const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);

function randomRange(random: Random, longest = DAYS): Range {
  // Yesterday is over in every zone.
  const first = 1 + random.below(DAYS - 1);
  const length = random.below(Math.min(first, longest));
  return { fromDay: dayOf(NOW_MS - first * DAY_MS), toDay: dayOf(NOW_MS - (first - length) * DAY_MS) };
}

const rangeFlags = ({ fromDay, toDay }: Range): string[] => ["--from", fromDay, "--to", toDay, "-f", "json"];

interface Where {
  flags: string[];
  holds(event: AnalyticsEvent): boolean;
}

function randomWhere(random: Random, flag = "--where"): Where {
  if (random.chance(0.5)) return { flags: [], holds: () => true };
  const { text, holds } = randomCondition(random);
  return { flags: [flag, text], holds };
}

const PROPERTIES = ["plan", 'Größe "cm"', "amount", "events", "vip"];
const propertyText = (name: string): string => `properties[${JSON.stringify(name)}]`;

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

const INTERVAL_MS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };

function retention(random: Random): RandomAsk {
  const range = randomRange(random, 14);
  const born = random.pick(NAMES), returned = random.chance(0.7) ? random.pick(NAMES) : undefined;
  const bornWhere = randomWhere(random, "--born-where"), where = randomWhere(random);
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

const KINDS: readonly (readonly [number, (random: Random) => RandomAsk])[] = [
  [6, segmentation],
  [2, sums],
  [1, numeric],
  [2, events],
  [2, frequency],
  [3, retention],
];

export function randomAsk(random: Random): RandomAsk {
  let place = random.below(KINDS.reduce((sum, [weight]) => sum + weight, 0));
  return KINDS.find(([weight]) => (place -= weight) < 0)![1](random);
}
