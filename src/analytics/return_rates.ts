/**
 * Retention as today's reports have it: everybody who was born counts in the 0th bucket, and segments are of the event
 * with which people are born.
 */
import type { EventView } from "./rows/event_view.ts";
import { acrossChunks, EVERY_ROW, type RowValue } from "./rows/row_value.ts";
import type { NamedRows } from "./rows/row_filters.ts";
import { chosenNames } from "./rows/scan.ts";
import { Segmenter } from "./rows/segmenter.ts";
import { largest } from "./ranking.ts";
import type { RetentionRow } from "./retention.ts";
import type { Buckets } from "./time_buckets.ts";

/**
 * In which buckets somebody counts who comes back in some of them: `none` in just those, `carry_back` in those before,
 * too, `carry_forward` in those after, `consecutive_forward` up to the first in which they do not come back.
 */
export type UnboundedMode = "none" | "carry_back" | "carry_forward" | "consecutive_forward";

export interface ReturnRatesQuery {
  born: NamedRows;
  returned: NamedRows;
  /** `birth`: people belong to the period of their first born event; `compounded`: to every period in which they did it. */
  kind: "birth" | "compounded";
  /** The periods. */
  buckets: Buckets;
  /** Where buckets after a beginning end, each as milliseconds since it: the 0th is first. */
  endsOf: (birthMs: number) => readonly number[];
  bucketCount: number;
  unbounded: UnboundedMode;
  /** Counts events in place of people. */
  countsEvents: boolean;
  on?: { value: RowValue; keysOf: (value: unknown) => readonly string[] };
  limit: number;
}

export interface ReturnRates {
  /** By period. */
  overall: RetentionRow[];
  segments: Map<string, RetentionRow[]>;
  isCut: boolean;
}

export function returnRates(view: EventView, query: ReturnRatesQuery): ReturnRates {
  const watch = new ReturnWatch(view, query);
  const sizes = watch.keys.map((key, index): [string, number] => {
    return [key, watch.rows(index + 1).reduce((sum, { first }) => sum + first, 0)];
  });
  const kept = largest(sizes.filter(([, size]) => size > 0), query.limit);
  const numbers = new Map(watch.keys.map((key, index) => [key, index + 1]));
  return {
    overall: watch.rows(0),
    segments: new Map(kept.map(([key]) => [key, watch.rows(numbers.get(key)!)])),
    isCut: kept.length < sizes.filter(([, size]) => size > 0).length,
  };
}

class ReturnWatch {
  readonly #firsts: number[] = [];
  readonly #counts: number[] = [];
  readonly #segmenter: Segmenter | undefined;
  readonly #segmentOf: ((place: number) => number) | undefined;

  constructor(private readonly view: EventView, private readonly query: ReturnRatesQuery) {
    const { on, born, returned } = query;
    this.#segmenter = on && new Segmenter(on.value, on.keysOf);
    this.#segmentOf = this.#segmenter && acrossChunks(view.chunks, this.#segmenter);
    const isBirth = testOf(view, born);
    const isReturn = testOf(view, returned);
    const { starts } = view.byPerson;
    for (let person = 1; person + 1 < starts.length; person++) {
      const end = starts[person + 1]!;
      for (const birth of this.#births(starts[person]!, end, isBirth)) {
        this.#follow(birth, starts[person]!, end, isReturn);
      }
    }
  }

  get keys(): readonly string[] {
    return this.#segmenter?.keys ?? [];
  }

  /** By period. Segment 0 is all of them. */
  rows(segment: number): RetentionRow[] {
    const { buckets, bucketCount } = this.query;
    return buckets.keys.map((_, period) => {
      const first = this.#cell(segment, period);
      const counts = Array.from(
        { length: bucketCount },
        (_, bucket) => this.#counts[first * bucketCount + bucket] ?? 0,
      );
      return { first: this.#firsts[first] ?? 0, counts };
    });
  }

  #cell(segment: number, period: number): number {
    return segment * this.query.buckets.keys.length + period;
  }

  #births(start: number, end: number, isBirth: (at: number) => boolean): number[] {
    const { timesMs } = this.view.byPerson;
    const { buckets, kind } = this.query;
    const births: number[] = [];
    let last = -1;
    for (let at = start; at < end; at++) {
      if (!isBirth(at)) continue;
      const period = buckets.indexOf(timesMs[at]!);
      if (period >= 0 && period !== last) births.push(at);
      // Somebody who was born before the range is not born in it.
      if (kind === "birth") return births;
      if (period >= 0) last = period;
    }
    return births;
  }

  #follow(birth: number, start: number, end: number, isReturn: (at: number) => boolean): void {
    const { timesMs, places } = this.view.byPerson;
    const { buckets, endsOf, bucketCount } = this.query;
    const birthMs = timesMs[birth]!;
    const ends = endsOf(birthMs);
    const returns = new Array<number>(bucketCount).fill(0);
    // Nobody comes back with the event that they began with, but with another one of the same moment.
    let at = birth;
    while (at > start && timesMs[at - 1] === birthMs) at--;
    for (let bucket = 0; at < end && bucket < bucketCount; at++) {
      while (bucket < bucketCount && timesMs[at]! - birthMs >= ends[bucket]!) bucket++;
      if (bucket < bucketCount && at !== birth && isReturn(at)) returns[bucket]!++;
    }
    const counted = this.#counted(returns);
    const period = buckets.indexOf(birthMs);
    this.#add(0, period, counted);
    const segment = this.#segmentOf?.(places[birth]!);
    if (segment === undefined) return;
    for (const each of this.#segmenter!.several(segment)) this.#add(each + 1, period, counted);
  }

  /** By bucket: how much somebody counts. */
  #counted(returns: readonly number[]): readonly number[] {
    const { unbounded, countsEvents } = this.query;
    if (countsEvents) return returns;
    const came = returns.map((count, bucket) => bucket === 0 || count > 0);
    const last = came.lastIndexOf(true);
    const firstReturn = came.indexOf(true, 1);
    const firstMiss = came.includes(false) ? came.indexOf(false) : came.length;
    return came.map((isThere, bucket) => {
      if (bucket === 0) return 1;
      switch (unbounded) {
        case "none":
          return isThere ? 1 : 0;
        case "carry_back":
          return bucket <= last ? 1 : 0;
        case "carry_forward":
          return firstReturn >= 0 && bucket >= firstReturn ? 1 : 0;
        case "consecutive_forward":
          return bucket < firstMiss ? 1 : 0;
      }
    });
  }

  #add(segment: number, period: number, counted: readonly number[]): void {
    const cell = this.#cell(segment, period);
    this.#firsts[cell] = (this.#firsts[cell] ?? 0) + 1;
    for (const [bucket, count] of counted.entries()) {
      const place = cell * this.query.bucketCount + bucket;
      this.#counts[place] = (this.#counts[place] ?? 0) + count;
    }
  }
}

function testOf(view: EventView, { names, where = EVERY_ROW }: NamedRows): (at: number) => boolean {
  const chosen = chosenNames(view, names);
  const passes = acrossChunks(view.chunks, where);
  const { names: codes, places } = view.byPerson;
  return (at) => chosen[codes[at]!] === 1 && passes(places[at]!);
}
