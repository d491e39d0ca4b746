/** The check of a raw export: what comes out are the events before the first fault, byte for byte. */
import { MpError } from "../../../src/errors.ts";
import { type EventCount, eventLines } from "../../../src/streams/events/event_lines.ts";
import type { Random } from "../../helpers/random.ts";
import { eventsText } from "../corpus.ts";
import { describeBytes, isEvent, requireSameBytes } from "../expect.ts";
import { mutated, volatileChunks } from "../mutate.ts";

const LINE_FEED = 10;

export async function fuzzExportLines(random: Random): Promise<void> {
  const bytes = mutated(new TextEncoder().encode(eventsText(random)), random, random.below(4));
  const expected = expectedOf(bytes);
  const count: EventCount = { records: 0, bytes: 0 };
  const pieces: Uint8Array[] = [];
  let failure: unknown;
  try {
    for await (const piece of eventLines(volatileChunks(bytes, random), count)) pieces.push(piece.slice());
  } catch (error) {
    failure = error;
  }
  if (failure !== undefined && !(failure instanceof MpError)) throw failure;
  const output = Buffer.concat(pieces);
  requireSameBytes(output, expected.output, bytes);
  if ((failure !== undefined) !== expected.fails) {
    throw new Error(`${failure === undefined ? "Accepts" : "Refuses"} ${describeBytes(bytes)}: ${failure}`);
  }
  if (count.records !== expected.records || count.bytes !== output.length) {
    throw new Error(`Counts ${count.records} events and ${count.bytes} bytes in ${describeBytes(bytes)}`);
  }
}

/** The slow way: line by line, with `JSON.parse`. */
function expectedOf(bytes: Uint8Array): { output: Uint8Array; records: number; fails: boolean } {
  let start = 0;
  let records = 0;
  while (start < bytes.length) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const line = bytes.subarray(start, feed < 0 ? bytes.length : feed);
    const isBlank = feed >= 0 && (line.length === 0 || (line.length === 1 && line[0] === 13));
    if (!isBlank && !isEvent(line)) return { output: bytes.subarray(0, start), records, fails: true };
    if (!isBlank) records++;
    start = feed < 0 ? bytes.length : feed + 1;
  }
  const lacksLineFeed = bytes.length > 0 && bytes[bytes.length - 1] !== LINE_FEED;
  const output = lacksLineFeed ? Buffer.concat([bytes, Uint8Array.of(LINE_FEED)]) : bytes;
  return { output, records, fails: false };
}
