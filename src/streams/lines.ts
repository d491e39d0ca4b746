/** Splits bytes into lines, on the byte 0x0A and nothing else. */
import { inputError } from "../errors.ts";
import { concatenate } from "./chunks.ts";

const LINE_FEED = 10;

/** The longest record that is held in memory: 16 MiB. Mixpanel takes events of at most 1 MB. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/**
 * The lines of each chunk together, without their line feeds. A line is a view of its chunk and is copied only where
 * a chunk ends inside it, so what is kept for later must be copied by the reader.
 *
 * U+2028, U+0085, a lone carriage return and the like are data. A carriage return before the line feed stays with its
 * line: JSON takes it for white space. Text after the last line feed is a line too.
 *
 * @throws MpError (input) when a line is longer than `maxBytes`.
 */
export async function* lines(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number = MAX_RECORD_BYTES,
): AsyncGenerator<Uint8Array[], void> {
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
    const block: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const part = chunk.subarray(start, end);
      check(heldBytes + part.length);
      block.push(heldBytes === 0 ? part : concatenate([...held, part]));
      count++;
      held = [];
      heldBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      heldBytes += chunk.length - start;
      check(heldBytes);
      held.push(chunk.slice(start));
    }
    if (block.length > 0) yield block;
  }
  if (heldBytes > 0) yield [concatenate(held)];
}
