/** From what the clocks of a zone show to the moment. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Local time changes by its zone at most at every quarter of an hour. */
const QUARTER_MS = 15 * MINUTE_MS;
const MOST_CACHED = 50_000;

/** What a change of the clocks does to a local time: no clock shows it, or it is shown two times. */
export type ClockChange = "skipped" | "twice";

interface Offset {
  ms: number;
  change?: ClockChange;
}

/**
 * From what a clock in a zone shows, as if it were UTC, to the moment.
 *
 * @param onChange called with a time that a change skips or repeats, and of the moment that is taken
 * @throws RangeError for a zone that does not exist
 */
export function localClock(
  timeZone: string,
  onChange: (change: ClockChange, takenMs: number) => void = () => {},
): (localMs: number) => number {
  if (/^(utc|gmt|z|etc\/utc)$/i.test(timeZone)) return (localMs) => localMs;
  // Fails here, and not at the first record, when there is no such zone.
  const offsetOf = zoneOffset(timeZone);
  const offsets = new Map<number, Offset>();
  return (localMs) => {
    const quarter = Math.floor(localMs / QUARTER_MS);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      if (offsets.size >= MOST_CACHED) offsets.clear();
      offsets.set(quarter, offset = offsetAt(localMs, offsetOf));
    }
    if (offset.change !== undefined) onChange(offset.change, localMs - offset.ms);
    return localMs - offset.ms;
  };
}

/** The earlier moment comes first; in a gap neither fits, and the offset from before it counts. */
function offsetAt(localMs: number, offsetOf: (epochMs: number) => number): Offset {
  // A day before, and a day after, no zone is more than one change away.
  const before = offsetOf(localMs - DAY_MS);
  const after = offsetOf(localMs + DAY_MS);
  const [first, second] = [before, after].filter((candidate) => offsetOf(localMs - candidate) === candidate);
  if (first === undefined) return { ms: before, change: "skipped" };
  return { ms: first, change: second === undefined || second === first ? undefined : "twice" };
}

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function zoneOffset(timeZone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (epochMs) => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(epochMs)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / 1000) * 1000;
  };
}
