/** The check of an export that is stored as it came: it passes when the data in it is whole, and not otherwise. */
import { gunzipSync, gzipSync } from "node:zlib";
import { MpError } from "../../../src/errors.ts";
import { BrokenGzipError } from "../../../src/runtime/compression/broken_gzip.ts";
import { inflated } from "../../../src/runtime/compression/inflate.ts";
import type { EventCount } from "../../../src/streams/events/event_lines.ts";
import { passEvents } from "../../../src/streams/events/pass_events.ts";
import type { Random } from "../../helpers/random.ts";
import { eventsText } from "../corpus.ts";
import { describeBytes, isEvent, requireSameBytes } from "../expect.ts";
import { chunksOf, mutated } from "../mutate.ts";

const LINE_FEED = 10;

export async function fuzzStoredExport(random: Random): Promise<void> {
  const text = new TextEncoder().encode(eventsText(random));
  // A server that gives up writes whole gzip; a network damages what is compressed.
  const isTextDamaged = random.chance(0.5);
  const sent = isTextDamaged ? mutated(text, random, random.below(3)) : text;
  const members = random.chance(0.2) ? [sent.subarray(0, sent.length >> 1), sent.subarray(sent.length >> 1)] : [sent];
  const whole = Buffer.concat(members.map((member) => gzipSync(member, { level: random.below(10) })));
  const encoded = isTextDamaged ? whole : mutated(whole, random, random.below(3));
  const count: EventCount = { records: 0, bytes: 0 };
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of passEvents(chunksOf(encoded, random), count, inflated)) pieces.push(piece.slice());
  } catch (error) {
    if (!(error instanceof MpError) && !(error instanceof BrokenGzipError)) throw error;
    if (encoded === whole && sent === text && hasEventsOnly(text)) {
      throw new Error(`Refuses ${describeBytes(sent)}: ${error}`);
    }
    return;
  }
  const output = Buffer.concat(pieces);
  requireSameBytes(output.subarray(0, encoded.length), encoded, sent);
  if (encoded.length === 0) return;
  // An independent reader must find in it what was sent, and whole lines.
  const read = gunzipSync(output);
  const lacksLineFeed = sent.length > 0 && sent[sent.length - 1] !== LINE_FEED;
  requireSameBytes(read, lacksLineFeed ? Buffer.concat([sent, Uint8Array.of(LINE_FEED)]) : sent, encoded);
  if (count.bytes !== read.length) throw new Error(`Counts ${count.bytes} bytes in ${describeBytes(sent)}`);
  for (const line of read.toString("latin1").split("\n")) {
    if (line.trim() !== "" && !/^\s*(\xef\xbb\xbf)?\{.*\}\s*$/s.test(line)) {
      throw new Error(`Accepts ${JSON.stringify(line)} as an event`);
    }
  }
}

function hasEventsOnly(text: Uint8Array): boolean {
  const lines = Buffer.from(text).toString("latin1").split("\n");
  return lines.every((line) => line === "" || isEvent(Buffer.from(line, "latin1")));
}
