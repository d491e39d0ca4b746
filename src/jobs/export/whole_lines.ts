/** Bytes in pieces that end where a line ends, for those who read whole lines. */
import { concatenate } from "../../streams/chunks.ts";
import { isBlankLine } from "../../streams/events/event_lines.ts";

const LINE_FEED = 10;

/**
 * The same bytes without blank lines, which are no events; a line feed is added where the last line has none. Pieces may
 * be views of the source's.
 */
export async function* wholeLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const piece of endedLines(source)) {
    const lines = withoutBlankLines(piece);
    if (lines.length > 0) yield lines;
  }
}

async function* endedLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
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

/** The piece itself, unless there are blank lines in it. */
function withoutBlankLines(piece: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [];
  let from = 0;
  for (let start = 0; start < piece.length;) {
    const end = piece.indexOf(LINE_FEED, start);
    if (isBlankLine(piece, start, end)) {
      kept.push(piece.subarray(from, start));
      from = end + 1;
    }
    start = end + 1;
  }
  return from === 0 ? piece : concatenate([...kept, piece.subarray(from)]);
}
