/** Passes the bytes of a raw export on, as far as they are whole events. */
import { MpError } from "../../errors.ts";
import { concatenate } from "../chunks.ts";
import { isEventLine } from "./event_line.ts";
import { interruption } from "./export_interruption.ts";
import { MAX_RECORD_BYTES } from "../lines.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** What has been passed on so far. */
export interface EventCount {
  records: number;
  /** Uncompressed. */
  bytes: number;
}

/**
 * The bytes of an export, unchanged, in pieces that end where a line ends; a last line without a line feed gets one.
 * `count` is kept up to date.
 *
 * Only checked events come out. A line that is none, a line without an end and text that Mixpanel writes when it gives
 * up are errors, which come after all events before them. A piece is a view of its chunk, good until the next piece is
 * asked for; only a line that two chunks share is copied, since copying everything would take long beside checking it.
 * A chunk of the source need not be good for longer either.
 *
 * @throws MpError (server, network or rate_limited) that says what came instead, and after how many events.
 */
export async function* eventLines(source: AsyncIterable<Uint8Array>, count: EventCount): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const chunk of source) {
    let start = 0;
    if (heldBytes > 0) {
      start = chunk.indexOf(LINE_FEED) + 1;
      if (start > 0) {
        yield* checked(concatenate([...held, chunk.subarray(0, start)]), count);
        held = [];
        heldBytes = 0;
      }
    }
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > start) yield* checked(chunk.subarray(start, end), count);
    if (end < chunk.length) {
      held.push(chunk.slice(end));
      heldBytes += chunk.length - end;
      if (heldBytes > MAX_RECORD_BYTES) throw lineTooLong(count.records);
    }
  }
  if (heldBytes === 0) return;
  // It counts when it is a whole event nevertheless.
  const last = concatenate(held);
  if (!isEventLine(last, 0, last.length)) throw interruption(last, count.records, { cut: true });
  count.records++;
  count.bytes += last.length + 1;
  yield concatenate([last, Uint8Array.of(LINE_FEED)]);
}

/** Whole lines, as far as they are events; throws after them when there are others. */
function* checked(block: Uint8Array, count: EventCount): Generator<Uint8Array, void> {
  const good = checkBlock(block, count);
  if (good > 0) yield good === block.length ? block : block.subarray(0, good);
  if (good < block.length) throw interruption(block.subarray(good, block.indexOf(LINE_FEED, good)), count.records);
}

/** Counts the events at the beginning of whole lines; returns how many bytes they take. */
function checkBlock(block: Uint8Array, count: EventCount): number {
  let start = 0;
  let records = 0;
  while ((start = skipBlankLines(block, start)) < block.length) {
    const end = block.indexOf(LINE_FEED, start);
    if (!isEventLine(block, start, end)) break;
    records++;
    start = end + 1;
  }
  count.records += records;
  count.bytes += start;
  return start;
}

/** An empty line is no event and no mistake. */
export function isBlankLine(block: Uint8Array, start: number, end: number): boolean {
  return end === start || (end === start + 1 && block[start] === CARRIAGE_RETURN);
}

/** Where the next line begins that is not empty, or the end of the bytes; fast, since there may be millions. */
export function skipBlankLines(block: Uint8Array, start: number): number {
  let at = start;
  while (block[at] === LINE_FEED || (block[at] === CARRIAGE_RETURN && block[at + 1] === LINE_FEED)) {
    at += block[at] === LINE_FEED ? 1 : 2;
  }
  return at;
}

export function lineTooLong(records: number): MpError {
  return new MpError(
    `Cannot finish the export: after ${records} events comes a line of more than ${MAX_RECORD_BYTES} bytes`,
    { category: "server", code: "record_too_long", hint: "check the region and the host with 'mp whoami'" },
  );
}
