/** One number for each segment and bucket of an insights report. */
import { CellCounts, Cells, NO_CELL } from "../cells.ts";
import { CellsOfRows, type ReportLines } from "../cells_of_rows.ts";
import { SessionNumbers } from "../funnels/session_numbers.ts";
import { largest } from "../ranking.ts";
import type { EventView } from "../rows/event_view.ts";
import { acrossChunks, type RowPlace, type RowValue } from "../rows/row_value.ts";
import { type RowChoice, visitPeople, visitRows } from "../rows/scan.ts";
import { Segmenter } from "../rows/segmenter.ts";
import type { Buckets } from "../time_buckets.ts";
import { type Accumulator, accumulatorOf, type Statistic } from "./statistics.ts";

/** What is computed of the events of a cell. */
export type EventMeasure =
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
  measure: EventMeasure;
  /** Splits it. */
  on?: RowSplit;
  /** The most segments that are told, largest first. Default: all. */
  limit?: number;
}

/** What rows are split by. */
export interface RowSplit {
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

/** Computes a measure by segment and bucket. An empty bucket counts 0 of what is counted, and null of values. */
export function measure(view: EventView, query: MeasureQuery): Measured {
  const segmenter = query.on && new Segmenter(query.on.value, query.on.keysOf);
  const { overall, segments } = query.measure.kind === "events" || query.measure.kind === "people"
    ? countedLines(view, query, query.measure.kind, segmenter)
    : collectedLines(view, query, segmenter);
  const keys = segmenter?.keys ?? [];
  const lines = new Map(keys.map((key, index) => [key, segments(index)]));
  const isCount = query.measure.kind === "events" || query.measure.kind === "people";
  const sizes = [...lines].map(([key, values]): [string, number] => [key, sizeOf(values)])
    // A column that is counted by its codes has keys of rows that are not looked at.
    .filter(([, size]) => !isCount || size > 0);
  const kept = largest(sizes, query.limit ?? Infinity);
  return {
    overall,
    segments: new Map(kept.map(([key]) => [key, lines.get(key)!])),
    isCut: kept.length < sizes.length,
  };
}

function sizeOf(values: readonly unknown[]): number {
  return values.reduce<number>((sum, value) => sum + (typeof value === "number" ? value : 0), 0);
}

/** All together, and each segment by its number. */
interface Lines {
  overall: unknown[];
  segments: (segment: number) => unknown[];
}

/** Counts of events or people, column by column. */
function countedLines(
  view: EventView,
  query: MeasureQuery,
  kind: "events" | "people",
  segmenter: Segmenter | undefined,
): Lines {
  const count = (lines: ReportLines) => {
    const cells = new Cells(query.buckets.keys.length);
    const counts = new CellCounts();
    const rows = new CellsOfRows(view, query, lines, cells);
    if (kind === "events") rows.countEvents(counts);
    else rows.countPeople(counts, undefined);
    return (line: number) =>
      query.buckets.keys.map((_, bucket) => {
        const cell = cells.find(line, bucket);
        return cell === NO_CELL ? 0 : counts.get(cell);
      });
  };
  return { overall: count(oneLine(view))(0), segments: segmenter === undefined ? () => [] : count(segmenter) };
}

/** The line that all rows belong to. */
function oneLine({ table }: EventView): ReportLines {
  const segments = new Int32Array(table.names.count);
  return {
    keys: ["all"],
    bind: () => () => 0,
    coded: ({ names: codes }) => ({ codes, segments, resolve: () => 0 }),
    several: () => [0],
  };
}

/** All other measures: row by row, in the order of people where it matters. Segments have the numbers after OVERALL. */
function collectedLines(view: EventView, query: MeasureQuery, segmenter: Segmenter | undefined): Lines {
  const segmentOf = segmenter && acrossChunks(view.chunks, segmenter);
  const { keys } = query.buckets;
  const cells = new Cells(keys.length);
  const numbers = numbersOf(view, query, cells);
  numbers.visit((place, add) => {
    add(OVERALL);
    if (segmentOf === undefined) return;
    const segment = segmentOf(place);
    if (segment >= 0) add(segment + 1);
    else for (const each of segmenter!.several(segment)) add(each + 1);
  });
  const line = (segment: number) => {
    const found = keys.map((_, bucket) => cells.find(segment, bucket));
    return numbers.line(found);
  };
  return { overall: line(OVERALL), segments: (segment) => line(segment + 1) };
}

const OVERALL = 0;

/** Called for each row: it adds it to all segments that it is in. */
type VisitRow = (place: RowPlace, add: (segment: number) => void) => void;

interface CellNumbers {
  visit(visitRow: VisitRow): void;
  /** What cells come to; NO_CELL for one that nothing was added to. */
  line(cells: readonly number[]): unknown[];
}

function numbersOf(view: EventView, query: MeasureQuery, cells: Cells): CellNumbers {
  const { measure } = query;
  switch (measure.kind) {
    case "events":
    case "people":
      throw new Error("these are counted column by column");
    case "people_so_far":
      return new PeopleSoFar(view, query, cells);
    case "active_people":
      return new ActivePeople(view, query, cells, measure);
    case "sessions":
      return new SessionCounts(view, query, cells, measure.timeZone);
    case "values":
      return new ValueNumbers(view, query, cells, measure);
    case "values_by_person":
      return new PersonValueNumbers(view, query, cells, measure);
  }
}

const countsOf = (counts: CellCounts, cells: readonly number[]) =>
  cells.map((cell) => cell === NO_CELL ? 0 : counts.get(cell));

/** Counts people in the first bucket in which they are. */
class PeopleSoFar implements CellNumbers {
  readonly #counts = new CellCounts();

  constructor(private readonly view: EventView, private readonly query: MeasureQuery, private readonly cells: Cells) {}

  visit(visitRow: VisitRow): void {
    const { places } = this.view.byPerson;
    const last: number[] = [];
    let [person, bucket] = [0, 0];
    const add = (segment: number) => {
      if (last[segment] === person) return;
      last[segment] = person;
      this.#counts.add(this.cells.number(segment, bucket), 1);
    };
    visitPeople(this.view, this.query, (who, at, where) => {
      person = who;
      bucket = where;
      visitRow(places[at]!, add);
    });
  }

  line(cells: readonly number[]): number[] {
    let sum = 0;
    return countsOf(this.#counts, cells).map((count) => sum += count);
  }
}

/** Counts people in all buckets that are near enough after something that they did. */
class ActivePeople implements CellNumbers {
  readonly #counts = new CellCounts();

  constructor(
    private readonly view: EventView,
    private readonly query: MeasureQuery,
    private readonly cells: Cells,
    private readonly measure: EventMeasure & { kind: "active_people" },
  ) {}

  visit(visitRow: VisitRow): void {
    const { view, query: { names, where, buckets }, measure: { days, windowDays } } = this;
    const { places } = view.byPerson;
    const lastDays = lastDaysOf(buckets, days);
    // By segment: whom it counted last, and the first bucket in which they are not counted yet.
    const last: number[] = [];
    const next: number[] = [];
    let [person, day] = [0, 0];
    const add = (segment: number) => {
      if (last[segment] !== person) next[segment] = 0;
      last[segment] = person;
      let bucket = next[segment]!;
      while (bucket < lastDays.length && lastDays[bucket]! < day) bucket++;
      for (; bucket < lastDays.length && lastDays[bucket]! < day + windowDays; bucket++) {
        this.#counts.add(this.cells.number(segment, bucket), 1);
      }
      next[segment] = bucket;
    };
    visitPeople(view, { names, where, buckets: days }, (who, at, onDay) => {
      person = who;
      day = onDay;
      visitRow(places[at]!, add);
    });
  }

  line(cells: readonly number[]): number[] {
    return countsOf(this.#counts, cells);
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
  readonly #counts = new CellCounts();

  constructor(
    private readonly view: EventView,
    private readonly query: MeasureQuery,
    private readonly cells: Cells,
    private readonly timeZone: string,
  ) {}

  visit(visitRow: VisitRow): void {
    const order = this.view.byPerson;
    const sessions = new SessionNumbers(order, { timeoutMs: 30 * 60_000, timeZone: this.timeZone });
    const last = new CellCounts();
    // Numbers of sessions go on from one person to the next.
    let [person, first, session, bucket] = [0, 1, 0, 0];
    const add = (segment: number) => {
      const cell = this.cells.number(segment, bucket);
      if (last.get(cell) === session) return;
      last.set(cell, session);
      this.#counts.add(cell, 1);
    };
    visitPeople(this.view, this.query, (who, at, where) => {
      if (who !== person) {
        person = who;
        first = session + 1;
        sessions.begin(order.starts[who]!, order.starts[who + 1]!);
      }
      session = first + sessions.of(at);
      bucket = where;
      visitRow(order.places[at]!, add);
    });
  }

  line(cells: readonly number[]): number[] {
    return countsOf(this.#counts, cells);
  }
}

/** Values of all events, those of nobody included. */
class ValueNumbers implements CellNumbers {
  readonly #cells: (Accumulator | undefined)[] = [];

  constructor(
    private readonly view: EventView,
    private readonly query: MeasureQuery,
    private readonly cells: Cells,
    private readonly measure: EventMeasure & { kind: "values" },
  ) {}

  visit(visitRow: VisitRow): void {
    const make = accumulatorOf(this.measure.statistic);
    let value: unknown;
    let [timeMs, bucket] = [0, 0];
    const add = (segment: number) => {
      const accumulator = this.#cells[this.cells.number(segment, bucket)] ??= make();
      accumulator.add(value, timeMs);
    };
    let index = 0;
    visitRows(this.view, this.query, (chunk) => {
      while (this.view.chunks[index] !== chunk) index++;
      const base = index << 16;
      const valueOf = this.measure.of.bind(chunk);
      return (row, where) => {
        value = valueOf(row);
        timeMs = chunk.timesMs[row]!;
        bucket = where;
        visitRow((base | row) >>> 0, add);
      };
    });
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
    private readonly cells: Cells,
    private readonly measure: EventMeasure & { kind: "values_by_person" },
  ) {}

  visit(visitRow: VisitRow): void {
    const { places, timesMs } = this.view.byPerson;
    const valueOf = acrossChunks(this.view.chunks, this.measure.of);
    const make = accumulatorOf(this.measure.byPerson);
    let value: unknown;
    let [person, bucket, timeMs] = [0, 0, 0];
    const add = (segment: number) => {
      const cell = this.cells.number(segment, bucket);
      let current = this.#current[cell];
      if (current?.person !== person) {
        this.#flush(cell);
        this.#current[cell] = current = { person, sum: make(), timeMs };
      }
      current.sum.add(value, timeMs);
    };
    visitPeople(this.view, this.query, (who, at, where) => {
      person = who;
      bucket = where;
      timeMs = timesMs[at]!;
      value = valueOf(places[at]!);
      visitRow(places[at]!, add);
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
