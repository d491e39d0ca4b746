/** The counts behind a job's progress: sums, running parts, rates. Draws nothing. */
import type { JobProgress, PartProgress, ProgressAmounts } from "../../jobs/progress.ts";
import type { Clock } from "../../runtime/clock.ts";

export type ProgressSums = Required<ProgressAmounts>;

/** What a job or a part waits for. */
export interface PendingWait {
  reason: string;
  /** Undefined when nobody knows. */
  untilMs?: number;
}

/** A part as it stands. */
export interface PartState {
  name: string;
  startedMs: number;
  done: ProgressSums;
  wait?: PendingWait;
}

/** Everything there is to show at one moment. */
export interface ProgressState {
  nowMs: number;
  elapsedMs: number;
  /** With what an earlier run did. */
  done: ProgressSums;
  total: ProgressAmounts;
  /** Of the last seconds; 0 in the first half second, which is all start-up. */
  perSecond: ProgressSums;
  /** From 0 to 1; undefined when no total is known. */
  share?: number;
  msLeft?: number;
  quota?: { left: number; limit: number };
  wait?: PendingWait;
  parts: readonly PartState[];
}

/** The rate follows the last seconds, since the average over hours says nothing about now. */
const RATE_WINDOW_MS = 8_000;
const RATE_STARTS_MS = 500;
/** The finest one whose total is known tells the share. */
const UNITS: readonly (keyof ProgressSums)[] = ["records", "bytes", "steps"];

export abstract class ProgressTally implements JobProgress {
  readonly #startedMs: number;
  /** What this run has done. */
  readonly #counted = nothing();
  readonly #parts = new Set<PartState>();
  readonly #samples: { atMs: number; counted: ProgressSums }[];
  #earlier = nothing();
  #total: ProgressAmounts = {};
  #quota: { left: number; limit: number } | undefined;
  #wait: PendingWait | undefined;

  constructor(protected readonly clock: Clock) {
    this.#startedMs = clock.now();
    this.#samples = [{ atMs: this.#startedMs, counted: nothing() }];
  }

  /** Called whenever there is something new to show. */
  protected abstract changed(): void;
  protected abstract partEnded(part: PartState, failed: boolean): void;

  part(name: string): PartProgress {
    const part: PartState = { name, startedMs: this.clock.now(), done: nothing() };
    this.#parts.add(part);
    this.changed();
    return {
      advance: (done) => {
        if (!this.#parts.has(part)) return;
        add(part.done, done);
        this.advance(done);
      },
      wait: (wait) => {
        part.wait = this.#pending(wait);
        this.changed();
      },
      end: ({ failed = false } = {}) => {
        if (!this.#parts.delete(part)) return;
        if (failed) add(this.#counted, part.done, -1);
        this.partEnded(part, failed);
      },
    };
  }

  advance(done: ProgressAmounts): void {
    add(this.#counted, done);
    this.changed();
  }

  total(total: ProgressAmounts, earlier?: ProgressAmounts): void {
    this.#total = { ...total };
    if (earlier !== undefined) this.#earlier = { ...nothing(), ...earlier };
    this.changed();
  }

  quota(left: number, limit: number): void {
    this.#quota = { left, limit };
    this.changed();
  }

  wait(wait: Parameters<JobProgress["wait"]>[0]): void {
    this.#wait = this.#pending(wait);
    this.changed();
  }

  /** The moment as it stands. Each call is also a sample for the rate. */
  protected state(): ProgressState {
    const nowMs = this.clock.now();
    const perSecond = this.#rates(nowMs);
    const done = { ...this.#counted };
    add(done, this.#earlier);
    const unit = UNITS.find((candidate) => (this.#total[candidate] ?? 0) > 0);
    const state: ProgressState = {
      nowMs,
      elapsedMs: nowMs - this.#startedMs,
      done,
      total: this.#total,
      perSecond,
      quota: this.#quota,
      wait: this.#wait,
      parts: [...this.#parts],
    };
    if (unit === undefined) return state;
    const left = this.#total[unit]! - done[unit];
    state.share = Math.max(0, Math.min(1, done[unit] / this.#total[unit]!));
    // A step may take minutes, so that the last seconds would see none: steps are judged by the whole run.
    const perMs = unit === "steps" ? this.#counted.steps / state.elapsedMs : perSecond[unit] / 1000;
    if (left > 0 && perMs > 0 && Number.isFinite(perMs)) state.msLeft = left / perMs;
    return state;
  }

  #rates(nowMs: number): ProgressSums {
    const samples = this.#samples;
    while (samples.length > 1 && nowMs - samples[1]!.atMs >= RATE_WINDOW_MS) samples.shift();
    const { atMs, counted } = samples[0]!;
    const rates = nothing();
    if (nowMs - atMs >= RATE_STARTS_MS) {
      // What a failed part takes back may be more than what the others have done.
      for (const unit of UNITS) rates[unit] = Math.max(0, this.#counted[unit] - counted[unit]) / (nowMs - atMs) * 1000;
    }
    samples.push({ atMs: nowMs, counted: { ...this.#counted } });
    return rates;
  }

  #pending(wait: Parameters<JobProgress["wait"]>[0]): PendingWait | undefined {
    const { reason, milliseconds } = wait ?? {};
    if (reason === undefined) return undefined;
    return { reason, untilMs: milliseconds === undefined ? undefined : this.clock.now() + milliseconds };
  }
}

const nothing = (): ProgressSums => ({ records: 0, bytes: 0, steps: 0 });

function add(sums: ProgressSums, amounts: ProgressAmounts, sign: 1 | -1 = 1): void {
  for (const unit of UNITS) sums[unit] += sign * (amounts[unit] ?? 0);
}
