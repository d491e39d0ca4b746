/** Programs that do the same work, measured in turn, and what comes of it as a line of a table. */
import { type Measurement, median } from "./measure_process.ts";

/** A line of the table of results. */
export interface Row {
  /** What was measured. */
  what: string;
  /** What `mp` is held against: another program, or a figure. */
  against: string;
  /** The figure that has a limit, with its spread. */
  figure: string;
  /** The limit in words, such as `≤ 0.80 ×`. */
  limit: string;
  isGood: boolean;
  /** Seconds, rates and memory behind the figure. */
  detail: string;
  /** The time of `mp` in times of the other program's, in the same rounds; undefined where it is not about time. */
  ratio?: number;
  /** Most such times on Deno, where the limit is not that of most work: so many times of what Bun takes. */
  mostOnDeno?: number;
}

export type Programs = Record<string, () => Promise<Measurement>>;

/** What each program took, round by round. */
export class Results {
  readonly #measurements = new Map<string, Measurement[]>();

  add(name: string, measurement: Measurement): void {
    this.#measurements.set(name, [...this.#measurements.get(name) ?? [], measurement]);
  }

  has(name: string): boolean {
    return this.#measurements.has(name);
  }

  /** Seconds, the median of all rounds. */
  seconds(name: string): number {
    return median(this.all(name).map(({ seconds }) => seconds));
  }

  /** The highest peak of memory in bytes. */
  peakBytes(name: string): number {
    return Math.max(...this.all(name).map(({ peakBytes }) => peakBytes));
  }

  /** Seconds of processor time, the median of all rounds. */
  cpuSeconds(name: string): number {
    return median(this.all(name).map(({ cpuSeconds }) => cpuSeconds));
  }

  /** How long one takes in times of the other. */
  ratio(name: string, base: string): Spread {
    return ratioOf(this.all(name), this.all(base));
  }

  /** Round by round. */
  all(name: string): Measurement[] {
    const found = this.#measurements.get(name);
    if (found === undefined) throw new Error(`Cannot compare ${name}: it was not measured`);
    return found;
  }
}

/** The middle and the ends of some figures. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

/** The same work, round by round, by `mp` and by another binary of it. */
export interface Pair {
  name: string;
  mp: readonly Measurement[];
  other: readonly Measurement[];
}

/** The median of each time in times of the other's. */
export function pairRow(suite: string, { name, mp, other }: Pair): string[] {
  const ratio = ratioOf(mp, other);
  const seconds = (list: readonly Measurement[]) => inSeconds(median(list.map((one) => one.seconds)));
  const peak = (list: readonly Measurement[]) => megabytes(Math.max(...list.map((one) => one.peakBytes)));
  return [
    `${suite}, ${name}`,
    `${ratio.median.toFixed(2)} × (${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)})`,
    `${seconds(mp)}, ${peak(mp)}`,
    `${seconds(other)}, ${peak(other)}`,
  ];
}

/** Each round has its own ratio, since the machine's load changes. */
function ratioOf(ones: readonly Measurement[], others: readonly Measurement[]): Spread {
  return spreadOf(ones.map(({ seconds }, round) => seconds / others[round]!.seconds));
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** A ratio of times that may be so much at the most. */
export function ratioRow(
  { what, against, ratio, limit, detail, mostOnDeno }: {
    what: string;
    against: string;
    ratio: Spread;
    limit: number;
    detail: string;
    mostOnDeno?: number;
  },
): Row {
  return {
    what,
    against,
    ratio: ratio.median,
    mostOnDeno,
    figure: `${ratio.median.toFixed(2)} × (${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)})`,
    limit: `≤ ${limit.toFixed(2)} ×`,
    isGood: ratio.median <= limit,
    detail,
  };
}

/** The speed of `mp` in times of another's, which may be so much at the least. `ratio` is that of the times. */
export function speedRow(
  { what, against, ratio, limit, detail }: {
    what: string;
    against: string;
    ratio: Spread;
    limit: number;
    detail: string;
  },
): Row {
  const speed = { median: 1 / ratio.median, least: 1 / ratio.most, most: 1 / ratio.least };
  return {
    what,
    against,
    ratio: ratio.median,
    figure: `${speed.median.toFixed(2)} × (${speed.least.toFixed(2)}–${speed.most.toFixed(2)})`,
    limit: `≥ ${limit.toFixed(2)} ×`,
    isGood: speed.median >= limit,
    detail,
  };
}

/** A row as scripts print it that measure by themselves. */
export function rowLine({ what, against, figure, limit, isGood, detail }: Row): string {
  return `${isGood ? "ok  " : "MISS"} ${what}, against ${against}: ${figure} (${limit}); ${detail}`;
}

const ROW_LINE = /^(ok {2}|MISS) (.*?), against (.*?): (.*) \(([^()]*)\); (.*)$/;

/** The row that a line is of; undefined for any other line. */
export function readRowLine(line: string): Row | undefined {
  const [, state, what, against, figure, limit, detail] = ROW_LINE.exec(line) ?? [];
  if (what === undefined) return undefined;
  const ratio = /^([\d.]+) × \(/.exec(figure!)?.[1];
  return {
    what,
    against: against!,
    figure: figure!,
    limit: limit!,
    isGood: state !== "MISS",
    detail: detail!,
    ratio: ratio === undefined ? undefined : Number(ratio),
  };
}

/** Peaks of memory, none of which may be above the limit. */
export function memoryRow(what: string, peaks: readonly number[], limitMb: number, detail: string): Row {
  return {
    what,
    against: "peak memory",
    figure: peaks.map(megabytes).join(", "),
    limit: `≤ ${limitMb} MB`,
    isGood: peaks.every((bytes) => bytes > 0 && bytes <= limitMb * 1e6),
    detail,
  };
}

export function inSeconds(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

export function perSecond(count: number, seconds: number): string {
  return `${Math.round(count / seconds).toLocaleString("en-US")}/s`;
}
