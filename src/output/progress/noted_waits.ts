import { type JobProgress, SILENT_PROGRESS } from "../../jobs/progress.ts";
import type { Clock } from "../../runtime/clock.ts";
import { formatDuration } from "../format.ts";

const NOTED_WAIT_MS = 15_000;
const MINUTE_MS = 60_000;

/** Says long waits in a line of their own, where no progress is drawn: a log has to tell why nothing happens. */
export function notedWaits(clock: Clock, note: (line: string) => void): JobProgress {
  let notedUntilMs = -Infinity;
  const wait: JobProgress["wait"] = (wait) => {
    if (wait?.milliseconds === undefined || wait.milliseconds < NOTED_WAIT_MS) return;
    const untilMs = clock.now() + wait.milliseconds;
    // Slices that wait for the same thing say it once.
    if (untilMs < notedUntilMs + MINUTE_MS) return;
    notedUntilMs = untilMs;
    note(`${wait.reason}; again in ${formatDuration(wait.milliseconds)}`);
  };
  return { ...SILENT_PROGRESS, part: (name) => ({ ...SILENT_PROGRESS.part(name), wait }), wait };
}
