/**
 * What a long job says while it runs: one line a running part, and one in all. Drawn for people, written for programs, or
 * not at all.
 */
import { SILENT_PROGRESS } from "../../jobs/progress.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Output } from "../../runtime/standard_streams.ts";
import { JsonProgress } from "./progress_json.ts";
import type { ShownProgress } from "./shown_progress.ts";
import { TerminalProgress } from "./progress_terminal.ts";
import { notedWaits } from "./noted_waits.ts";

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
  /** Mode `auto`, without a terminal: called with long waits, each in one line. */
  noteWait?(line: string): void;
}

/**
 * Progress on standard error. Calls are cheap: it is drawn at most ten times a second. Mode `auto` writes nothing at all
 * unless that is a terminal. Call `done` in every case, in a `finally`: after an interruption the terminal must be left clean.
 */
export function createJobProgress(stderr: Output, clock: Clock, options: JobProgressOptions): ShownProgress {
  const { mode, enabled, label, noun, stepNoun = "steps", colour = false, noteWait } = options;
  if (mode === "json") return new JsonProgress(stderr, clock, label);
  if (mode === "auto" && enabled && stderr.isTerminal) {
    return new TerminalProgress(stderr, clock, { label, noun, stepNoun, colour });
  }
  const isNoted = mode === "auto" && !stderr.isTerminal && noteWait !== undefined;
  return {
    ...isNoted ? notedWaits(clock, noteWait) : SILENT_PROGRESS,
    note() {},
    done: () => Promise.resolve(),
  };
}
