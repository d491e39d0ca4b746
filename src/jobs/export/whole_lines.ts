/** Bytes in pieces that end where a line ends, for those who read whole lines. */
import { concatenate } from "../../streams/chunks.ts";
import { isBlankLine } from "../../streams/events/event_lines.ts";

const LINE_FEED = 10;

/**
 * The same bytes without blank lines, which are no events; a line feed is added where the last line has none. Pieces may
 * be views of the source's.
 */
export async function* wholeLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const lines = new WholeLines();
  for await (const chunk of source) yield* lines.take(chunk);
  yield* lines.end();
}

/** The same, for those who are given chunks. */
export class WholeLines {
  #held: Uint8Array[] = [];

  /** The lines that end in this chunk. */
  *take(chunk: Uint8Array): Generator<Uint8Array, void> {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      // A line of two chunks is copied, and what follows it is not.
      const first = this.#held.length === 0 ? 0 : chunk.indexOf(LINE_FEED) + 1;
      const held = this.#held.splice(0);
      if (first > 0) yield* unlessEmpty(withoutBlankLines(concatenate([...held, chunk.subarray(0, first)])));
      yield* unlessEmpty(withoutBlankLines(chunk.subarray(first, end)));
    }
    if (end < chunk.length) this.#held.push(chunk.slice(end));
  }

  /** The last line, when no chunk will come. */
  *end(): Generator<Uint8Array, void> {
    const held = this.#held.splice(0);
    if (held.length > 0) yield* unlessEmpty(withoutBlankLines(concatenate([...held, Uint8Array.of(LINE_FEED)])));
  }
}

const unlessEmpty = (lines: Uint8Array): Uint8Array[] => lines.length > 0 ? [lines] : [];

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
