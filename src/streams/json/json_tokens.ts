/** Where the parts of JSON text end: containers of any depth, numbers, words. */
import { skipSpace, skipValue } from "./json_skip.ts";

const QUOTE = 0x22, COMMA = 0x2c, COLON = 0x3a, MINUS = 0x2d, PLUS = 0x2b, POINT = 0x2e, ZERO = 0x30, NINE = 0x39;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d, LARGE_E = 0x45, SMALL_E = 0x65;

/** What closes the lists and objects that are open; the same memory for each call. */
let open = new Uint8Array(64);

/** The index after a list or an object of any depth, or -1. */
export function skipContainer(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  for (;;) {
    const first = bytes[at];
    if (first === OPEN_OBJECT || first === OPEN_LIST) {
      const close = first === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_LIST;
      if (depth === open.length) open = doubled(open);
      open[depth++] = close;
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== close) {
        if (close === CLOSE_OBJECT) at = skipKey(bytes, at);
        if (at < 0) return -1;
        continue;
      }
      at++;
      depth--;
    } else {
      at = skipValue(bytes, at);
      if (at < 0) return -1;
    }
    let close = open[depth - 1];
    while (depth > 0 && bytes[at = skipSpace(bytes, at)] === close) {
      at++;
      depth--;
      close = open[depth - 1];
    }
    if (depth === 0) return at;
    if (bytes[at] !== COMMA) return -1;
    at = skipSpace(bytes, at + 1);
    if (close === CLOSE_OBJECT) at = skipKey(bytes, at);
    if (at < 0) return -1;
  }
}

/** The index of the value whose key begins here, or -1. */
function skipKey(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === QUOTE ? skipValue(bytes, start) : -1;
  if (at < 0 || bytes[at = skipSpace(bytes, at)] !== COLON) return -1;
  return skipSpace(bytes, at + 1);
}

/** The index after the digits of a number and its sign, or -1. */
export function skipInteger(bytes: Uint8Array, start: number): number {
  const at = bytes[start] === MINUS ? start + 1 : start;
  return bytes[at] === ZERO ? at + 1 : skipDigits(bytes, at);
}

/** The index after the fraction and the exponent of a number, or -1. */
export function skipFraction(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === POINT ? skipDigits(bytes, start + 1) : start;
  if (at > 0 && (bytes[at] === SMALL_E || bytes[at] === LARGE_E)) {
    at++;
    at = skipDigits(bytes, bytes[at] === PLUS || bytes[at] === MINUS ? at + 1 : at);
  }
  return at;
}

/** The index after one digit or more, or -1. */
function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at++;
  return at === start ? -1 : at;
}

/** Whether the bytes from here on are these. */
export function startsWith(bytes: Uint8Array, start: number, prefix: Uint8Array): boolean {
  for (let index = 0; index < prefix.length; index++) if (bytes[start + index] !== prefix[index]) return false;
  return true;
}

function doubled(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * bytes.length);
  larger.set(bytes);
  return larger;
}
