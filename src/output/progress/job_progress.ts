/**
 * What a long job says while it runs: one line a running part, and one in all. Drawn for people, written for programs, or
 * not at all.
 */
import type { Clock } from "../../runtime/clock.ts";
import type { Output } from "../../runtime/standard_streams.ts";
import { jsonProgress } from "./progress_json.ts";
import { terminalProgress } from "./progress_terminal.ts";

/** Amounts that are added up. */
export interface JobAmounts {
  /** Events, profiles, updates. */
  records?: number;
  /** Uncompressed, where both are known. */
  bytes?: number;
  /** Whole parts: days, pages, files. */
  steps?: number;
}

/** A part that is under way, such as a slice of an export. */
export interface PartProgress {
  advance(done: JobAmounts): void;
  /**
   * What keeps it waiting, such as `429`; undefined when it goes on. `untilMs`, on the clock of the progress, adds a
   * countdown: `429, again in 20 s`.
   */
  state(text: string | undefined, untilMs?: number): void;
  /** Its line goes; `failed` takes what it has counted back from the sums. */
  end(outcome?: { failed?: boolean }): void;
}

export interface JobProgress {
  part(name: string): PartProgress;
  /** Adds to the sums what belongs to no part. */
  advance(done: JobAmounts): void;
  /**
   * What there will be in all, as soon as it is known; called again when that changes. `earlier` is what an earlier run
   * has done of it: it counts as done, and not for the rate.
   */
  total(total: JobAmounts, earlier?: JobAmounts): void;
  /** Requests that are left of the quota, and out of how many. */
  quota(left: number, limit: number): void;
  /** What the whole job waits for; undefined when it goes on. `untilMs` adds a countdown. */
  state(text: string | undefined, untilMs?: number): void;
  /** Takes the lines away. Called once, before anything else is said. */
  done(): Promise<void>;
}

/** `auto` draws on a terminal and is silent elsewhere; `json` writes one object a line to standard error. */
export type ProgressMode = "auto" | "json" | "none";

export interface JobProgressOptions {
  mode: ProgressMode;
  /** False for `--quiet`, and where lines would mix with data on the same terminal. Only mode `auto` asks. */
  enabled: boolean;
  /** What is being done: `Exporting`. */
  label: string;
  /** What a record is called in the plural: `events`. */
  noun: string;
  /** What a step is called in the plural. Default `steps`. */
  stepNoun?: string;
  colour?: boolean;
}

/** A progress that can also say something in between without disturbing its lines. */
export interface ShownProgress extends JobProgress {
  /** A line that stays, above the progress. In mode `json` and without a terminal, nothing. */
  note(text: string): void;
}

/**
 * Progress on standard error. Calls are cheap: it is drawn at most ten times a second. Mode `auto` writes nothing at all
 * unless that is a terminal. Call `done` in every case, in a `finally`: after an interruption the terminal must be left clean.
 */
export function createJobProgress(stderr: Output, clock: Clock, options: JobProgressOptions): ShownProgress {
  const { mode, enabled, label, noun, stepNoun = "steps", colour = false } = options;
  if (mode === "json") return jsonProgress(stderr, clock, label);
  if (mode === "none" || !enabled || !stderr.isTerminal) return silentProgress();
  return terminalProgress(stderr, clock, { label, noun, stepNoun, colour });
}

function silentProgress(): ShownProgress {
  const part = { advance() {}, state() {}, end() {} };
  return {
    part: () => part,
    advance() {},
    total() {},
    quota() {},
    state() {},
    note() {},
    done: () => Promise.resolve(),
  };
}
