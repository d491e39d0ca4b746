/** Bytes in pieces that end where a line ends, for those who read whole lines. */
import { concatenate } from "../../streams/chunks.ts";

const LINE_FEED = 10;

/** The same bytes; a line feed is added where the last line has none. Pieces may be views of the source's. */
export async function* wholeLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let held: Uint8Array[] = [];
  for await (const chunk of source) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      held.push(chunk.slice());
      continue;
    }
    if (held.length === 0) yield chunk.subarray(0, end);
    else {
      const first = chunk.indexOf(LINE_FEED) + 1;
      yield concatenate([...held, chunk.subarray(0, first)]);
      if (first < end) yield chunk.subarray(first, end);
    }
    held = end < chunk.length ? [chunk.slice(end)] : [];
  }
  if (held.length > 0) yield concatenate([...held, Uint8Array.of(LINE_FEED)]);
}
