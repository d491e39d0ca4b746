/** What many values come to. */
import { segmentKeys } from "../segment_key.ts";

/** Takes values one by one. */
export interface Accumulator {
  /** `timeMs` is when the value was so. */
  add(value: unknown, timeMs: number): void;
  /** Undefined where it was given nothing that it looks at. */
  result(): unknown;
}

/** A statistic by its name. Percentiles are between the two nearest values, in proportion. */
export type Statistic =
  | { kind: "total" | "average" | "min" | "max" | "unique_values" | "most_frequent" | "first_value" }
  | { kind: "percentile"; percent: number }
  | { kind: "histogram" | "numeric_summary" };

/** Makes an accumulator for each cell. */
export function accumulatorOf(statistic: Statistic): () => Accumulator {
  switch (statistic.kind) {
    case "total":
      return () => new Total();
    case "average":
      return () => new Average();
    case "min":
      return () => new Extreme((a, b) => a < b);
    case "max":
      return () => new Extreme((a, b) => a > b);
    case "unique_values":
      return () => new UniqueValues();
    case "most_frequent":
      return () => new MostFrequent();
    case "first_value":
      return () => new FirstValue();
    case "percentile":
      return () => new Numbers((sorted) => percentileOf(sorted, statistic.percent));
    case "histogram":
      return () => new Histogram();
    case "numeric_summary":
      return () => new Numbers(summaryOf);
  }
}

/** Text is no number, whatever it says. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" ? value : undefined;
}

class Total implements Accumulator {
  #sum: number | undefined;

  add(value: unknown): void {
    const number = numberOf(value);
    if (number !== undefined) this.#sum = (this.#sum ?? 0) + number;
  }

  result(): unknown {
    return this.#sum;
  }
}

class Average implements Accumulator {
  #sum = 0;
  #count = 0;

  add(value: unknown): void {
    const number = numberOf(value);
    if (number === undefined) return;
    this.#sum += number;
    this.#count++;
  }

  result(): unknown {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }
}

class Extreme implements Accumulator {
  #found: number | undefined;

  constructor(private readonly isBetter: (a: number, b: number) => boolean) {}

  add(value: unknown): void {
    const number = numberOf(value);
    if (number === undefined) return;
    if (this.#found === undefined || this.isBetter(number, this.#found)) this.#found = number;
  }

  result(): unknown {
    return this.#found;
  }
}

/** Numbers in rising order, once all are there. */
class Numbers implements Accumulator {
  readonly #numbers: number[] = [];

  constructor(private readonly resultOf: (sorted: Float64Array) => unknown) {}

  add(value: unknown): void {
    const number = numberOf(value);
    if (number !== undefined) this.#numbers.push(number);
  }

  result(): unknown {
    return this.#numbers.length === 0 ? undefined : this.resultOf(Float64Array.from(this.#numbers).sort());
  }
}

function percentileOf(sorted: Float64Array, percent: number): number {
  const place = (sorted.length - 1) * percent / 100;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
}

function summaryOf(sorted: Float64Array): Record<string, number> {
  const sum = sorted.reduce((total, number) => total + number, 0);
  const percentiles = Object.fromEntries([25, 50, 75, 90, 99].map((percent) => {
    return [percent === 50 ? "median" : `p${percent}`, percentileOf(sorted, percent)];
  }));
  return {
    count: sorted.length,
    sum,
    average: sum / sorted.length,
    min: sorted[0]!,
    max: sorted[sorted.length - 1]!,
    ...percentiles,
  };
}

/** Elements of a list count each. What is missing is no value. */
function keysOf(value: unknown): readonly string[] {
  return value === undefined || value === null ? [] : segmentKeys(value);
}

class UniqueValues implements Accumulator {
  readonly #keys = new Set<string>();

  add(value: unknown): void {
    for (const key of keysOf(value)) this.#keys.add(key);
  }

  result(): unknown {
    return this.#keys.size;
  }
}

class Counted implements Accumulator {
  readonly counts = new Map<string, number>();

  add(value: unknown): void {
    for (const key of keysOf(value)) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  result(): unknown {
    return this.counts.size === 0 ? undefined : Object.fromEntries(this.counts);
  }
}

/** Of several, the first in the order of texts. */
class MostFrequent extends Counted {
  override result(): unknown {
    const sorted = [...this.counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return sorted[0]?.[0];
  }
}

/** How often each number comes up, smallest first. */
class Histogram implements Accumulator {
  readonly #counts = new Map<number, number>();

  add(value: unknown): void {
    const number = numberOf(value);
    if (number !== undefined) this.#counts.set(number, (this.#counts.get(number) ?? 0) + 1);
  }

  result(): unknown {
    if (this.#counts.size === 0) return undefined;
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => a - b).map(([number, count]) => [number, count]));
  }
}

class FirstValue implements Accumulator {
  #timeMs = Infinity;
  #value: unknown;

  add(value: unknown, timeMs: number): void {
    if (value === undefined || value === null || timeMs >= this.#timeMs) return;
    this.#timeMs = timeMs;
    this.#value = value;
  }

  result(): unknown {
    return this.#value;
  }
}
