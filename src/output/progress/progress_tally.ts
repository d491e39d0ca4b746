/** The counts behind a job's progress: sums, running parts, rates. Draws nothing. */
import type { Clock } from "../../runtime/clock.ts";
import type { JobAmounts, JobProgress, PartProgress } from "./job_progress.ts";

export type Amounts = Required<JobAmounts>;

/** What a job or a part waits for. */
export interface Waiting {
  text: string;
  /** On the clock of the progress. */
  untilMs?: number;
}

/** A part as it stands. */
export interface PartFacts {
  name: string;
  startedMs: number;
  done: Amounts;
  waiting?: Waiting;
}

/** Everything there is to show at one moment. */
export interface ProgressFacts {
  nowMs: number;
  elapsedMs: number;
  /** With what an earlier run did. */
  done: Amounts;
  total: JobAmounts;
  /** Of the last seconds; 0 in the first half second, which is all start-up. */
  perSecond: Amounts;
  /** From 0 to 1; undefined when no total is known. */
  share?: number;
  msLeft?: number;
  quota?: { left: number; limit: number };
  waiting?: Waiting;
  parts: readonly PartFacts[];
}

/** Who is told about changes. */
export interface TallyWatcher {
  changed(): void;
  partEnded(part: PartFacts, failed: boolean): void;
}

/** The rate follows the last seconds, since the average over hours says nothing about now. */
const RATE_WINDOW_MS = 8_000;
const RATE_STARTS_MS = 500;
/** The finest one whose total is known tells the share. */
const UNITS: readonly (keyof Amounts)[] = ["records", "bytes", "steps"];

export class ProgressTally implements Omit<JobProgress, "done"> {
  readonly #clock: Clock;
  readonly #watcher: TallyWatcher;
  readonly #startedMs: number;
  /** What this run has done. */
  readonly #counted = nothing();
  readonly #parts = new Set<PartFacts>();
  readonly #samples: { atMs: number; counted: Amounts }[];
  #earlier = nothing();
  #total: JobAmounts = {};
  #quota: { left: number; limit: number } | undefined;
  #waiting: Waiting | undefined;

  constructor(clock: Clock, watcher: TallyWatcher) {
    this.#clock = clock;
    this.#watcher = watcher;
    this.#startedMs = clock.now();
    this.#samples = [{ atMs: this.#startedMs, counted: nothing() }];
  }

  part(name: string): PartProgress {
    const part: PartFacts = { name, startedMs: this.#clock.now(), done: nothing() };
    this.#parts.add(part);
    this.#watcher.changed();
    return {
      advance: (done) => {
        if (!this.#parts.has(part)) return;
        add(part.done, done);
        this.advance(done);
      },
      state: (text, untilMs) => {
        part.waiting = waitingFor(text, untilMs);
        this.#watcher.changed();
      },
      end: ({ failed = false } = {}) => {
        if (!this.#parts.delete(part)) return;
        if (failed) add(this.#counted, part.done, -1);
        this.#watcher.partEnded(part, failed);
      },
    };
  }

  advance(done: JobAmounts): void {
    add(this.#counted, done);
    this.#watcher.changed();
  }

  total(total: JobAmounts, earlier?: JobAmounts): void {
    this.#total = { ...total };
    if (earlier !== undefined) this.#earlier = { ...nothing(), ...earlier };
    this.#watcher.changed();
  }

  quota(left: number, limit: number): void {
    this.#quota = { left, limit };
    this.#watcher.changed();
  }

  state(text: string | undefined, untilMs?: number): void {
    this.#waiting = waitingFor(text, untilMs);
    this.#watcher.changed();
  }

  /** The moment as it stands. Each call is also a sample for the rate. */
  facts(): ProgressFacts {
    const nowMs = this.#clock.now();
    const perSecond = this.#rates(nowMs);
    const done = { ...this.#counted };
    add(done, this.#earlier);
    const unit = UNITS.find((candidate) => (this.#total[candidate] ?? 0) > 0);
    const facts: ProgressFacts = {
      nowMs,
      elapsedMs: nowMs - this.#startedMs,
      done,
      total: this.#total,
      perSecond,
      quota: this.#quota,
      waiting: this.#waiting,
      parts: [...this.#parts],
    };
    if (unit === undefined) return facts;
    const left = this.#total[unit]! - done[unit];
    facts.share = Math.max(0, Math.min(1, done[unit] / this.#total[unit]!));
    // A step may take minutes, so that the last seconds would see none: steps are judged by the whole run.
    const perMs = unit === "steps" ? this.#counted.steps / facts.elapsedMs : perSecond[unit] / 1000;
    if (left > 0 && perMs > 0 && Number.isFinite(perMs)) facts.msLeft = left / perMs;
    return facts;
  }

  #rates(nowMs: number): Amounts {
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
}

const nothing = (): Amounts => ({ records: 0, bytes: 0, steps: 0 });

function add(sums: Amounts, amounts: JobAmounts, sign: 1 | -1 = 1): void {
  for (const unit of UNITS) sums[unit] += sign * (amounts[unit] ?? 0);
}

function waitingFor(text: string | undefined, untilMs: number | undefined): Waiting | undefined {
  return text === undefined ? undefined : { text, untilMs };
}
