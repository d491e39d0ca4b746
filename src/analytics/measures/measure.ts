/** One number for each segment and bucket of an insights report. */
import { Cells, NO_CELL } from "../cells.ts";
import { SessionNumbers } from "../funnels/session_numbers.ts";
import { largest } from "../ranking.ts";
import type { EventView } from "../rows/event_view.ts";
import { acrossChunks, type RowPlace, type RowValue } from "../rows/row_value.ts";
import { type RowChoice, visitPeople, visitRows } from "../rows/scan.ts";
import { Segmenter } from "../rows/segmenter.ts";
import type { Buckets } from "../time_buckets.ts";
import { type Accumulator, accumulatorOf, type Statistic } from "./statistics.ts";

/** What is computed of the events of a cell. */
export type Measure =
  /** How many events there are. */
  | { kind: "events" }
  /** How many people did them. */
  | { kind: "people" }
  /** How many people have done them since the range began. */
  | { kind: "people_so_far" }
  /** How many people did them in so many days up to the bucket's last one. `days` has the days of the range and those before. */
  | { kind: "active_people"; days: Buckets; windowDays: number }
  /** In how many sessions they were done: see {@linkcode SessionNumbers}. */
  | { kind: "sessions"; timeZone: string }
  /** A statistic of a value of the events. */
  | { kind: "values"; of: RowValue; statistic: Statistic }
  /** A statistic of what a value of each person's events comes to. */
  | { kind: "values_by_person"; of: RowValue; byPerson: Statistic; statistic: Statistic };

export interface MeasureQuery extends RowChoice {
  measure: Measure;
  /** Splits it. */
  on?: Split;
  /** The most segments that are told, largest first. Default: all. */
  limit?: number;
}

/** What rows are split by. */
export interface Split {
  value: RowValue;
  /** The segments that a value is in; none are as good as no split. */
  keysOf: (value: unknown) => readonly string[];
}

export interface Measured {
  /** By bucket. */
  overall: unknown[];
  /** By key and bucket; empty when nothing splits it. */
  segments: Map<string, unknown[]>;
  /** Whether there are more segments than the limit. */
  isCut: boolean;
}

const OVERALL = 0;

/** Computes a measure by segment and bucket. An empty bucket counts 0 of what is counted, and null of values. */
export function measure(view: EventView, query: MeasureQuery): Measured {
  const segmenter = query.on && new Segmenter(query.on.value, query.on.keysOf);
  const segmentOf = segmenter && acrossChunks(view.chunks, segmenter);
  const { keys } = query.buckets;
  const cells = new Cells(keys.length);
  const numbers = numbersOf(view, query);
  // Segments have the numbers after that of all of them together.
  numbers.visit((at, place, bucket, count) => {
    count(cells.number(OVERALL, bucket), OVERALL, at);
    if (segmentOf === undefined) return;
    const segment = segmentOf(place);
    if (segment >= 0) count(cells.number(segment + 1, bucket), segment + 1, at);
    else for (const each of segmenter!.several(segment)) count(cells.number(each + 1, bucket), each + 1, at);
  });
  const line = (segment: number) => {
    return numbers.line(
      keys.map((_, bucket) => cells.find(segment, bucket)).map((cell) => cell === NO_CELL ? -1 : cell),
    );
  };
  const rows = (segmenter?.keys ?? []).map((key, index): [string, unknown[]] => [key, line(index + 1)]);
  const sizes = rows.map(([key, values]): [string, number] => [key, sizeOf(values)]);
  const byKey = new Map(rows);
  const kept = largest(sizes, query.limit ?? Infinity);
  return {
    overall: line(OVERALL),
    segments: new Map(kept.map(([key]) => [key, byKey.get(key)!])),
    isCut: kept.length < rows.length,
  };
}

function sizeOf(values: readonly unknown[]): number {
  return values.reduce<number>((sum, value) => sum + (typeof value === "number" ? value : 0), 0);
}

/** Counts a row in a cell of a segment. */
type CountIn = (cell: number, segment: number, at: number) => void;
/** Called for each row and bucket that it counts in: `at` is a position in the order of people, or the row's place. */
type VisitRow = (at: number, place: RowPlace, bucket: number, count: CountIn) => void;

interface CellNumbers {
  visit(visitRow: VisitRow): void;
  /** What the cells of a line come to; -1 for one that was never counted in. */
  line(cells: readonly number[]): unknown[];
}

function numbersOf(view: EventView, query: MeasureQuery): CellNumbers {
  const { measure } = query;
  switch (measure.kind) {
    case "events":
      return new EventNumbers(view, query);
    case "people":
    case "people_so_far":
      return new PeopleNumbers(view, query, measure.kind === "people_so_far");
    case "active_people":
      return new ActiveNumbers(view, query, measure);
    case "sessions":
      return new SessionCounts(view, query, measure.timeZone);
    case "values":
      return new ValueNumbers(view, query, measure);
    case "values_by_person":
      return new PersonValueNumbers(view, query, measure);
  }
}

/** Rows in the order of the table, those of nobody included. */
function visitAll(view: EventView, query: MeasureQuery, count: CountIn, visitRow: VisitRow): void {
  let index = 0;
  visitRows(view, query, (chunk) => {
    while (view.chunks[index] !== chunk) index++;
    const base = index << 16;
    return (row, bucket) => {
      const place = (base | row) >>> 0;
      visitRow(place, place, bucket, count);
    };
  });
}

class EventNumbers implements CellNumbers {
  readonly #counts: number[] = [];

  constructor(private readonly view: EventView, private readonly query: MeasureQuery) {}

  visit(visitRow: VisitRow): void {
    const counts = this.#counts;
    visitAll(this.view, this.query, (cell) => counts[cell] = (counts[cell] ?? 0) + 1, visitRow);
  }

  line(cells: readonly number[]): number[] {
    return cells.map((cell) => this.#counts[cell] ?? 0);
  }
}

/** Counts whatever is new to a cell: people come one after another, each with their events in the order of time. */
class Stamps {
  readonly #counts: number[] = [];
  readonly #last: number[] = [];

  /** Returns whether the stamp is new. */
  stamp(cell: number, mark: number): boolean {
    if (this.#last[cell] === mark) return false;
    this.#last[cell] = mark;
    this.#counts[cell] = (this.#counts[cell] ?? 0) + 1;
    return true;
  }

  counts(cells: readonly number[]): number[] {
    return cells.map((cell) => this.#counts[cell] ?? 0);
  }
}

class PeopleNumbers implements CellNumbers {
  readonly #stamps = new Stamps();

  constructor(
    private readonly view: EventView,
    private readonly query: MeasureQuery,
    private readonly isSoFar: boolean,
  ) {}

  visit(visitRow: VisitRow): void {
    const { places } = this.view.byPerson;
    const segments = new Stamps();
    let person = 0;
    const count: CountIn = this.isSoFar
      ? (cell, segment) => {
        if (segments.stamp(segment, person)) this.#stamps.stamp(cell, person);
      }
      : (cell) => void this.#stamps.stamp(cell, person);
    visitPeople(this.view, this.query, (who, at, bucket) => {
      person = who;
      visitRow(at, places[at]!, bucket, count);
    });
  }

  line(cells: readonly number[]): number[] {
    const counts = this.#stamps.counts(cells);
    if (!this.isSoFar) return counts;
    let sum = 0;
    return counts.map((count) => sum += count);
  }
}

class ActiveNumbers implements CellNumbers {
  readonly #stamps = new Stamps();

  constructor(
    private readonly view: EventView,
    private readonly query: MeasureQuery,
    private readonly measure: Measure & { kind: "active_people" },
  ) {}

  visit(visitRow: VisitRow): void {
    const { view, query: { names, where, buckets }, measure: { days, windowDays } } = this;
    const { places, timesMs } = view.byPerson;
    const lastDays = lastDaysOf(buckets, days);
    let person = 0;
    const count: CountIn = (cell) => void this.#stamps.stamp(cell, person);
    visitPeople(view, { names, where, buckets: days }, (who, at) => {
      person = who;
      const day = days.indexOf(timesMs[at]!);
      for (let bucket = 0; bucket < lastDays.length; bucket++) {
        const last = lastDays[bucket]!;
        if (day <= last && day > last - windowDays) visitRow(at, places[at]!, bucket, count);
      }
    });
  }

  line(cells: readonly number[]): number[] {
    return this.#stamps.counts(cells);
  }
}

/** By bucket: the position of its last day. */
function lastDaysOf(buckets: Buckets, days: Buckets): number[] {
  const last = new Array<number>(buckets.keys.length).fill(-1);
  for (let startMs = buckets.startMs; startMs < buckets.endMs;) {
    const { endMs, index } = buckets.stretchAt(startMs);
    last[index] = days.indexOf(endMs - 1);
    startMs = endMs;
  }
  return last;
}

class SessionCounts implements CellNumbers {
  readonly #stamps = new Stamps();

  constructor(
    private readonly view: EventView,
    private readonly query: MeasureQuery,
    private readonly timeZone: string,
  ) {}

  visit(visitRow: VisitRow): void {
    const order = this.view.byPerson;
    const sessions = new SessionNumbers(order, { timeoutMs: 30 * 60_000, timeZone: this.timeZone });
    // Numbers of sessions go on from one person to the next.
    let [person, first] = [0, 0];
    let session = 0;
    const count: CountIn = (cell) => void this.#stamps.stamp(cell, session);
    visitPeople(this.view, this.query, (who, at, bucket) => {
      if (who !== person) {
        person = who;
        first = session + 1;
        sessions.begin(order.starts[who]!, order.starts[who + 1]!);
      }
      session = first + sessions.of(at);
      visitRow(at, order.places[at]!, bucket, count);
    });
  }

  line(cells: readonly number[]): number[] {
    return this.#stamps.counts(cells);
  }
}

class ValueNumbers implements CellNumbers {
  readonly #cells: (Accumulator | undefined)[] = [];
  readonly #make: () => Accumulator;

  constructor(
    private readonly view: EventView,
    private readonly query: MeasureQuery,
    private readonly measure: Measure & { kind: "values" },
  ) {
    this.#make = accumulatorOf(measure.statistic);
  }

  visit(visitRow: VisitRow): void {
    const { chunks } = this.view;
    const valueOf = acrossChunks(chunks, this.measure.of);
    const count: CountIn = (cell, _, place) => {
      const accumulator = this.#cells[cell] ??= this.#make();
      accumulator.add(valueOf(place), chunks[place >>> 16]!.timesMs[place & 0xffff]!);
    };
    visitAll(this.view, this.query, count, visitRow);
  }

  line(cells: readonly number[]): unknown[] {
    return results(cells, this.#cells, this.measure.statistic);
  }
}

class PersonValueNumbers implements CellNumbers {
  readonly #cells: (Accumulator | undefined)[] = [];
  /** What the person that a cell counted last comes to so far. */
  readonly #current: ({ person: number; sum: Accumulator; timeMs: number } | undefined)[] = [];

  constructor(
    private readonly view: EventView,
    private readonly query: MeasureQuery,
    private readonly measure: Measure & { kind: "values_by_person" },
  ) {}

  visit(visitRow: VisitRow): void {
    const { places, timesMs } = this.view.byPerson;
    const valueOf = acrossChunks(this.view.chunks, this.measure.of);
    const make = accumulatorOf(this.measure.byPerson);
    let person = 0;
    const count: CountIn = (cell, _, at) => {
      const current = this.#current[cell];
      if (current?.person !== person) {
        this.#flush(cell);
        this.#current[cell] = { person, sum: make(), timeMs: timesMs[at]! };
      }
      this.#current[cell]!.sum.add(valueOf(places[at]!), timesMs[at]!);
    };
    visitPeople(this.view, this.query, (who, at, bucket) => {
      person = who;
      visitRow(at, places[at]!, bucket, count);
    });
    for (const cell of this.#current.keys()) this.#flush(cell);
  }

  line(cells: readonly number[]): unknown[] {
    return results(cells, this.#cells, this.measure.statistic);
  }

  #flush(cell: number): void {
    const current = this.#current[cell];
    if (current === undefined) return;
    const accumulator = this.#cells[cell] ??= accumulatorOf(this.measure.statistic)();
    accumulator.add(current.sum.result(), current.timeMs);
  }
}

function results(
  cells: readonly number[],
  accumulators: readonly (Accumulator | undefined)[],
  { kind }: Statistic,
): unknown[] {
  const empty = kind === "total" || kind === "unique_values" ? 0 : null;
  return cells.map((cell) => accumulators[cell]?.result() ?? empty);
}
