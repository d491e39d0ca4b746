/** Starts programs that see another time, by libfaketime, whose program and package are called `faketime`. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What to start, and with which variables besides its own. */
export interface FakedCommand {
  command: string;
  args: string[];
  env: Record<string, string>;
}

/** The program `faketime` on a search path; undefined when it is not installed. */
export function findFaketime(searchPath = ""): string | undefined {
  return searchPath.split(delimiter).map((folder) => join(folder, "faketime")).find(existsSync);
}

/**
 * A command, changed so that it and whatever it starts see the time `offsetMs` from now, in a time zone.
 *
 * A distance and not a time: a time would be read in each program's own time zone.
 */
export function underFakedClock(
  faketime: string,
  { zone, offsetMs }: { zone: string; offsetMs: number },
  [command, ...args]: [string, ...string[]],
): FakedCommand {
  const seconds = Math.round(offsetMs / 1000);
  return {
    command: faketime,
    args: ["-f", seconds < 0 ? `${seconds}` : `+${seconds}`, command, ...args],
    env: {
      TZ: zone,
      // Timers and time limits go by the monotonic clock.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      // The runtimes ask the kernel for files' times, past the library; where they do not, Deno crashes now and then.
      NO_FAKE_STAT: "1",
    },
  };
}
