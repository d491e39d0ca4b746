/** Events that keep all rules and lack nothing, told by their bytes: most are sent without being parsed. */
import { EventScanner, type FoundText } from "../../streams/events/event_scanner.ts";
import { PLACEHOLDER_IDS } from "../map/placeholder_ids.ts";
import { LIMITS, type RecordProblem } from "../record_rules.ts";
import { EARLIEST_MILLISECONDS, INSERT_ID, MAX_AHEAD_SECONDS, USUAL_SECONDS } from "./event_rules.ts";
import { scannedNumberWarnings } from "./number_warnings.ts";
import type { ReadyRecords } from "./record_check.ts";

const NONE: readonly never[] = [];
const ASCII_END = 0x80, SPACE = 0x20, DELETE = 0x7f, BACKSLASH = 0x5c, QUOTE = 0x22, PLUS = 0x2b;
/** 1 for each byte that an `$insert_id` may have. */
const ID_CHARACTERS = Uint8Array.from({ length: 256 }, (_, byte) => INSERT_ID.test(String.fromCharCode(byte)) ? 1 : 0);
/** Length, first and last byte of each placeholder, without the bit that makes letters large: what else is none of them. */
const PLACEHOLDER_SHAPES = new Set(
  [...PLACEHOLDER_IDS].map((id) => shapeOf(id.charCodeAt(0), id.charCodeAt(id.length - 1), id.length)),
);

/** 1 for each length that a placeholder has. */
const PLACEHOLDER_LENGTHS = Uint8Array.from(
  { length: LIMITS.insertIdCharacters + 1 },
  (_, length) => [...PLACEHOLDER_IDS].some((id) => id.length === length) ? 1 : 0,
);

function shapeOf(first: number, last: number, length: number): number {
  return (length << 16) | ((first | 0x20) << 8) | (last | 0x20);
}

/**
 * Whether a historical event keeps all rules and lacks nothing, by what a scanner found in its line: it is sent as it is.
 * False says only that it has to be parsed; what is true here has no problem there.
 */
export function isReadyEvent(line: Uint8Array, found: EventScanner, nowMs: number): boolean {
  const { time, insertId, distinctId } = found;
  if (found.others > 0) return false;
  const seconds = time >= EARLIEST_MILLISECONDS ? time / 1000 : time;
  // A time that was not found is NaN, which is neither.
  if (!(seconds >= USUAL_SECONDS && seconds <= nowMs / 1000 + MAX_AHEAD_SECONDS)) return false;
  if (found.properties > LIMITS.properties || found.widest > LIMITS.elements || found.deepest > LIMITS.depth) {
    return false;
  }
  if (insertId.start < 0 || distinctId.start < 0 || !beginsVisibly(line, found.event.start)) return false;
  const length = insertId.end - insertId.start;
  if (length === 0 || length > LIMITS.insertIdCharacters) return false;
  for (let at = insertId.start; at < insertId.end; at++) if (ID_CHARACTERS[line[at] as number] === 0) return false;
  if (mayBeShortened(line, distinctId)) return false;
  return !isPlaceholder(line, insertId) && !isPlaceholder(line, distinctId);
}

/** Whether a name begins with a character that is surely no white space, and so is not blank. */
function beginsVisibly(line: Uint8Array, at: number): boolean {
  const first = line[at] as number;
  if (first < ASCII_END) return first > SPACE && first !== DELETE && first !== QUOTE && first !== BACKSLASH;
  // The white space beyond ASCII begins with these bytes.
  return first !== 0xc2 && first !== 0xe1 && first !== 0xe2 && first !== 0xe3 && first !== 0xef;
}

/** Whether an id may be a number with an exponent, such as 1.23457E+15. */
function mayBeShortened(line: Uint8Array, { start, end }: FoundText): boolean {
  return end - start >= 5 && line[end - 3] === PLUS;
}

function isPlaceholder(line: Uint8Array, { start, end }: FoundText): boolean {
  if (PLACEHOLDER_LENGTHS[end - start] !== 1) return false;
  const shape = shapeOf(line[start] as number, line[end - 1] as number, end - start);
  if (!PLACEHOLDER_SHAPES.has(shape)) return false;
  return PLACEHOLDER_IDS.has(String.fromCharCode(...line.subarray(start, end)).toLowerCase());
}

/** Finds events in lines that can be sent as they are. */
export class ReadyEvents implements ReadyRecords {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  readonly #scanner = new EventScanner();

  find(bytes: Uint8Array, start: number, end: number, nowMs: number): boolean {
    const scanner = this.#scanner;
    if (!scanner.scan(bytes, start, end) || !isReadyEvent(bytes, scanner, nowMs)) return false;
    this.bytes = bytes;
    this.start = scanner.start;
    this.end = scanner.end;
    return this.end - this.start <= LIMITS.recordBytes;
  }

  warnings(): readonly RecordProblem[] {
    if (!this.#scanner.hasLongNumbers) return NONE;
    return scannedNumberWarnings(this.#scanner, this.bytes.subarray(this.start, this.end), (name) => name);
  }
}
