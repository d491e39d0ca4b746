/** Splits bytes into lines, on the byte 0x0A and nothing else. */
import { inputError } from "../errors.ts";
import { concatenate, giveBack } from "./chunks.ts";

const LINE_FEED = 10;

/** The longest record that is held in memory: 16 MiB. Mixpanel takes events of at most 1 MB. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** So many lines are given at a time: a chunk of blank ones has half a million. */
const MOST_LINES = 8192;

/** Lines that lie after each other in memory, with a line feed between them. */
export class Lines implements Iterable<Uint8Array> {
  /** @param ends where each line ends in `bytes`; its line feed, which the last one need not have, is behind it */
  constructor(readonly bytes: Uint8Array, readonly ends: readonly number[], readonly firstStart = 0) {}

  get length(): number {
    return this.ends.length;
  }

  /** Where a line begins in `bytes`. */
  startOf(index: number): number {
    return index === 0 ? this.firstStart : (this.ends[index - 1] as number) + 1;
  }

  /** A line without its line feed, as a view. */
  at(index: number): Uint8Array {
    return this.bytes.subarray(this.startOf(index), this.ends[index]);
  }

  *[Symbol.iterator](): Generator<Uint8Array, void> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }

  /** Whether there is nothing in a line. */
  isEmpty(index: number): boolean {
    return this.startOf(index) === this.ends[index];
  }

  /** The index of the first line from this one on that is not empty; the number of lines when all are. */
  filledFrom(index: number): number {
    const { ends } = this;
    let at = index;
    for (let start = this.startOf(at); ends[at] === start; start++) at++;
    return at;
  }

  /** The lines that are not empty, and where they are among all. */
  *entries(): Generator<[index: number, line: Uint8Array], void> {
    for (let index = 0; index < this.length; index++) if (!this.isEmpty(index)) yield [index, this.at(index)];
  }
}

/**
 * The lines of each chunk together, unless it has very many. They lie in the chunk, and are copied only where a chunk ends inside of one, so what is
 * kept for later must be copied by the reader.
 *
 * U+2028, U+0085, a lone carriage return and the like are data. A carriage return before the line feed stays with its
 * line: JSON takes it for white space. Text after the last line feed is a line too.
 *
 * @throws MpError (input) when a line is longer than `maxBytes`.
 */
export async function* lines(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number = MAX_RECORD_BYTES,
): AsyncGenerator<Lines, void> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let count = 0;
  const check = (bytes: number) => {
    if (bytes <= maxBytes) return;
    throw inputError(
      `Cannot read line ${count + 1}: it is longer than ${maxBytes} bytes`,
      "is this JSON Lines, with one record in each line? 'jq -c .' writes a record to one line",
      "record_too_long",
    );
  };
  for await (const chunk of source) {
    let end = chunk.indexOf(LINE_FEED);
    let start = 0;
    if (heldBytes > 0 && end >= 0) {
      check(heldBytes + end);
      const line = concatenate([...held, chunk.subarray(0, end)]);
      held.forEach(giveBack);
      held = [];
      heldBytes = 0;
      start = end + 1;
      count++;
      yield new Lines(line, [line.length]);
      giveBack(line);
      end = chunk.indexOf(LINE_FEED, start);
    }
    let firstStart = start;
    let ends: number[] = [];
    while (end >= 0) {
      check(end - start);
      ends.push(end);
      count++;
      start = end + 1;
      if (ends.length === MOST_LINES) {
        yield new Lines(chunk, ends, firstStart);
        firstStart = start;
        ends = [];
      }
      // A blank line is no reason to ask for a search, which costs more than the line.
      end = chunk[start] === LINE_FEED ? start : chunk.indexOf(LINE_FEED, start);
    }
    if (start < chunk.length) {
      heldBytes += chunk.length - start;
      check(heldBytes);
      held.push(chunk.slice(start));
    }
    if (ends.length > 0) yield new Lines(chunk, ends, firstStart);
  }
  if (heldBytes > 0) yield new Lines(concatenate(held), [heldBytes]);
}
