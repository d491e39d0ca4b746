/** The environment in which programs see another time: that of libfaketime, which Debian calls `faketime`. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** libfaketime's file where Linux distributions put it; undefined when it is not installed. */
export function findFaketime(): string | undefined {
  const folders = ["/usr/lib", "/usr/lib64", "/usr/local/lib"].filter(existsSync);
  const places = folders.flatMap((folder) => [folder, ...readdirSync(folder).map((name) => join(folder, name))]);
  return places.map((place) => join(place, "faketime", "libfaketime.so.1")).find(existsSync);
}

/**
 * Variables under which a program, and whatever it starts, sees the time `offsetMs` from now.
 *
 * A distance and not a time: a time would be read in each program's own time zone, and stand still between them.
 */
export function fakedClock(library: string, zone: string, offsetMs: number): Record<string, string> {
  const seconds = Math.round(offsetMs / 1000);
  return {
    TZ: zone,
    LD_PRELOAD: library,
    FAKETIME: seconds < 0 ? `${seconds}` : `+${seconds}`,
    // Timers and time limits go by the monotonic clock.
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    // The runtimes ask the kernel for files' times, past the library; where they do not, Deno crashes now and then.
    NO_FAKE_STAT: "1",
  };
}
