/** Takes one layer of encoding off a text: escapes of JSON, addresses and HTML, or base64. */

/** Bytes, and where in the source each of them comes from: a character there may be written in many. */
export interface Layer {
  bytes: Uint8Array;
  starts: Uint32Array;
  ends: Uint32Array;
}

/** The text itself, which begins at `offset` of the source. */
export function rawLayer(bytes: Uint8Array, offset = 0): Layer {
  const layer = { bytes, starts: new Uint32Array(bytes.length), ends: new Uint32Array(bytes.length) };
  for (let index = 0; index < bytes.length; index++) {
    layer.starts[index] = offset + index;
    layer.ends[index] = offset + index + 1;
  }
  return layer;
}

const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const AMPERSAND = 0x26;
const LOWER_N = 0x6e;
const LOWER_R = 0x72;
const LOWER_T = 0x74;
const LOWER_U = 0x75;
const LOWER_X = 0x78;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/**
 * Without escapes: `\u0073`, `\x73`, `%73` and `&#115;` are `s`, and backslashes before anything else are left out, however many
 * there are. Undefined for a text without them.
 */
export function withoutEscapes(layer: Layer): Layer | undefined {
  const { bytes } = layer;
  if (!bytes.includes(BACKSLASH) && !bytes.includes(PERCENT) && !bytes.includes(AMPERSAND)) return undefined;
  let isChanged = false;
  const out = layerOver(layer, bytes.length, (add) => {
    for (let at = 0; at < bytes.length;) {
      const byte = bytes[at]!;
      const mayBegin = byte === BACKSLASH || byte === PERCENT || byte === AMPERSAND;
      const escape = mayBegin ? escapeAt(bytes, at) : undefined;
      if (escape === undefined) {
        add(byte, at, ++at);
        continue;
      }
      isChanged = true;
      for (const one of escape.bytes) add(one, at, escape.end);
      at = escape.end;
    }
  });
  return isChanged ? out : undefined;
}

interface Escape {
  bytes: Iterable<number>;
  /** Where it ends in the text. */
  end: number;
}

function escapeAt(bytes: Uint8Array, at: number): Escape | undefined {
  const first = bytes[at];
  if (first === PERCENT) {
    const byte = hexAt(bytes, at + 1, 2);
    return byte === undefined ? undefined : { bytes: [byte], end: at + 3 };
  }
  if (first === AMPERSAND) return entityAt(bytes, at);
  if (first !== BACKSLASH) return undefined;
  const unit = unitAt(bytes, at);
  if (unit === undefined) {
    const next = afterBackslashes(bytes, at);
    if (next >= bytes.length) return { bytes: [], end: next };
    return escapeAt(bytes, next) ?? { bytes: [bytes[next]!], end: next + 1 };
  }
  const second = isHighSurrogate(unit.code) ? unitAt(bytes, unit.end) : undefined;
  const last = second ?? unit;
  return { bytes: encoded(String.fromCharCode(unit.code, ...second ? [second.code] : [])), end: last.end };
}

/** A UTF-16 unit behind backslashes. */
function unitAt(bytes: Uint8Array, at: number): { code: number; end: number } | undefined {
  const letter = afterBackslashes(bytes, at);
  const digits = letter === at ? 0 : bytes[letter] === LOWER_U ? 4 : bytes[letter] === LOWER_X ? 2 : 0;
  const code = digits === 0 ? undefined : hexAt(bytes, letter + 1, digits);
  return code === undefined ? undefined : { code, end: letter + 1 + digits };
}

function afterBackslashes(bytes: Uint8Array, at: number): number {
  let end = at;
  while (bytes[end] === BACKSLASH) end++;
  return end;
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xdc00;

/** The signs of ASCII that HTML has names for, under the names that programs write. */
const NAMED: ReadonlyMap<string, string> = new Map(
  ("amp & lt < gt > quot \" apos ' excl ! num # dollar $ percnt % lpar ( rpar ) ast * plus + comma , period . sol / " +
    "colon : semi ; equals = quest ? commat @ lbrack [ lsqb [ bsol \\ rbrack ] rsqb ] Hat ^ lowbar _ grave ` " +
    "lbrace { lcub { vert | verbar | rbrace } rcub }").split(" ").flatMap((name, index, all) =>
      index % 2 === 0 ? [[name, all[index + 1]!] as const] : []
    ),
);
const LONGEST_ENTITY = 16;

function entityAt(bytes: Uint8Array, at: number): Escape | undefined {
  const text = String.fromCharCode(...bytes.subarray(at, at + LONGEST_ENTITY));
  const [whole, decimal, hex, name] = /^&(?:#(\d+)|#[xX]([\da-fA-F]+)|([A-Za-z]+));/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const code = decimal !== undefined ? Number(decimal) : parseInt(hex ?? "", 16);
  const character = name === undefined ? code <= 0x10ffff ? String.fromCodePoint(code) : undefined : NAMED.get(name);
  return character === undefined ? undefined : { bytes: encoded(character), end: at + whole.length };
}

function hexAt(bytes: Uint8Array, at: number, digits: number): number | undefined {
  let number = 0;
  for (let index = at; index < at + digits; index++) {
    const digit = index < bytes.length ? FOUR_BITS[bytes[index]!]! : -1;
    if (digit < 0) return undefined;
    number = number * 16 + digit;
  }
  return number;
}

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a character stands for as a digit; -1 for all other bytes. */
function digitValues(...alphabets: string[]): Int8Array {
  const values = new Int8Array(256).fill(-1);
  for (const digits of alphabets) {
    for (let value = 0; value < digits.length; value++) values[digits.charCodeAt(value)] = value;
  }
  return values;
}

const FOUR_BITS = digitValues("0123456789abcdef", "0123456789ABCDEF");
const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SIX_BITS = digitValues(`${LETTERS_AND_DIGITS}+/`, `${LETTERS_AND_DIGITS}-_`);

/** In base64, a shorter text holds no secret. */
const LEAST_RUN = 8;
/** Stands between texts that are not next to each other. */
const GAP = 0;

/**
 * What all texts in base64 say, one after the other. Where one begins cannot be seen, since a word before it may be of
 * the same letters, so that each run of them is read in four ways. Undefined for a text without them.
 */
export function outOfBase64(layer: Layer): Layer | undefined {
  const { bytes } = layer;
  const run = new Uint32Array(bytes.length);
  // Four times three bytes for four characters, and the gaps.
  return layerOver(layer, bytes.length * 4, (add) => {
    for (let at = 0; at < bytes.length; at++) {
      let length = 0;
      let isBetween = false;
      for (; at < bytes.length; at++) {
        const isLetter = SIX_BITS[bytes[at]!]! >= 0;
        if (isLetter) run[length++] = at;
        else if (length > 0 && (isLineEnd(bytes, at) || isBetween && isBlank(bytes, at))) at += escapeLength(bytes, at);
        else break;
        isBetween = !isLetter;
      }
      if (length < LEAST_RUN) continue;
      for (let shift = 0; shift < 4; shift++) addRun(add, bytes, run.subarray(0, length), shift);
    }
  });
}

/** Whether a line ends here, by itself or by an escape of JSON. Base64 may be cut into lines. */
function isLineEnd(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  if (byte !== BACKSLASH) return byte === LINE_FEED || byte === CARRIAGE_RETURN;
  return bytes[at + 1] === LOWER_N || bytes[at + 1] === LOWER_R;
}

/** Whether a line that goes on with what is before it is indented here, as those of a header are. */
function isBlank(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return byte === SPACE || byte === TAB || byte === BACKSLASH && bytes[at + 1] === LOWER_T;
}

/** How much longer than a byte the escape is that may be here. */
const escapeLength = (bytes: Uint8Array, at: number): number => bytes[at] === BACKSLASH ? 1 : 0;

function addRun(add: Add, bytes: Uint8Array, run: Uint32Array, shift: number): void {
  let bits = 0;
  for (let index = shift; index < run.length; index++) {
    bits = (bits << 6) | SIX_BITS[bytes[run[index]!]!]!;
    const place = (index - shift) % 4;
    // The last two characters have a part in the byte that this one completes.
    if (place > 0) add((bits >> (6 - 2 * place)) & 0xff, run[index - 1]!, run[index]! + 1);
  }
  add(GAP, run[0]!, run.at(-1)! + 1);
}

/** Adds a byte that the bytes from `start` to `end` of the layer below stand for. */
type Add = (byte: number, start: number, end: number) => void;

/** A layer over another one; undefined when it would be empty. */
function layerOver(below: Layer, capacity: number, fill: (add: Add) => void): Layer | undefined {
  const bytes = new Uint8Array(capacity);
  const starts = new Uint32Array(capacity);
  const ends = new Uint32Array(capacity);
  let length = 0;
  fill((byte, start, end) => {
    bytes[length] = byte;
    starts[length] = below.starts[start]!;
    ends[length++] = below.ends[end - 1]!;
  });
  if (length === 0) return undefined;
  return { bytes: bytes.subarray(0, length), starts: starts.subarray(0, length), ends: ends.subarray(0, length) };
}

/** A shorter one is met by chance. */
const LEAST_TEXT = 12;

/** Texts of ASCII that stand in base64, with the place in the bytes where their base64 begins. */
export function* textsInBase64(bytes: Uint8Array): Generator<{ start: number; text: Uint8Array }, void> {
  const leastRun = LEAST_TEXT / 3 * 4;
  const isDigit = (at: number) => SIX_BITS[bytes[at]!]! >= 0;
  // A run that is long enough has one of every so many bytes.
  for (let at = leastRun - 1; at < bytes.length; at += leastRun) {
    if (!isDigit(at)) continue;
    let start = at;
    while (start > 0 && isDigit(start - 1)) start--;
    let end = at + 1;
    while (end < bytes.length && isDigit(end)) end++;
    for (let shift = 0; shift < 4 && end - start - shift >= leastRun; shift++) {
      yield* textsInRun(bytes, start + shift, end);
    }
    at = end;
  }
}

/** Those whose base64 is read in fours from here on. */
function* textsInRun(bytes: Uint8Array, start: number, end: number): Generator<{ start: number; text: Uint8Array }> {
  let first = start;
  for (let at = start; at + 4 <= end; at += 4) {
    if (isTextOfThree(bytes, at)) {
      if (at + 8 <= end) continue;
      at += 4;
    }
    const text = (at - first) / 4 * 3;
    if (text >= LEAST_TEXT) yield { start: first, text: decodedText(bytes, first, at) };
    first = at + 4;
  }
}

const threeBytesAt = (bytes: Uint8Array, at: number): number =>
  SIX_BITS[bytes[at]!]! << 18 | SIX_BITS[bytes[at + 1]!]! << 12 | SIX_BITS[bytes[at + 2]!]! << 6 |
  SIX_BITS[bytes[at + 3]!]!;

function isTextOfThree(bytes: Uint8Array, at: number): boolean {
  const three = threeBytesAt(bytes, at);
  return IS_TEXT[three >> 16] === 1 && IS_TEXT[three >> 8 & 0xff] === 1 && IS_TEXT[three & 0xff] === 1;
}

function decodedText(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const text = new Uint8Array((end - start) / 4 * 3);
  for (let at = start, to = 0; at < end; at += 4) {
    const three = threeBytesAt(bytes, at);
    text[to++] = three >> 16;
    text[to++] = three >> 8;
    text[to++] = three;
  }
  return text;
}

/** 1 for ASCII that is seen, and for white space. */
const IS_TEXT = Uint8Array.from(
  { length: 256 },
  (_, byte) => byte >= 0x20 && byte < 0x7f || byte === 0x09 || byte === LINE_FEED || byte === CARRIAGE_RETURN ? 1 : 0,
);
