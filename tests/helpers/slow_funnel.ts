/** A funnel computed word by word: each rule as the documents say it, by looking through all events of a person again. */
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { dayAt } from "../../src/analytics/calendar.ts";
import type { Buckets } from "../../src/analytics/time_buckets.ts";
import { stringifyJson } from "../../src/streams/json/json.ts";
import { slowPeople } from "./slow_reports.ts";

const GRACE_MS = 2000;

interface Kind {
  event: string;
  where?: (event: AnalyticsEvent) => boolean;
}

export interface SlowFunnel {
  steps: (Kind & { inAnyOrder?: boolean })[];
  buckets: Buckets;
  windowMs: number;
  windowSessions?: number;
  where?: (event: AnalyticsEvent) => boolean;
  counting?: "uniques" | "totals" | "sessions";
  exclusions?: (Kind & { after?: number; before?: number })[];
  holding?: ((event: AnalyticsEvent) => unknown)[];
  reentersOptimally?: boolean;
  sessions?: { timeoutMs: number; timeZone: string };
  /** The segments that a first step's event is in. */
  segmentsOf?: (event: AnalyticsEvent) => string[];
}

export interface SlowAttempt {
  bucket: string;
  segment: string;
  /** When each step was done. */
  timesMs: number[];
}

/** All attempts that count, of everybody. */
export function slowAttempts(events: readonly AnalyticsEvent[], funnel: SlowFunnel): SlowAttempt[] {
  return slowPeople(events).flatMap((person) => {
    return new SlowPerson(events.filter(({ distinctId }) => distinctId === person), funnel).counted();
  });
}

/** How many attempts reach each step, by bucket and segment. */
export function slowCounts(attempts: SlowAttempt[], { steps }: SlowFunnel, bucket: string, segment: string): number[] {
  const here = attempts.filter((attempt) => attempt.bucket === bucket && attempt.segment === segment);
  return steps.map((_, index) => here.filter(({ timesMs }) => timesMs.length > index).length);
}

/** Whole seconds from the first step, and from the step before, on average. */
export function slowTimes(attempts: SlowAttempt[], { steps }: SlowFunnel, bucket: string, segment: string) {
  const here = attempts.filter((attempt) => attempt.bucket === bucket && attempt.segment === segment);
  return steps.map((_, index) => {
    const there = here.filter(({ timesMs }) => timesMs.length > index);
    if (index === 0 || there.length === 0) return [null, null];
    const mean = (from: number) =>
      Math.round(there.reduce((sum, { timesMs }) => sum + timesMs[index]! - timesMs[from]!, 0) / there.length / 1000);
    return [mean(index - 1), mean(0)];
  });
}

interface Way {
  entry: number;
  used: number[];
  /** The attempt is over after this event. */
  end: number;
}

class SlowPerson {
  readonly events: AnalyticsEvent[];
  readonly session: number[];

  constructor(all: AnalyticsEvent[], readonly funnel: SlowFunnel) {
    const sessions = this.#sessionsOf(all);
    const { startMs, endMs } = funnel.buckets;
    const looked = all.map((event, index) => ({ event, session: sessions[index]! })).filter(({ event }) =>
      event.timeMs >= startMs && event.timeMs <= endMs + funnel.windowMs && (funnel.where?.(event) ?? true)
    );
    this.events = looked.map(({ event }) => event);
    this.session = looked.map(({ session }) => session);
  }

  counted(): SlowAttempt[] {
    const { counting = "uniques", reentersOptimally, segmentsOf = () => ["all"] } = this.funnel;
    const found: { way: Way; segment: string }[] = [];
    const segmentsAt = (way: Way) => segmentsOf(this.events[way.entry]!);
    const isNew = (segment: string) => !found.some((one) => one.segment === segment);
    if (reentersOptimally) {
      const ways = this.#optimalWays();
      const groups = counting === "sessions"
        ? Map.groupBy(ways, ({ entry }) => this.session[entry])
        : [[0, ways]] as const;
      for (const [, group] of groups) {
        for (const segment of new Set(group.flatMap(segmentsAt))) {
          const inSegment = group.filter((way) => segmentsAt(way).includes(segment));
          const furthest = Math.max(...inSegment.map(({ used }) => used.length));
          const chosen = counting === "totals" ? inSegment : [inSegment.find(({ used }) => used.length === furthest)!];
          for (const way of chosen) found.push({ way, segment });
        }
      }
    } else if (counting === "sessions") {
      for (const session of new Set(this.session)) {
        const entry = this.#entries().find((index) => this.session[index] === session);
        if (entry === undefined) continue;
        const way = this.#follow(entry, this.session.indexOf(session) - 1);
        for (const segment of segmentsAt(way)) found.push({ way, segment });
      }
    } else {
      const needsExit = counting === "totals" || !this.funnel.holding?.length;
      let end = -1;
      for (const entry of this.#entries()) {
        if (needsExit && entry <= end) continue;
        const way = this.#follow(entry, end);
        if (needsExit) end = way.end;
        for (const segment of segmentsAt(way)) {
          if (counting === "totals" || isNew(segment)) found.push({ way, segment });
        }
      }
    }
    return found.map(({ way: { entry, used }, segment }) => ({
      bucket: this.funnel.buckets.bucketOf(this.events[entry]!.timeMs)!,
      segment,
      // What is simultaneous takes no time.
      timesMs: used.map((_, index) => Math.max(...used.slice(0, index + 1).map((each) => this.events[each]!.timeMs))),
    }));
  }

  /** Every entry; where several go on with the same event, the latest of them does. */
  #optimalWays(): Way[] {
    const ways = this.#entries().map((entry) => this.#follow(entry, -1));
    return ways.map((way) => {
      const isLatest = ways.filter(({ used }) => used[1] === way.used[1]).at(-1) === way;
      return way.used.length === 1 || isLatest ? way : { ...way, used: [way.entry] };
    });
  }

  #entries(): number[] {
    const first = this.#openAfter(0);
    return [...this.events.keys()].filter((index) =>
      this.events[index]!.timeMs < this.funnel.buckets.endMs && this.#stepAt(index, first) !== undefined
    );
  }

  #follow(entry: number, after: number): Way {
    const { steps, exclusions = [] } = this.funnel;
    const used = [entry];
    const done = [this.#stepAt(entry, this.#openAfter(0))!];
    while (done.length < steps.length) {
      const lastMs = this.events[used.at(-1)!]!.timeMs;
      const candidates = [...this.events.keys()].filter((index) =>
        index > after && !used.includes(index) && this.events[index]!.timeMs >= lastMs - GRACE_MS &&
        this.#isInWindow(entry, index)
      );
      const open = this.#openAfter(done.length).filter((step) => !done.includes(step));
      const next = candidates.find((index) =>
        this.#stepAt(index, open) !== undefined && this.#heldAt(index) === this.#heldAt(entry)
      );
      const active = exclusions.filter(({ after: from = 0, before = steps.length - 1 }) =>
        done.length > from && done.length <= before
      );
      const excluded = candidates.find((index) => active.some((kind) => this.#is(index, kind)));
      if (excluded !== undefined && (next === undefined || excluded < next)) return { entry, used, end: excluded };
      if (next === undefined) {
        return { entry, used, end: [...this.events.keys()].findLast((index) => this.#isInWindow(entry, index))! };
      }
      used.push(next);
      done.push(this.#stepAt(next, open)!);
    }
    return { entry, used, end: Math.max(...used) };
  }

  /** The steps of which one comes next when so many are done. */
  #openAfter(count: number): number[] {
    const { steps } = this.funnel;
    let [first, last] = [count, count];
    if (steps[count]!.inAnyOrder) {
      while (steps[first - 1]?.inAnyOrder) first--;
      while (steps[last + 1]?.inAnyOrder) last++;
    }
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  }

  #stepAt(index: number, open: number[]): number | undefined {
    if (this.#heldAt(index) === undefined) return undefined;
    return open.find((step) => this.#is(index, this.funnel.steps[step]!));
  }

  #is(index: number, { event, where }: Kind): boolean {
    return this.events[index]!.name === event && (where?.(this.events[index]!) ?? true);
  }

  #heldAt(index: number): string | undefined {
    const values = (this.funnel.holding ?? []).map((value) => value(this.events[index]!));
    return values.includes(undefined) ? undefined : stringifyJson(values);
  }

  #isInWindow(entry: number, index: number): boolean {
    const { windowMs, windowSessions = Infinity } = this.funnel;
    return this.events[index]!.timeMs - this.events[entry]!.timeMs <= windowMs &&
      this.session[index]! - this.session[entry]! < windowSessions;
  }

  #sessionsOf(events: AnalyticsEvent[]): number[] {
    const { timeoutMs, timeZone } = this.funnel.sessions ?? { timeoutMs: 30 * 60_000, timeZone: "UTC" };
    const days = events.map(({ timeMs }) => dayAt(timeMs, timeZone).toString());
    const begins = events.map(({ timeMs }, index) =>
      index === 0 || timeMs - events[index - 1]!.timeMs > timeoutMs || days[index] !== days[index - 1]
    );
    return begins.map((_, index) => begins.slice(0, index + 1).filter((begin) => begin).length);
  }
}
