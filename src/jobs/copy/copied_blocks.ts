/** Records of one project on their way to another, as blocks of an import. */
import type { LinesBlock } from "../../records/read/record_block.ts";
import { Lines } from "../../streams/lines.ts";
import { wholeLines } from "../export/whole_lines.ts";

/** Rewrites a record from `start` to `end`; returns the index after it, `at` when it is left out. */
export type RewriteLine = (from: Uint8Array, start: number, end: number, to: Uint8Array, at: number) => number;

export interface BlockOptions {
  /** How the source is called where a record of it is rejected. */
  name: string;
  rewrite: RewriteLine;
  /** Bytes that a rewritten record may have more than before. */
  growth: number;
  /** Told how many records were left out. */
  onLeftOut?(count: number): void;
}

const LINE_FEED = 10;

/** Lines, each rewritten. One that is left out becomes a blank line, which counts for nothing: the others keep theirs. */
export async function* copiedBlocks(
  source: AsyncIterable<Uint8Array>,
  { name, rewrite, growth, onLeftOut }: BlockOptions,
): AsyncGenerator<LinesBlock, void> {
  const origin = { name, open: () => source };
  let recordsBefore = 0;
  for await (const piece of wholeLines(source)) {
    const room = new Uint8Array(piece.length + countLines(piece) * growth);
    const ends: number[] = [];
    let leftOut = 0;
    let to = 0;
    for (
      let start = 0, end = piece.indexOf(LINE_FEED);
      end >= 0;
      start = end + 1, end = piece.indexOf(LINE_FEED, start)
    ) {
      const next = rewrite(piece, start, end, room, to);
      if (next === to) leftOut++;
      ends.push(next);
      room[next] = LINE_FEED;
      to = next + 1;
    }
    if (leftOut > 0) onLeftOut?.(leftOut);
    yield { kind: "lines", source: origin, recordsBefore, firstLine: recordsBefore + 1, lines: new Lines(room, ends) };
    recordsBefore += ends.length;
  }
}

function countLines(piece: Uint8Array): number {
  let count = 0;
  for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}
