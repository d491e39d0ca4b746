/**
 * Tells fast where a text may hold a secret. In every form of a secret, its longest run of letters and digits either has
 * one of its characters written as an escape, which nobody does to letters and digits without need, or is there as it
 * is, or as base64 or hex have it. So it is with texts that stand in base64, and those in them.
 */
import { textsInBase64 } from "./undo_encodings.ts";

/** A shorter piece would be met all the time. */
const LEAST_RUN = 3;
/** Of a longer one its two ends are searched for: base64 may be cut into lines somewhere. */
const LONGEST_PIECE = 16;

/** The pieces of which each form without escapes has one; undefined for a secret with no run that is long enough. */
function piecesOf(secret: string): string[] | undefined {
  const runs = secret.match(/[A-Za-z0-9]+/g) ?? [];
  const run = runs.reduce((longest, one) => one.length > longest.length ? one : longest, "");
  if (run.length < LEAST_RUN) return undefined;
  const inBase64 = base64Cores(run);
  const inHex = new TextEncoder().encode(run).toHex();
  return [run, ...inBase64, ...inBase64.flatMap(base64Cores), inHex, inHex.toUpperCase()];
}

/**
 * What base64 makes of a text that stands somewhere in a longer one: three texts, by their place, without the characters
 * at the ends that the neighbours have a part in. Those of letters and digits are letters and digits.
 */
function base64Cores(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  return [0, 1, 2].map((before) => {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    return padded.toBase64().slice(Math.ceil(before * 8 / 6), Math.floor(padded.length * 8 / 6));
  });
}

/** A letter or a digit that is written as an escape, which may be within others. */
const ESCAPED = (() => {
  const hex = "(?:3\\d|4[1-9a-f]|5[\\da]|6[1-9a-f]|7[\\da])";
  const decimal = "(?:4[89]|5[0-7]|6[5-9]|[78]\\d|90|9[7-9]|1[01]\\d|12[012])";
  const percent = "(?:%(?:25)*|u0025|#37;|#x25;)";
  const numberSign = "(?:#|%(?:25)*23|u0023)";
  const semicolon = "(?:;|%(?:25)*3b|u003b)";
  return new RegExp(`(?:u00|\\\\x|${percent})${hex}|${numberSign}(?:0*${decimal}|x0*${hex})${semicolon}`, "gi");
})();

/** So much of a text is searched at once, so that long ones are not held twice. */
const WINDOW_BYTES = 1024 * 1024;
/** An escape that ends in the next window. */
const OVERLAP_BYTES = 64;
/** Texts in the base64 of others that are looked through. */
const DEEPEST = 4;

/** Looks for pieces of many secrets at once, after Wu and Manber: it jumps over what no piece can be a part of. */
export class MarkSearch {
  readonly #pieces = new Map<number, Uint8Array[]>();
  /** How far the next piece is at least from the end of a pair of bytes, by the pair's hash. */
  readonly #jumps: Uint8Array;
  readonly #pieceLength: number;
  readonly #isBlind: boolean;

  constructor(secrets: readonly string[]) {
    const pieces = secrets.map(piecesOf);
    this.#isBlind = pieces.includes(undefined);
    const known = pieces.flatMap((some) => some ?? []);
    this.#pieceLength = Math.min(LONGEST_PIECE, ...known.map(({ length }) => length));
    this.#jumps = new Uint8Array(PAIRS).fill(this.#pieceLength - 1);
    for (const piece of known) {
      this.#add(piece.slice(0, this.#pieceLength));
      if (piece.length >= 2 * this.#pieceLength) this.#add(piece.slice(-this.#pieceLength));
    }
  }

  /** Places in or beside every secret of the text, in no order; undefined when it may hold some anywhere. */
  places(bytes: Uint8Array): number[] | undefined {
    return this.#isBlind ? undefined : this.#marksIn(bytes, DEEPEST);
  }

  #marksIn(bytes: Uint8Array, depth: number): number[] {
    const found = [...this.#piecesIn(bytes), ...escapesIn(bytes)];
    if (depth === 0) return found;
    for (const { start, text } of textsInBase64(bytes)) {
      for (const place of this.#marksIn(text, depth - 1)) found.push(start + Math.floor(place * 4 / 3));
    }
    return found;
  }

  #add(text: string): void {
    const piece = new TextEncoder().encode(text);
    const last = piece.length - 1;
    for (let end = 1; end <= last; end++) {
      const pair = pairOf(piece[end - 1]!, piece[end]!);
      this.#jumps[pair] = Math.min(this.#jumps[pair]!, last - end);
    }
    const pair = pairOf(piece[last - 1]!, piece[last]!);
    this.#pieces.set(pair, [...this.#pieces.get(pair) ?? [], piece]);
  }

  #piecesIn(bytes: Uint8Array): number[] {
    const found: number[] = [];
    const jumps = this.#jumps;
    const last = this.#pieceLength - 1;
    for (let end = last; end < bytes.length;) {
      const pair = pairOf(bytes[end - 1]!, bytes[end]!);
      const jump = jumps[pair]!;
      if (jump > 0) {
        end += jump;
        continue;
      }
      const start = end - last;
      if (this.#pieces.get(pair)!.some((piece) => isAt(bytes, start, piece))) found.push(start);
      end++;
    }
    return found;
  }
}

const PAIRS = 4096;
const pairOf = (first: number, second: number): number => ((first << 5) ^ second) & (PAIRS - 1);

function isAt(bytes: Uint8Array, start: number, piece: Uint8Array): boolean {
  for (let index = 0; index < piece.length; index++) {
    if (bytes[start + index] !== piece[index]) return false;
  }
  return true;
}

function escapesIn(bytes: Uint8Array): number[] {
  const decoder = new TextDecoder("latin1");
  const found: number[] = [];
  for (let start = 0; start < bytes.length; start += WINDOW_BYTES) {
    const window = decoder.decode(bytes.subarray(start, start + WINDOW_BYTES + OVERLAP_BYTES));
    for (const { index } of window.matchAll(ESCAPED)) found.push(start + index);
  }
  return found;
}
