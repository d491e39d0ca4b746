import { largest } from "./ranking.ts";
import type { EventView } from "./rows/event_view.ts";
import { acrossChunks, type RowFilter, type RowValue } from "./rows/row_value.ts";
import { visitPeople } from "./rows/scan.ts";
import { Segmenter } from "./rows/segmenter.ts";
import { type BucketedDays, type Buckets, timeBuckets } from "./time_buckets.ts";

const DEFAULT_SEGMENTS = 255;

/** Which events, in which periods, and how finely their users' activity is looked at. */
export interface FrequencyQuery extends Omit<BucketedDays, "unit" | "interval"> {
  /** The periods. */
  unit: "day" | "week" | "month";
  /** The parts of a period in which a user is active or not. Mixpanel's `addiction_unit`. */
  partUnit: "hour" | "day";
  /** Without it, any event. */
  event?: string;
  where?: RowFilter;
}

/**
 * For each period, the n-th number is how many users were active in at least n of its hours or days.
 * (Mixpanel: `/retention/addiction`)
 */
export function frequency(view: EventView, query: FrequencyQuery): Record<string, number[]> {
  return new Activity(view, query).tallies.ofAll();
}

/** Frequency split by a value: in each segment only its own events are looked at. */
export function frequencyBySegment(
  view: EventView,
  { on, limit, ...query }: FrequencyQuery & { on: RowValue; limit?: number },
): Record<string, Record<string, number[]>> {
  const segmenter = new Segmenter(on);
  return new Activity(view, query, segmenter).tallies.bySegment(segmenter.keys, limit);
}

/** How many people were active in how many parts of a period, by segment and period. */
export class FrequencyTallies {
  readonly keys: readonly string[];
  readonly #rows: number[][][] = [];

  constructor(private readonly query: FrequencyQuery, buckets: Buckets = timeBuckets(query)) {
    this.keys = buckets.keys;
  }

  /** @param parts in how many parts of the period the people were active; at least one */
  add(segment: number, period: number, parts: number, people: number): void {
    const rows = this.#rows[segment] ??= this.keys.map((_, index) => this.#emptyRow(index));
    rows[period]![parts - 1]! += people;
  }

  /** When there is one segment. */
  ofAll(): Record<string, number[]> {
    return Object.fromEntries(this.keys.map((key, period) => [key, this.#row(0, period)]));
  }

  /** The largest segments. */
  bySegment(segments: readonly string[], limit = DEFAULT_SEGMENTS): Record<string, Record<string, number[]>> {
    const users = (segment: number) => this.keys.reduce((sum, _, period) => sum + this.#row(segment, period)[0]!, 0);
    const kept = largest(segments.map((key, segment): [string, number] => [key, users(segment)]), limit);
    const numbers = new Map(segments.map((key, segment) => [key, segment]));
    return Object.fromEntries(this.keys.map((key, period) => {
      return [key, Object.fromEntries(kept.map(([segment]) => [segment, this.#row(numbers.get(segment)!, period)]))];
    }));
  }

  /** How many were active in at least so many parts. Zeros for the parts of a whole period, also where the range cuts it short. */
  #row(segment: number, period: number): number[] {
    const row = [...this.#rows[segment]?.[period] ?? this.#emptyRow(period)];
    for (let at = row.length - 2; at >= 0; at--) row[at]! += row[at + 1]!;
    return row;
  }

  #emptyRow(period: number): number[] {
    const { unit, partUnit } = this.query;
    const days = unit === "day" ? 1 : unit === "week" ? 7 : Temporal.PlainDate.from(this.keys[period]!).daysInMonth;
    return new Array<number>(partUnit === "hour" ? days * 24 : days).fill(0);
  }
}

/** In how many parts of a period a person was active with the events of a segment. */
interface Active {
  person: number;
  period: number;
  /** The last of them: a person's events come in the order of time. */
  part: number;
  parts: number;
}

/** Counts people by the number of parts in which they are active. */
class Activity {
  readonly tallies: FrequencyTallies;
  readonly #active: Active[] = [];

  constructor(view: EventView, private readonly query: FrequencyQuery, segmenter?: Segmenter) {
    const buckets = timeBuckets(query);
    this.tallies = new FrequencyTallies(query, buckets);
    this.#visit(view, buckets, segmenter);
    for (const [segment, active] of this.#active.entries()) this.#end(segment, active);
  }

  #visit(view: EventView, buckets: Buckets, segmenter: Segmenter | undefined): void {
    const { event, where, partUnit } = this.query;
    const parts = timeBuckets({ ...this.query, unit: partUnit }).cursor();
    const segmentOf = segmenter === undefined ? () => 0 : acrossChunks(view.chunks, segmenter);
    const { timesMs, places } = view.byPerson;
    visitPeople(view, { names: event === undefined ? undefined : [event], buckets, where }, (person, at, period) => {
      const part = parts.indexOf(timesMs[at]!);
      const segment = segmentOf(places[at]!);
      if (segment >= 0) this.#add(segment, person, period, part);
      else for (const each of segmenter!.several(segment)) this.#add(each, person, period, part);
    });
  }

  #add(segment: number, person: number, period: number, part: number): void {
    const active = this.#active[segment];
    if (active === undefined) {
      this.#active[segment] = { person, period, part, parts: 1 };
    } else if (active.person !== person || active.period !== period) {
      this.#end(segment, active);
      active.person = person;
      active.period = period;
      active.part = part;
      active.parts = 1;
    } else if (active.part !== part) {
      active.part = part;
      active.parts++;
    }
  }

  #end(segment: number, { period, parts }: Active): void {
    this.tallies.add(segment, period, parts, 1);
  }
}
