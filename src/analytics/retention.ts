import { CellCounts, Cells, NO_CELL } from "./cells.ts";
import { largest } from "./ranking.ts";
import type { EventView } from "./rows/event_view.ts";
import { acrossChunks, EVERY_ROW, type RowFilter, type RowPlace, type RowValue } from "./rows/row_value.ts";
import { chosenNames } from "./rows/scan.ts";
import { Segmenter } from "./rows/segmenter.ts";
import type { Buckets } from "./time_buckets.ts";

const DEFAULT_SEGMENTS = 255;

/** Who is watched, and what counts as coming back. */
export interface RetentionQuery {
  /**
   * `birth`: each user belongs to the period in which they first did the born event. `compounded`: to every period in
   * which they did the event.
   */
  kind: "birth" | "compounded";
  /** What begins a birth; without it, any event. Ignored when compounded. */
  bornEvent?: string;
  bornWhere?: RowFilter;
  /** What counts as coming back; without it, any event. */
  event?: string;
  where?: RowFilter;
  /** The periods whose users are watched. Later events still count as coming back. */
  buckets: Buckets;
  /** Length of the intervals after a user's beginning: a day is 24 hours, not a calendar day. */
  intervalMs: number;
  /** How many intervals there are after the 0th. */
  intervalCount: number;
  /** Counts whoever comes back in an interval also in those before it. */
  unbounded?: boolean;
}

/** The users of one period. Property names are Mixpanel's. */
export interface RetentionRow {
  /** How many came back in the 0th, 1st, … interval after their beginning. */
  counts: number[];
  /** How many there are. */
  first: number;
}

/** Counts how many users come back, and after how long. (Mixpanel: `/retention`) */
export function retention(view: EventView, query: RetentionQuery): Record<string, RetentionRow> {
  const watch = new Watch(view, query);
  return Object.fromEntries(query.buckets.keys.map((key, bucket) => [key, watch.row(0, bucket)]));
}

/**
 * Retention split by a value of the event with which users come back: the segments with which somebody does. `first` is
 * that of the whole period in every segment. (Mixpanel: `/retention` with `on`, whose answer's shape is not documented.)
 */
export function retentionBySegment(
  view: EventView,
  { on, limit = DEFAULT_SEGMENTS, ...query }: RetentionQuery & { on: RowValue; limit?: number },
): Record<string, Record<string, RetentionRow>> {
  const segmenter = new Segmenter(on);
  const watch = new Watch(view, query, segmenter);
  const { keys } = segmenter;
  const sizes = keys.map((key, segment): [string, number] => [key, watch.sizeOf(segment)]);
  const kept = largest(sizes.filter(([, size]) => size > 0), limit);
  return Object.fromEntries(query.buckets.keys.map((key, bucket) => {
    return [key, Object.fromEntries(kept.map(([segment]) => [segment, watch.row(segmenter.add(segment), bucket)]))];
  }));
}

/** Follows everybody from their beginning on, person by person. */
class Watch {
  /** How many people belong to each period. */
  readonly #firsts: Float64Array;
  readonly #cells: Cells;
  readonly #counts = new CellCounts();
  /** Whom a cell counted last: everybody counts once. */
  readonly #last = new CellCounts();
  readonly #view: EventView;
  readonly #query: RetentionQuery;
  readonly #isBirth: (at: number) => boolean;
  readonly #isReturn: (at: number) => boolean;
  readonly #segmentOf: (place: RowPlace) => number;
  readonly #segmenter: Segmenter | undefined;

  constructor(view: EventView, query: RetentionQuery, segmenter?: Segmenter) {
    this.#view = view;
    this.#query = query;
    this.#segmenter = segmenter;
    this.#firsts = new Float64Array(query.buckets.keys.length);
    this.#cells = new Cells(query.buckets.keys.length * (query.intervalCount + 1));
    this.#isReturn = this.#testOf(query.event, query.where);
    this.#isBirth = query.kind === "birth" ? this.#testOf(query.bornEvent, query.bornWhere) : this.#isReturn;
    this.#segmentOf = segmenter === undefined ? () => 0 : acrossChunks(view.chunks, segmenter);
    const { starts } = view.byPerson;
    const follow = query.kind === "birth" ? this.#followBirth : this.#followPeriods;
    for (let person = 1; person + 1 < starts.length; person++) {
      follow.call(this, person, starts[person]!, starts[person + 1]!);
    }
  }

  row(segment: number, bucket: number): RetentionRow {
    const { intervalCount } = this.#query;
    const counts = Array.from({ length: intervalCount + 1 }, (_, interval) => this.#count(segment, bucket, interval));
    return { counts, first: this.#firsts[bucket]! };
  }

  sizeOf(segment: number): number {
    const { buckets, intervalCount } = this.#query;
    let size = 0;
    for (let bucket = 0; bucket < buckets.keys.length; bucket++) {
      for (let interval = 0; interval <= intervalCount; interval++) size += this.#count(segment, bucket, interval);
    }
    return size;
  }

  #count(segment: number, bucket: number, interval: number): number {
    const cell = this.#cells.find(segment, bucket * (this.#query.intervalCount + 1) + interval);
    return cell === NO_CELL ? 0 : this.#counts.get(cell);
  }

  #testOf(event: string | undefined, where: RowFilter = EVERY_ROW): (at: number) => boolean {
    const chosen = chosenNames(this.#view, event === undefined ? undefined : [event]);
    const passes = acrossChunks(this.#view.chunks, where);
    const { names, places } = this.#view.byPerson;
    return (at) => chosen[names[at]!] === 1 && passes(places[at]!);
  }

  #followBirth(person: number, start: number, end: number): void {
    let birth = start;
    while (birth < end && !this.#isBirth(birth)) birth++;
    if (birth < end) this.#begin(person, birth, start, end);
  }

  #followPeriods(person: number, start: number, end: number): void {
    const { timesMs } = this.#view.byPerson;
    const { buckets } = this.#query;
    let last = -1;
    for (let at = start; at < end; at++) {
      const bucket = buckets.indexOf(timesMs[at]!);
      if (bucket < 0 || bucket === last || !this.#isBirth(at)) continue;
      last = bucket;
      this.#begin(person, at, start, end);
    }
  }

  /** Counts a person in the period of a beginning, and all times that they come back after it. */
  #begin(person: number, birth: number, start: number, end: number): void {
    const { timesMs, places } = this.#view.byPerson;
    const { buckets, intervalMs, intervalCount } = this.#query;
    const birthMs = timesMs[birth]!;
    const bucket = buckets.indexOf(birthMs);
    if (bucket < 0) return;
    this.#firsts[bucket]++;
    // Nobody comes back with the event that they began with, but with another one of the same moment.
    let at = birth;
    while (at > start && timesMs[at - 1] === birthMs) at--;
    for (; at < end; at++) {
      const interval = Math.floor((timesMs[at]! - birthMs) / intervalMs);
      if (interval > intervalCount) break;
      if (at === birth || !this.#isReturn(at)) continue;
      const segment = this.#segmentOf(places[at]!);
      if (segment >= 0) this.#comeBack(person, segment, bucket, interval);
      else for (const each of this.#segmenter!.several(segment)) this.#comeBack(person, each, bucket, interval);
    }
  }

  #comeBack(person: number, segment: number, bucket: number, interval: number): void {
    const { intervalCount, unbounded } = this.#query;
    for (let index = interval; index >= 0; index--) {
      const cell = this.#cells.number(segment, bucket * (intervalCount + 1) + index);
      if (this.#last.get(cell) === person) return;
      this.#last.set(cell, person);
      this.#counts.add(cell, 1);
      if (!unbounded) return;
    }
  }
}
