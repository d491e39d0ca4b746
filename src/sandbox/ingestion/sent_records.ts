/** Goes through the records of a body in their bytes. */
import { elementsOf } from "./json_text.ts";
import type { Payload } from "./payload.ts";

const LINE_FEED = 0x0a, COMMA = 0x2c, SPACE = 0x20;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Takes one record after another. */
export interface RecordTaker {
  /** Takes the object apart that begins at `start`: the index after it, or -1 when it is none. */
  scan(bytes: Uint8Array, start: number): number;
  /** The object that was scanned last, and where it lies. */
  scanned(bytes: Uint8Array, start: number, end: number): void;
  /** A record that has to be parsed, and may be anything. */
  text(text: string): void;
  /** Forgets what came so far: all of it comes again. */
  startOver(): void;
}

/**
 * Hands out the records: the lines of JSON Lines, else the elements of an array, or the one value that is no array.
 *
 * @throws SyntaxError for anything but JSON. What `text` throws passes.
 */
export function takeRecords(payload: Payload, taker: RecordTaker): void {
  const { bytes, isLines } = payload;
  if (isLines) return takeLines(bytes, taker);
  if (bytes.length === 0 || takeElements(bytes, taker)) return;
  taker.startOver();
  for (const element of elementsOf(payload.text)) taker.text(element);
}

function takeLines(bytes: Uint8Array, taker: RecordTaker): void {
  for (let start = 0, next = 0; start < bytes.length; start = next) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const lineEnd = feed < 0 ? bytes.length : feed;
    next = lineEnd + 1;
    const end = bytes[start] === OPEN_OBJECT ? taker.scan(bytes, start) : -1;
    if (end >= 0 && end <= lineEnd && skipSpace(bytes, end) >= lineEnd) {
      taker.scanned(bytes, start, end);
    } else {
      const line = decoder.decode(bytes.subarray(start, lineEnd));
      if (line.trim() !== "") taker.text(line);
    }
  }
}

/** False when they are not plain enough for that. */
function takeElements(bytes: Uint8Array, taker: RecordTaker): boolean {
  let at = skipSpace(bytes, 0);
  const isList = bytes[at] === OPEN_LIST;
  if (isList) at = skipSpace(bytes, at + 1);
  if (isList && bytes[at] === CLOSE_LIST) return skipSpace(bytes, at + 1) >= bytes.length;
  for (;;) {
    const end = bytes[at] === OPEN_OBJECT ? taker.scan(bytes, at) : -1;
    if (end < 0) return false;
    taker.scanned(bytes, at, end);
    at = skipSpace(bytes, end);
    if (!isList) return at >= bytes.length;
    if (bytes[at] === CLOSE_LIST) return skipSpace(bytes, at + 1) >= bytes.length;
    if (bytes[at] !== COMMA) return false;
    at = skipSpace(bytes, at + 1);
  }
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at] as number) <= SPACE) at++;
  return at;
}
