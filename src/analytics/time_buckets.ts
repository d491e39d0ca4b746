import { dayAt, startOfDayMs } from "./calendar.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const TYPICAL_LENGTH_MS = {
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
  quarter: 91 * DAY_MS,
  year: 365 * DAY_MS,
};

/** The lengths of time that a report can be cut into. Weeks start on Monday. */
export type TimeUnit = keyof typeof TYPICAL_LENGTH_MS;

/** How much later the next unit begins. */
const STEPS = {
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
};
type DayUnit = keyof typeof STEPS;

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** A range of days, both included, in a project's time zone. */
export interface BucketedDays {
  /** `2026-08-01` */
  fromDay: string;
  toDay: string;
  unit: TimeUnit;
  /** An IANA name such as `Europe/Berlin`. Default: UTC. */
  timeZone?: string;
  /** How many units make one bucket, counted from the first. Default: 1. */
  interval?: number;
}

/** A range of time cut into buckets, made for asking millions of times which bucket a moment is in. */
export interface Buckets {
  readonly unit: TimeUnit;
  /** In order of time: `2026-08-01` for days and longer units, `2026-08-01 13:00:00` for hours and minutes. */
  readonly keys: readonly string[];
  /** The first moment of the range, in milliseconds since 1970. */
  readonly startMs: number;
  /** The first moment after the range. */
  readonly endMs: number;
  /** Position in `keys` of the bucket that a moment falls into, or -1 outside the range. */
  indexOf(timeMs: number): number;
  /** Key of the bucket that a moment falls into, or undefined outside the range. */
  bucketOf(timeMs: number): string | undefined;
  /** Answers as `indexOf` does, and faster for moments that are near the one before. */
  cursor(): BucketCursor;
  /** The stretch of time around a moment that is in one bucket, or before or after all of them. */
  stretchAt(timeMs: number): BucketStretch;
}

/** Time from a moment up to another. */
export interface BucketStretch {
  startMs: number;
  endMs: number;
  /** Position of the bucket in `keys`, or -1. */
  index: number;
}

/** Remembers the bucket of the last moment. */
export class BucketCursor {
  #startMs = Infinity;
  #endMs = -Infinity;
  #index = -1;

  constructor(private readonly buckets: Buckets) {}

  indexOf(timeMs: number): number {
    if (timeMs >= this.#startMs && timeMs < this.#endMs) return this.#index;
    const { startMs, endMs, index } = this.buckets.stretchAt(timeMs);
    this.#startMs = startMs;
    this.#endMs = endMs;
    return this.#index = index;
  }
}

/**
 * Cuts whole days into buckets with Mixpanel's keys.
 *
 * A week's or month's key is its first day, also when the range starts later. An hour that a clock change repeats
 * is one bucket, since it has one key; an hour that a clock change skips has none.
 * Throws RangeError for a day or time zone that does not exist.
 */
export function timeBuckets({ fromDay, toDay, unit, timeZone = "UTC", interval = 1 }: BucketedDays): Buckets {
  const first = Temporal.PlainDate.from(fromDay, { overflow: "reject" });
  const last = Temporal.PlainDate.from(toDay, { overflow: "reject" });
  const endMs = startOfDayMs(last.add({ days: 1 }), timeZone);
  return cut(startOfDayMs(first, timeZone), endMs, unit, timeZone, interval);
}

/**
 * Cuts the time up to now into buckets: `interval` 1 is the current unit, 2 the current and the previous one.
 */
export function recentBuckets(
  { interval, unit, nowMs, timeZone = "UTC" }: { interval: number; unit: TimeUnit; nowMs: number; timeZone?: string },
): Buckets {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  if (unit === "minute" || unit === "hour") {
    const current = now.round({ smallestUnit: unit, roundingMode: "floor" });
    const start = current.subtract({ [`${unit}s`]: interval - 1 });
    return cut(start.epochMilliseconds, current.add({ [`${unit}s`]: 1 }).epochMilliseconds, unit, timeZone);
  }
  const first = firstDayOf(now.toPlainDate(), unit);
  const step = Temporal.Duration.from(STEPS[unit]);
  let start = first;
  for (let count = 1; count < interval; count++) start = start.subtract(step);
  const end = first.add(step);
  return cut(startOfDayMs(start, timeZone), startOfDayMs(end, timeZone), unit, timeZone);
}

/**
 * Cuts whole days by what the clock or the calendar shows: hours of the day have the keys `0` to `23`, days of the week
 * their English names, Monday first.
 */
export function clockBuckets(
  { fromDay, toDay, timeZone = "UTC", by }: Omit<BucketedDays, "unit" | "interval"> & {
    by: "hour_of_day" | "day_of_week";
  },
): Buckets {
  const unit = by === "hour_of_day" ? "hour" : "day";
  const { startMs, endMs } = timeBuckets({ fromDay, toDay, unit: "day", timeZone });
  const starts: number[] = [];
  const keyIndexes: number[] = [];
  for (const [bucketStartMs, key] of boundaries(startMs, endMs, unit, timeZone)) {
    starts.push(bucketStartMs);
    keyIndexes.push(unit === "hour" ? Number(key.slice(11, 13)) : Temporal.PlainDate.from(key).dayOfWeek - 1);
  }
  const keys = unit === "hour" ? Array.from({ length: 24 }, (_, hour) => String(hour)) : WEEKDAYS;
  return new BucketTable(unit, keys, Float64Array.from([...starts, endMs]), Uint32Array.from(keyIndexes));
}

/** One bucket, of all the time from a moment up to another. */
export function spanOfTime(startMs: number, endMs: number): Buckets {
  return new BucketTable("day", ["all"], Float64Array.of(startMs, endMs), Uint32Array.of(0));
}

function cut(startMs: number, endMs: number, unit: TimeUnit, timeZone: string, interval = 1): Buckets {
  const keys: string[] = [];
  const starts: number[] = [];
  const keyIndexes: number[] = [];
  const positions = new Map<string, number>();
  for (const [bucketStartMs, key] of boundaries(startMs, endMs, unit, timeZone)) {
    let position = positions.get(key);
    if (position === undefined) {
      position = Math.floor(positions.size / interval);
      positions.set(key, position);
      if (position === keys.length) keys.push(key);
    }
    starts.push(bucketStartMs);
    keyIndexes.push(position);
  }
  return new BucketTable(unit, keys, Float64Array.from([...starts, endMs]), Uint32Array.from(keyIndexes));
}

function* boundaries(startMs: number, endMs: number, unit: TimeUnit, timeZone: string): Iterable<[number, string]> {
  if (unit === "minute" || unit === "hour") {
    yield* clockBoundaries(startMs, endMs, unit === "minute" ? MINUTE_MS : HOUR_MS, timeZone);
    return;
  }
  let day = firstDayOf(
    dayAt(startMs, timeZone),
    unit,
  );
  for (let bucketStartMs = startMs; bucketStartMs < endMs; bucketStartMs = startOfDayMs(day, timeZone)) {
    yield [bucketStartMs, day.toString()];
    day = day.add(STEPS[unit]);
  }
}

/** Walks from one clock change to the next: between two of them, arithmetic on local time is exact and cheap. */
function* clockBoundaries(
  startMs: number,
  endMs: number,
  stepMs: number,
  timeZone: string,
): Iterable<[number, string]> {
  let moment = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(timeZone);
  while (moment.epochMilliseconds < endMs) {
    const offsetMs = moment.offsetNanoseconds / 1e6;
    const change = moment.getTimeZoneTransition("next");
    const untilMs = Math.min(change?.epochMilliseconds ?? endMs, endMs);
    let localMs = Math.floor((moment.epochMilliseconds + offsetMs) / stepMs) * stepMs;
    for (; localMs - offsetMs < untilMs; localMs += stepMs) {
      yield [Math.max(localMs - offsetMs, moment.epochMilliseconds), clockKey(localMs)];
    }
    if (change === null) return;
    moment = change;
  }
}

/** `2026-08-01 13:00:00` for local time counted as if it were UTC. */
function clockKey(localMs: number): string {
  const text = new Date(localMs).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)}`;
}

/** The first day of the unit that a day is in. */
function firstDayOf(day: Temporal.PlainDate, unit: DayUnit): Temporal.PlainDate {
  switch (unit) {
    case "day":
      return day;
    case "week":
      return day.subtract({ days: day.dayOfWeek - 1 });
    case "month":
      return day.with({ day: 1 });
    case "quarter":
      return day.with({ day: 1, month: day.month - (day.month - 1) % 3 });
    case "year":
      return day.with({ day: 1, month: 1 });
  }
}

class BucketTable implements Buckets {
  readonly startMs: number;
  readonly endMs: number;
  readonly #typicalLengthMs: number;

  /** `starts` has one entry more than `keyIndexes`: the end of the range. */
  constructor(
    readonly unit: TimeUnit,
    readonly keys: readonly string[],
    private readonly starts: Float64Array,
    private readonly keyIndexes: Uint32Array,
  ) {
    this.startMs = starts[0];
    this.endMs = starts[starts.length - 1];
    this.#typicalLengthMs = TYPICAL_LENGTH_MS[unit];
  }

  indexOf(timeMs: number): number {
    const slot = this.#slotOf(timeMs);
    return slot < 0 ? -1 : this.keyIndexes[slot];
  }

  bucketOf(timeMs: number): string | undefined {
    const index = this.indexOf(timeMs);
    return index < 0 ? undefined : this.keys[index];
  }

  cursor(): BucketCursor {
    return new BucketCursor(this);
  }

  stretchAt(timeMs: number): BucketStretch {
    const { starts, keyIndexes, startMs, endMs } = this;
    const slot = this.#slotOf(timeMs);
    if (slot >= 0) return { startMs: starts[slot], endMs: starts[slot + 1], index: keyIndexes[slot] };
    return timeMs < startMs
      ? { startMs: -Infinity, endMs: startMs, index: -1 }
      : { startMs: endMs, endMs: Infinity, index: -1 };
  }

  /** Guesses by the typical length, then steps: a clock change or a long month puts the guess off by very few. */
  #slotOf(timeMs: number): number {
    const { starts } = this;
    if (!(timeMs >= this.startMs && timeMs < this.endMs)) return -1;
    let slot = Math.min(Math.floor((timeMs - this.startMs) / this.#typicalLengthMs), this.keyIndexes.length - 1);
    while (starts[slot] > timeMs) slot--;
    while (starts[slot + 1] <= timeMs) slot++;
    return slot;
  }
}
