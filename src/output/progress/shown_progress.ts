import type { JobProgress } from "../../jobs/progress.ts";

/** A job's progress that is shown somewhere. */
export interface ShownProgress extends JobProgress {
  /** A line that stays, above the progress. In mode `json` and without a terminal, nothing. */
  note(text: string): void;
  /** Takes the lines away. Called once, before anything else is said. */
  done(): Promise<void>;
}
