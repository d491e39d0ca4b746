import type { AnalyticsEvent, CountType, EventFilter, EventValue } from "./event.ts";
import { type Series, SeriesCounter } from "./series.ts";
import type { Buckets } from "./time_buckets.ts";

/** Mixpanel doesn't publish how it chooses ranges; its sample has round ones, a hundred wide over five hundred. */
const MOST_RANGES = 10;

/** What to count, and the number to split it by. */
export interface NumericSegmentationQuery {
  event: string;
  buckets: Buckets;
  on: EventValue;
  /** Default: general. */
  type?: CountType;
  where?: EventFilter;
}

/**
 * Counts one event over time, split into ranges of a number such as `2,000 - 2,100`, lowest first. The lower end
 * belongs to a range, the upper end to the next. Events without a number are left out.
 * (Mixpanel: `/segmentation/numeric`)
 */
export function numericSegmentation(
  events: Iterable<AnalyticsEvent>,
  { event: name, buckets, on, type = "general", where }: NumericSegmentationQuery,
): Series {
  const counted: { value: number; bucketIndex: number; distinctId: string }[] = [];
  let least = Infinity;
  let most = -Infinity;
  for (const event of events) {
    if (event.name !== name) continue;
    const bucketIndex = buckets.indexOf(event.timeMs);
    if (bucketIndex < 0 || (where && !where(event))) continue;
    const raw = on(event);
    if (typeof raw !== "number" && typeof raw !== "bigint") continue;
    const value = Number(raw);
    least = Math.min(least, value);
    most = Math.max(most, value);
    counted.push({ value, bucketIndex, distinctId: event.distinctId });
  }
  const ranges = new Ranges(least, most);
  const positions = new Set<number>();
  for (const { value } of counted) positions.add(ranges.positionOf(value));
  const inOrder = [...positions].sort((a, b) => a - b);
  const labels = new Map(inOrder.map((position) => [position, ranges.label(position)]));
  const counter = new SeriesCounter(type, buckets, labels.values());
  for (const { value, bucketIndex, distinctId } of counted) {
    counter.add(labels.get(ranges.positionOf(value))!, bucketIndex, distinctId);
  }
  return counter.inOrder();
}

/** Ranges of one round width (1, 2 or 5 times a power of ten), so that about ten of them cover all values. */
class Ranges {
  readonly #width: number;
  readonly #decimals: number;

  constructor(least: number, most: number) {
    const wanted = most > least ? most / MOST_RANGES - least / MOST_RANGES : 1;
    const exponent = Math.floor(Math.log10(wanted));
    const factor = [1, 2, 5, 10].find((each) => this.#decimal(each, exponent) >= wanted) ?? 10;
    this.#width = this.#decimal(factor, exponent);
    this.#decimals = Math.min(Math.max(0, -exponent), 100);
  }

  /** Dividing alone would put 0.3 below 3 × 0.1. */
  positionOf(value: number): number {
    const position = Math.floor(value / this.#width);
    if (value >= this.#edge(position + 1)) return position + 1;
    return value < this.#edge(position) ? position - 1 : position;
  }

  label(position: number): string {
    return `${this.#text(this.#edge(position))} - ${this.#text(this.#edge(position + 1))}`;
  }

  #edge(position: number): number {
    return Number((position * this.#width).toFixed(this.#decimals));
  }

  #text(edge: number): string {
    return edge.toLocaleString("en-US", { maximumFractionDigits: this.#decimals });
  }

  /** `factor` × 10 to the power of `exponent`, as exact as the decimal text of it. */
  #decimal(factor: number, exponent: number): number {
    return Number(`${factor}e${exponent}`);
  }
}
