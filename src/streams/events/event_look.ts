/** Looks at the lines of an export that is passed on as it comes: are they whole events, and how many? */
import { concatenate } from "../chunks.ts";
import { isEventLine, looksLikeEvent } from "./event_line.ts";
import { type EventCount, isBlankLine, lineTooLong, skipBlankLines } from "./event_lines.ts";
import { interruption } from "./export_interruption.ts";
import { MAX_RECORD_BYTES } from "../lines.ts";

const LINE_FEED = 10;

/**
 * A look at each line's beginning and end; a line that is not as Mixpanel writes it is parsed. That finds text in place
 * of events, lines that are cut and lines that are no events. Damage within a line is for the check sum to find.
 */
export class EventLook {
  readonly #count: EventCount;
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  /** @param count is kept up to date */
  constructor(count: EventCount) {
    this.#count = count;
  }

  /**
   * The chunk may be changed when it returns.
   *
   * @throws MpError (server, network or rate_limited) that says what came instead of an event.
   */
  take(chunk: Uint8Array): void {
    const count = this.#count;
    let start = 0;
    if (this.#heldBytes > 0) {
      const end = chunk.indexOf(LINE_FEED);
      if (end >= 0) {
        const line = concatenate([...this.#held, chunk.subarray(0, end)]);
        this.#held = [];
        this.#heldBytes = 0;
        this.#look(line, 0, line.length);
        start = end + 1;
      }
    }
    for (;;) {
      const next = skipBlankLines(chunk, start);
      count.bytes += next - start;
      start = next;
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      this.#look(chunk, start, end);
      start = end + 1;
    }
    if (start === chunk.length) return;
    this.#held.push(chunk.slice(start));
    this.#heldBytes += chunk.length - start;
    if (this.#heldBytes > MAX_RECORD_BYTES) throw lineTooLong(count.records);
  }

  /** Says whether the last line has no line feed. @throws MpError when it is not whole. */
  end(): { lacksLineFeed: boolean } {
    if (this.#heldBytes === 0) return { lacksLineFeed: false };
    const last = concatenate(this.#held);
    if (!isEventLine(last, 0, last.length)) throw interruption(last, this.#count.records, { cut: true });
    this.#count.records++;
    this.#count.bytes += last.length;
    return { lacksLineFeed: true };
  }

  #look(bytes: Uint8Array, start: number, end: number): void {
    const count = this.#count;
    if (looksLikeEvent(bytes, start, end) || isEventLine(bytes, start, end)) count.records++;
    else if (!isBlankLine(bytes, start, end)) throw interruption(bytes.subarray(start, end), count.records);
    count.bytes += end + 1 - start;
  }
}
