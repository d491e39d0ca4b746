import type { CountType } from "./count_type.ts";
import type { EventView } from "./rows/event_view.ts";
import type { RowFilter, RowValue } from "./rows/row_value.ts";
import { visitRows } from "./rows/scan.ts";
import { Segmenter } from "./rows/segmenter.ts";
import { type Series, SeriesCounter } from "./series.ts";
import type { Buckets } from "./time_buckets.ts";

/** Mixpanel doesn't publish how it chooses ranges; its sample has five round ones, each a hundred wide. */
const MOST_RANGES = 5;

/** What to count, and the number to split it by. */
export interface NumericSegmentationQuery {
  event: string;
  buckets: Buckets;
  on: RowValue;
  /** Default: general. */
  type?: CountType;
  where?: RowFilter;
}

/**
 * Counts one event over time, split into ranges of a number such as `2,000 - 2,100`, lowest first. The lower end
 * belongs to a range, the upper end to the next. Events without a number are left out.
 * (Mixpanel: `/segmentation/numeric`)
 */
export function numericSegmentation(
  view: EventView,
  { event, buckets, on, type = "general", where }: NumericSegmentationQuery,
): Series {
  const choice = { names: [event], buckets, where };
  const numbers = new Set<number>();
  visitRows(view, choice, (chunk) => {
    const valueOf = on.bind(chunk);
    return (row) => {
      const number = numberOf(valueOf(row));
      if (number !== undefined) numbers.add(number);
    };
  });
  let least = Infinity;
  let most = -Infinity;
  for (const number of numbers) {
    least = Math.min(least, number);
    most = Math.max(most, number);
  }
  const ranges = new Ranges(least, most);
  const positions = [...new Set([...numbers].map((number) => ranges.positionOf(number)))].sort((a, b) => a - b);
  const labels = new Map(positions.map((position) => [position, ranges.label(position)]));
  const segmenter = new Segmenter(on, (value) => {
    const number = numberOf(value);
    // Numbers of other days and events have none.
    const label = number === undefined ? undefined : labels.get(ranges.positionOf(number));
    return label === undefined ? [] : [label];
  });
  for (const label of labels.values()) segmenter.add(label);
  return new SeriesCounter(view, type, choice, segmenter).inOrder();
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
}

/** Ranges of one round width (1, 2 or 5 times a power of ten), so that about five of them cover all values. */
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
