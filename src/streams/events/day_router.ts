/** Takes the events of an export apart by their days. */
import { concatenate } from "../chunks.ts";
import { isBlankLine } from "./event_lines.ts";
import { numberAt, shortIntegerAt } from "../json/json_numbers.ts";
import { JsonKind, JsonScope, JsonSpans } from "../json/json_spans.ts";

const LINE_FEED = 10;
const DAY_MS = 86_400_000;
/** `time` is in seconds, or in milliseconds when that was asked for; as seconds this is in the year 5138. */
const LARGEST_SECONDS = 1e11;
/** Stands for a `time` that is none. */
const NO_DAY = Number.NEGATIVE_INFINITY;

/**
 * Takes a run of lines of one day. The day is that of `properties.time` in UTC, `2026-01-31`, or an empty text where
 * there is no such number. The lines have their line feeds, and are in memory that is used again when it returns.
 */
export type TakeRun = (day: string, run: Uint8Array, events: number) => Promise<void> | void;

/**
 * Hands all lines on, those of one day in their order. A day of a block is handed on at once, so that it does not
 * matter how the days are mixed. The memory does not grow with the events.
 *
 * @param blocks whole lines, each with its line feed, as `eventLines` gives them
 */
export async function routeByDay(blocks: AsyncIterable<Uint8Array>, take: TakeRun): Promise<void> {
  const router = new DayRouter();
  for await (const block of blocks) {
    for (const [day, { runs, events }] of router.split(block)) await take(nameOfDay(day), concatenate(runs), events);
  }
}

/** What a block has of a day. */
interface Share {
  runs: Uint8Array[];
  events: number;
}

class DayRouter {
  readonly #spans = new JsonSpans("event");
  readonly #time = this.#spans.watch(JsonScope.properties, "time");

  /** The lines of a block by their days, as many after each other as possible in one piece. Blank lines are left out. */
  split(block: Uint8Array): Map<number, Share> {
    const shares = new Map<number, Share>();
    let runStart = 0;
    let runDay = NO_DAY;
    let runEvents = 0;
    const endRun = (end: number) => {
      if (runEvents > 0) {
        let share = shares.get(runDay);
        if (share === undefined) shares.set(runDay, share = { runs: [], events: 0 });
        share.runs.push(block.subarray(runStart, end));
        share.events += runEvents;
      }
      runEvents = 0;
    };
    for (let start = 0, end; start < block.length; start = end) {
      end = block.indexOf(LINE_FEED, start) + 1 || block.length;
      const isEvent = !isBlankLine(block, start, end - 1);
      const day = isEvent && this.#spans.scan(block, start, end) ? scannedDay(block, this.#spans, this.#time) : NO_DAY;
      if (!isEvent || day !== runDay || runEvents === 0) {
        endRun(start);
        runStart = start;
        runDay = day;
      }
      if (isEvent) runEvents++;
    }
    endRun(block.length);
    return shares;
  }
}

/**
 * Days since 1970, in UTC, of the event that was scanned last; negative infinity where it has no such number.
 *
 * @param time the number by which the `time` of properties is watched
 */
export function scannedDay(bytes: Uint8Array, spans: JsonSpans, time: number): number {
  const { kind, last, valueStart, valueEnd, valueIsPlain } = spans;
  const index = last[time] as number;
  if (index < 0 || (kind[index] !== JsonKind.integer && kind[index] !== JsonKind.number)) return NO_DAY;
  const start = valueStart[index] as number, end = valueEnd[index] as number;
  const isShort = kind[index] === JsonKind.integer && valueIsPlain[index] === 1;
  const at = isShort ? shortIntegerAt(spans.view, start, end) : numberAt(bytes, start, end);
  return Math.floor((Math.abs(at) > LARGEST_SECONDS ? at : at * 1000) / DAY_MS);
}

/** `2026-01-31`; an empty text for what is no day. */
export function nameOfDay(day: number): string {
  const date = new Date(day * DAY_MS);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
}
