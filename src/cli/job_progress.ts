/** How every long command shows its progress: one flag, one set of rules. */
import { z } from "zod";
import { wantsColour } from "../output/colour.ts";
import { createJobProgress } from "../output/progress/job_progress.ts";
import type { ShownProgress } from "../output/progress/shown_progress.ts";
import type { Context } from "./context.ts";

/** The parameter behind `--progress`. */
export const progressMode = z.enum(["auto", "json", "none"]).default("auto").describe(
  "Progress on standard error: lines on a terminal, one JSON object a second for programs, or none",
);

export interface ProgressWording {
  /** What is being done: `Exporting`. */
  label: string;
  /** What a record is called in the plural: `events`. */
  noun: string;
  /** What a step is called in the plural: `days`. */
  stepNoun?: string;
  /** Whether the data go to standard output, and may be shown on the same terminal. */
  printsData?: boolean;
}

/** The progress of a command. With `--quiet` and `--verbose` nothing is drawn: traces are lines of their own. */
export function jobProgress(
  context: Context,
  mode: z.output<typeof progressMode>,
  words: ProgressWording,
): ShownProgress {
  const { globals, stdout, stderr, env, clock } = context;
  const { printsData = false, ...wording } = words;
  const isMixed = printsData && stdout.isTerminal;
  return createJobProgress(stderr, clock, {
    mode,
    // A dumb terminal cannot go back to a line that it has shown.
    enabled: !globals.quiet && !globals.verbose && !isMixed && env.TERM !== "dumb",
    colour: wantsColour({ isTerminal: stderr.isTerminal, environment: env, refused: !globals.color }),
    noteWait: (line) => void context.note(line),
    ...wording,
  });
}

/** Does some work under a progress that is taken away when it has ended, whether or not it succeeded. */
export async function withProgress<T>(
  context: Context,
  mode: z.output<typeof progressMode>,
  words: ProgressWording,
  work: (progress: ShownProgress) => Promise<T>,
): Promise<T> {
  const progress = jobProgress(context, mode, words);
  try {
    return await work(progress);
  } finally {
    await progress.done();
  }
}
