/** JSON text to values' bytes: strings without their escapes, lists and objects without white space, all of it UTF-8. */

const QUOTE = 0x22, BACKSLASH = 0x5c, SPACE = 0x20, SMALL_U = 0x75;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** What the letter after a backslash stands for; 0 where there is no such escape. */
const ESCAPES = new Uint8Array(256);
for (const [letter, value] of Object.entries({ '"': 34, "\\": 92, "/": 47, b: 8, f: 12, n: 10, r: 13, t: 9 })) {
  ESCAPES[letter.charCodeAt(0)] = value;
}

/** Whether a backslash may stand before this byte; `u` aside, which four digits must follow. */
export function isSimpleEscape(byte: number): boolean {
  return ESCAPES[byte] !== 0;
}

/** Value of a hexadecimal digit, or -1. */
export function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** How many bytes the character has that begins here with a byte from 0x80; 0 when this is not UTF-8. */
export function utf8Length(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  const second = bytes[at + 1] as number;
  if (first < 0xc2 || !isContinuation(second)) return 0;
  if (first < 0xe0) return 2;
  if (!isContinuation(bytes[at + 2])) return 0;
  // Longer forms than needed, and the code points of surrogates, are not UTF-8.
  if (first < 0xf0) return (first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f) ? 0 : 3;
  if (first > 0xf4 || (first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
  return isContinuation(bytes[at + 3]) ? 4 : 0;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** How many texts have U+FFFD in place of what UTF-8 cannot have. */
export interface Replacements {
  texts: number;
}

/**
 * Writes the value of a string, as UTF-8, at `to`.
 *
 * A surrogate without its partner, and bytes that are not UTF-8, become U+FFFD: no other form of them can be written.
 * `replaced` is called with it.
 *
 * @param bytes with the valid text of a JSON string from `start` to `end`, without its quotes
 * @param out has room for three times as many bytes
 * @returns the end of what was written
 */
export function unescapeString(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  to: number,
  replaced?: Replacements,
): number {
  let at = start;
  let write = to;
  let isWhole = true;
  while (at < end) {
    const byte = bytes[at++] as number;
    if (byte >= 0x80) {
      const length = utf8Length(bytes, at - 1);
      if (length === 0) {
        if (isWhole && replaced !== undefined) replaced.texts++;
        const text = encoder.encode(decoder.decode(bytes.subarray(start, end)));
        return unescapeString(text, 0, text.length, out, to);
      }
      out[write++] = byte;
      for (let left = length; left > 1; left--) out[write++] = bytes[at++] as number;
    } else if (byte !== BACKSLASH) {
      out[write++] = byte;
    } else if (bytes[at] !== SMALL_U) {
      out[write++] = ESCAPES[bytes[at++] as number] as number;
    } else {
      let code = codeUnit(bytes, at + 1);
      at += 5;
      if (code >= 0xd800 && code <= 0xdfff) {
        const isPair = code < 0xdc00 && bytes[at] === BACKSLASH && bytes[at + 1] === SMALL_U;
        const next = isPair ? codeUnit(bytes, at + 2) : 0;
        if (next >= 0xdc00 && next <= 0xdfff) {
          code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
          at += 6;
        } else {
          code = 0xfffd;
          if (isWhole && replaced !== undefined) replaced.texts++;
          isWhole = false;
        }
      }
      write = writeCodePoint(code, out, write);
    }
  }
  return write;
}

function codeUnit(bytes: Uint8Array, at: number): number {
  return (hexDigit(bytes[at]) << 12) | (hexDigit(bytes[at + 1]) << 8) | (hexDigit(bytes[at + 2]) << 4) |
    hexDigit(bytes[at + 3]);
}

function writeCodePoint(code: number, out: Uint8Array, to: number): number {
  if (code < 0x80) {
    out[to] = code;
    return to + 1;
  }
  if (code < 0x800) {
    out[to] = 0xc0 | (code >> 6);
    out[to + 1] = 0x80 | (code & 0x3f);
    return to + 2;
  }
  if (code < 0x10000) {
    out[to] = 0xe0 | (code >> 12);
    out[to + 1] = 0x80 | ((code >> 6) & 0x3f);
    out[to + 2] = 0x80 | (code & 0x3f);
    return to + 3;
  }
  out[to] = 0xf0 | (code >> 18);
  out[to + 1] = 0x80 | ((code >> 12) & 0x3f);
  out[to + 2] = 0x80 | ((code >> 6) & 0x3f);
  out[to + 3] = 0x80 | (code & 0x3f);
  return to + 4;
}

const LETTERS = new Uint8Array(SPACE);
for (const [letter, value] of Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9 })) {
  LETTERS[value] = letter.charCodeAt(0);
}
const HEX_DIGITS = encoder.encode("0123456789abcdef");

/**
 * Writes a string at `to` as `JSON.stringify` would write its value, without quotes: the same for all ways to write it.
 *
 * @param bytes with the valid text of a JSON string from `start` to `end`, without its quotes
 * @param out has room for as many bytes
 * @returns the end of what was written; -1 for bytes that are not UTF-8, and for a surrogate without its partner
 */
export function canonicalString(bytes: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
  let at = start;
  let write = to;
  while (at < end) {
    const byte = bytes[at++] as number;
    if (byte < 0x80 && byte !== BACKSLASH) {
      out[write++] = byte;
      continue;
    }
    if (byte !== BACKSLASH) {
      const length = utf8Length(bytes, at - 1);
      if (length === 0) return -1;
      out[write++] = byte;
      for (let left = length; left > 1; left--) out[write++] = bytes[at++] as number;
      continue;
    }
    const letter = bytes[at++] as number;
    let code = ESCAPES[letter] as number;
    if (letter === SMALL_U) {
      code = codeUnit(bytes, at);
      at += 4;
      if (code >= 0xd800 && code <= 0xdfff) {
        const isPair = code < 0xdc00 && bytes[at] === BACKSLASH && bytes[at + 1] === SMALL_U;
        const next = isPair ? codeUnit(bytes, at + 2) : 0;
        if (next < 0xdc00 || next > 0xdfff) return -1;
        code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
        at += 6;
      }
    }
    write = code < SPACE || code === QUOTE || code === BACKSLASH
      ? writeEscape(code, out, write)
      : writeCodePoint(code, out, write);
  }
  return write;
}

function writeEscape(code: number, out: Uint8Array, to: number): number {
  out[to] = BACKSLASH;
  const letter = code < SPACE ? LETTERS[code] as number : code;
  if (letter !== 0) {
    out[to + 1] = letter;
    return to + 2;
  }
  out[to + 1] = SMALL_U;
  out[to + 2] = out[to + 3] = HEX_DIGITS[0] as number;
  out[to + 4] = HEX_DIGITS[code >> 4] as number;
  out[to + 5] = HEX_DIGITS[code & 15] as number;
  return to + 6;
}

/** Valid JSON without line ends, of which its strings have none. */
export function withoutLineEnds(json: string): string {
  return json.replace(/[\r\n]+/g, " ").trim();
}

/** Whether a key of valid JSON, given without its quotes, has this name, however it is written. */
export function isKeyNamed(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  if (end - start === name.length) return isSame(bytes, start, name);
  // Escapes are longer than what they stand for.
  if (end - start < name.length || bytes.subarray(start, end).indexOf(BACKSLASH) < 0) return false;
  const unescaped = new Uint8Array(3 * (end - start));
  return unescapeString(bytes, start, end, unescaped, 0) === name.length && isSame(unescaped, 0, name);
}

function isSame(bytes: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[start + index] !== text[index]) return false;
  return true;
}

const REPLACEMENT_ESCAPE = encoder.encode("\\ufffd");

/** How long the `\u` escape here is, a pair of surrogates taken as one; 0 for a surrogate without its partner. */
function unicodeEscapeLength(bytes: Uint8Array, at: number): number {
  const code = codeUnit(bytes, at + 2);
  if (code < 0xd800 || code > 0xdfff) return 6;
  if (code >= 0xdc00 || bytes[at + 6] !== BACKSLASH || bytes[at + 7] !== SMALL_U) return 0;
  const next = codeUnit(bytes, at + 8);
  return next >= 0xdc00 && next <= 0xdfff ? 12 : 0;
}

/**
 * Writes valid JSON without the white space between its tokens, at `to`. Digits, escapes and the order of keys stay.
 * Bytes that are not UTF-8 become U+FFFD, and so does the escape of a surrogate without its partner: strict readers
 * refuse all of a column for one. `replaced` is called with it.
 *
 * @param out has room for three times as many bytes
 * @returns the end of what was written
 */
export function compactJson(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  to: number,
  replaced?: Replacements,
): number {
  let write = to;
  let inString = false;
  let isWhole = true;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80) {
      const length = utf8Length(bytes, at);
      if (length === 0) {
        if (isWhole && replaced !== undefined) replaced.texts++;
        const text = encoder.encode(decoder.decode(bytes.subarray(start, end)));
        return compactJson(text, 0, text.length, out, to);
      }
      for (let left = length; left > 1; left--) out[write++] = bytes[at++] as number;
      out[write++] = bytes[at] as number;
      continue;
    }
    if (inString) {
      if (byte === QUOTE) {
        inString = false;
      } else if (byte === BACKSLASH) {
        const length = bytes[at + 1] === SMALL_U ? unicodeEscapeLength(bytes, at) : 2;
        if (length === 0) {
          if (isWhole && replaced !== undefined) replaced.texts++;
          isWhole = false;
          out.set(REPLACEMENT_ESCAPE, write);
          write += REPLACEMENT_ESCAPE.length;
          at += REPLACEMENT_ESCAPE.length - 1;
          continue;
        }
        for (let left = length; left > 1; left--) out[write++] = bytes[at++] as number;
        out[write++] = bytes[at] as number;
        continue;
      }
    } else if (byte <= SPACE) {
      continue;
    } else if (byte === QUOTE) {
      inString = true;
    }
    out[write++] = byte;
  }
  return write;
}
