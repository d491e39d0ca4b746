/**
 * A job's progress for programs: one JSON object a line on standard error.
 *
 * `{"type":"progress",…}` comes at most once a second, `{"type":"part",…}` when a part has ended, and `{"type":"end",…}`
 * when the job has, whether or not it succeeded. Fields, absent where nothing is known:
 *
 * - `label`: what is being done; `elapsed_seconds`
 * - `records`, `bytes`, `steps`: done so far, earlier runs included
 * - `total`: the same three, as far as they are known; `share`: from 0 to 1; `seconds_left`
 * - `records_per_second`, `bytes_per_second`: of the last seconds
 * - `quota_left`, `quota_limit`: requests
 * - `state`: what the job waits for; `state_seconds_left`
 * - `parts`: what is under way, each with `name`, `records`, `bytes`, `state`, `state_seconds_left`
 * - of a part that has ended: `name`, `outcome` (`done` or `failed`), `records`, `bytes`, `seconds`
 */
import type { Clock } from "../../runtime/clock.ts";
import type { Output } from "../../runtime/standard_streams.ts";
import { escapeJsonForTerminal } from "../clean.ts";
import { type PartState, type PendingWait, type ProgressState, ProgressTally } from "./progress_tally.ts";
import type { ShownProgress } from "./shown_progress.ts";

const INTERVAL_MS = 1000;

export class JsonProgress extends ProgressTally implements ShownProgress {
  readonly #stderr: Output;
  readonly #label: string;
  readonly #ticker = setInterval(() => this.changed(), INTERVAL_MS);
  #writtenMs: number;
  #over = false;
  #writing: Promise<void> = Promise.resolve();
  #queued = 0;

  constructor(stderr: Output, clock: Clock, label: string) {
    super(clock);
    this.#stderr = stderr;
    this.#label = label;
    this.#writtenMs = clock.now();
  }

  note(): void {}

  async done(): Promise<void> {
    clearInterval(this.#ticker);
    if (this.#over) return;
    const { parts: _, ...sums } = described(this.state());
    this.#write({ type: "end", label: this.#label, ...sums });
    this.#over = true;
    await this.#writing;
  }

  protected changed(): void {
    if (this.#over || this.#queued > 0 || this.clock.now() - this.#writtenMs < INTERVAL_MS) return;
    this.#writtenMs = this.clock.now();
    this.#write({ type: "progress", label: this.#label, ...described(this.state()) });
  }

  protected partEnded(part: PartState, failed: boolean): void {
    if (this.#over) return;
    this.#write({ type: "part", ...describedPart(part, failed, this.clock.now()) });
    this.changed();
  }

  #write(object: Record<string, unknown>): void {
    this.#queued++;
    const line = escapeJsonForTerminal(JSON.stringify(object)) + "\n";
    // expected: any fault of standard error; a job does not fail because nobody reads its progress any more
    this.#writing = this.#stderr.write(line).catch(() => void (this.#over = true)).finally(() => this.#queued--);
  }
}

function described(state: ProgressState): Record<string, unknown> {
  const { done, total, perSecond, quota } = state;
  return {
    elapsed_seconds: seconds(state.elapsedMs),
    ...done,
    total: Object.keys(total).length === 0 ? undefined : total,
    share: state.share === undefined ? undefined : Math.round(state.share * 10_000) / 10_000,
    seconds_left: state.msLeft === undefined ? undefined : seconds(state.msLeft),
    records_per_second: Math.round(perSecond.records),
    bytes_per_second: Math.round(perSecond.bytes),
    quota_left: quota?.left,
    quota_limit: quota?.limit,
    ...describedWait(state.wait, state.nowMs),
    parts: state.parts.map(({ name, done: { records, bytes }, wait }) => ({
      name,
      records,
      bytes,
      ...describedWait(wait, state.nowMs),
    })),
  };
}

function describedPart(part: PartState, failed: boolean, nowMs: number): Record<string, unknown> {
  return {
    name: part.name,
    outcome: failed ? "failed" : "done",
    records: part.done.records,
    bytes: part.done.bytes,
    seconds: seconds(nowMs - part.startedMs),
  };
}

function describedWait(wait: PendingWait | undefined, nowMs: number): Record<string, unknown> {
  const leftMs = wait?.untilMs === undefined ? undefined : Math.max(0, wait.untilMs - nowMs);
  return { state: wait?.reason, state_seconds_left: leftMs === undefined ? undefined : seconds(leftMs) };
}

const seconds = (milliseconds: number): number => Math.round(milliseconds) / 1000;
