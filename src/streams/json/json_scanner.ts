/**
 * Walks JSON in its bytes: where do strings, numbers, lists and objects end, and is all of it JSON? No value is made, so
 * that what is passed on keeps its bytes.
 *
 * Strings are most of what there is. They are passed four bytes at a time, until a byte comes that means something.
 */
import { DOUBLE_DIGITS, EXACT_DIGITS } from "./json_numbers.ts";
import { hexDigit, isSimpleEscape, utf8Length } from "./json_text.ts";

const TAB = 9, LINE_FEED = 10, CARRIAGE_RETURN = 13;
const QUOTE = 0x22, COMMA = 0x2c, COLON = 0x3a, BACKSLASH = 0x5c, SPACE = 0x20, SMALL_U = 0x75;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;
const MINUS = 0x2d, PLUS = 0x2b, POINT = 0x2e, ZERO = 0x30, NINE = 0x39, LARGE_E = 0x45, SMALL_E = 0x65;
const SMALL_F = 0x66;
const FIRST_BEYOND_ASCII = 0x80;

/** The same byte four times: what is compared with a word of text. */
const QUOTES = 0x22222222, BACKSLASHES = 0x5c5c5c5c, SPACES = 0x20202020, ONES = 0x01010101;
const HIGHEST_BITS = 0x80808080 | 0;
const ZEROS = 0x30303030, SIXES = 0x06060606, UPPER_HALVES = 0xf0f0f0f0 | 0;

const word = (text: string): number => new DataView(new TextEncoder().encode(text).buffer).getInt32(0, true);
const TRUE = word("true"), ALSE = word("alse"), NULL = word("null");

/** 1 for each byte that is a character of a string by itself, and ASCII. */
const PLAIN = Uint8Array.from(
  { length: 256 },
  (_, byte) => byte >= SPACE && byte < FIRST_BEYOND_ASCII && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

const NOT_CLOSED = "a text that is not closed", ENDS_EARLY = "it ends early";

/** The `fault` of a text with more lists and objects in each other than there may be. */
export const TOO_DEEP = "nested too deeply";

export interface ScannerOptions {
  /** Lists and objects in each other. More are a fault. Default: any number. */
  maxDepth?: number;
  /** Characters beyond ASCII are looked at, which `isPlain`, `isUtf8` and `isAscii` need. Default false. */
  checksUtf8?: boolean;
}

/** Reads an element of a list: the index after it, or -1 to refuse the whole. Undefined: it is skipped. */
export type VisitElement = (start: number) => number | undefined;

/** Reads the value of a member whose key, without its quotes, is given as it is written; as `VisitElement` does. */
export type VisitMember = (keyStart: number, keyEnd: number, start: number) => number | undefined;

/**
 * One scanner is used for many texts. All methods take the index at which something begins and return the index after
 * it, or -1 when it is no JSON; what is wrong is in `faultAt` and `fault` then. Nothing is asked about what follows: a
 * number ends where it cannot go on, so that `1.` ends before the point.
 */
export class JsonScanner {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  /** The last index from which a word of four bytes can be read. */
  lastWord = -4;
  faultAt = -1;
  fault = "";
  /** False once a string had escapes or bytes that are not UTF-8: its text is not its value. */
  isPlain = true;
  /** False once a string had bytes that are not UTF-8. */
  isUtf8 = true;
  /** False once a string had characters beyond ASCII. */
  isAscii = true;
  /** True once there was a line break or a tab between tokens; for those who ask, and set it back. */
  hasBreaks = false;
  /** Whether the number that was skipped last has no fraction and no exponent. */
  isInteger = true;
  /** Whether it has an exponent. */
  hasExponent = false;
  /** Where numbers begin and end that a double may not hold; for those who put a list here. */
  longNumbers: number[] | undefined;
  /** Most elements of a list or object that was skipped, and most objects in each other; lists between don't count. */
  widest = 0;
  deepest = 0;

  readonly #maxDepth: number;
  /** All bits for those who look at characters beyond ASCII, and none for others. */
  readonly #beyondAscii: number;
  /** Of the lists and objects that are open: the bytes that close them, and their elements so far. */
  #closing = new Uint8Array(64);
  #elements = new Int32Array(64);

  constructor({ maxDepth = Infinity, checksUtf8 = false }: ScannerOptions = {}) {
    this.#maxDepth = maxDepth;
    this.#beyondAscii = checksUtf8 ? -1 : 0;
  }

  /** Sets the bytes that are scanned from now on. Cheap when they are the same as before, as for the lines of a block. */
  use(bytes: Uint8Array): void {
    if (bytes === this.bytes) return;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.lastWord = bytes.length - 4;
  }

  /** The index of the first byte from here on that is no white space. */
  skipSpace(start: number): number {
    const { bytes } = this;
    // Mostly there is none, or one blank.
    const at = bytes[start] === SPACE ? start + 1 : start;
    return (bytes[at] as number) > SPACE ? at : this.#skipMoreSpace(at);
  }

  #skipMoreSpace(start: number): number {
    const { bytes, view, lastWord } = this;
    let at = start;
    for (;;) {
      const byte = bytes[at];
      if (byte !== SPACE && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== TAB) return at;
      if (byte !== SPACE) this.hasBreaks = true;
      at++;
      // Indentation.
      while (at <= lastWord && view.getInt32(at, true) === SPACES) at += 4;
    }
  }

  /** Skips any value. */
  skipValue(start: number): number {
    const first = this.bytes[start];
    return first === OPEN_OBJECT || first === OPEN_LIST ? this.skipContainer(start) : this.#skipScalar(start);
  }

  /** Skips the rest of a string whose quote is open. */
  skipString(start: number): number {
    const { bytes, view, lastWord } = this;
    const beyondAscii = this.#beyondAscii;
    let at = start;
    for (;;) {
      while (at <= lastWord) {
        const word = view.getInt32(at, true);
        // The highest bit of each byte that is a quote, a backslash or a control; bytes above one may have it wrongly.
        const found = ((word ^ QUOTES) - ONES | (word ^ BACKSLASHES) - ONES | word - SPACES) & ~word;
        const special = (found | word & beyondAscii) & HIGHEST_BITS;
        if (special !== 0) {
          at += (31 - Math.clz32(special & -special)) >> 3;
          break;
        }
        at += 4;
      }
      let byte = bytes[at] as number;
      if (byte === QUOTE) return at + 1;
      while (PLAIN[byte] === 1) byte = bytes[++at] as number;
      if (byte === QUOTE) return at + 1;
      at = this.#skipSpecial(start, at);
      if (at < 0) return -1;
    }
  }

  /** Skips a number. */
  skipNumber(start: number): number {
    const { bytes } = this;
    this.hasExponent = false;
    let at = bytes[start] === MINUS ? start + 1 : start;
    const digits = at;
    at = bytes[at] === ZERO ? at + 1 : this.#skipDigits(at);
    if (at === digits) return this.fail(start, "no value");
    let byte = bytes[at] as number;
    if (byte === POINT) {
      const fraction = this.#skipDigits(at + 1);
      if (fraction === at + 1) return at;
      at = fraction;
      byte = bytes[at] as number;
      this.isInteger = false;
      if (at - digits > DOUBLE_DIGITS + 1) this.longNumbers?.push(start, at);
    } else {
      this.isInteger = true;
      if (at - digits > EXACT_DIGITS) this.longNumbers?.push(start, at);
    }
    if (byte !== SMALL_E && byte !== LARGE_E) return at;
    this.hasExponent = true;
    const exponent = bytes[at + 1] === PLUS || bytes[at + 1] === MINUS ? at + 2 : at + 1;
    const end = this.#skipDigits(exponent);
    if (end === exponent) return at;
    this.isInteger = false;
    this.longNumbers?.push(start, end);
    return end;
  }

  /** Skips `true`, `false` or `null`. */
  skipWord(start: number): number {
    const { bytes, view, lastWord } = this;
    if (start <= lastWord) {
      const word = view.getInt32(start, true);
      if (word === TRUE || word === NULL) return start + 4;
      if (start < lastWord && bytes[start] === SMALL_F && view.getInt32(start + 1, true) === ALSE) return start + 5;
    }
    return this.fail(start, "no value");
  }

  /** Skips a list or an object with all that is in it. */
  skipContainer(start: number): number {
    const { bytes } = this;
    let depth = 0;
    let objects = 0;
    let elements = 0;
    let close = 0;
    let at = start;
    for (;;) {
      const first = bytes[at] as number;
      if (first === QUOTE) {
        at = this.skipString(at + 1);
      } else if (first === OPEN_OBJECT || first === OPEN_LIST) {
        if (depth >= this.#maxDepth) return this.fail(at, TOO_DEEP);
        if (depth === this.#closing.length) this.#grow();
        this.#closing[depth] = close;
        this.#elements[depth++] = elements;
        elements = 0;
        close = first + 2;
        if (close === CLOSE_OBJECT && ++objects > this.deepest) this.deepest = objects;
        at++;
        if ((bytes[at] as number) <= SPACE) at = this.skipSpace(at);
        if (bytes[at] !== close) {
          if (close === CLOSE_OBJECT && (at = this.#skipKey(at)) < 0) return -1;
          continue;
        }
        elements = -1;
      } else {
        at = first <= NINE ? this.skipNumber(at) : this.skipWord(at);
      }
      if (at < 0) return -1;
      for (;;) {
        elements++;
        let byte = bytes[at] as number;
        if (byte <= SPACE) byte = bytes[at = this.skipSpace(at)] as number;
        at++;
        if (byte === COMMA) {
          if ((bytes[at] as number) <= SPACE) at = this.skipSpace(at);
          if (close === CLOSE_OBJECT && (at = this.#skipKey(at)) < 0) return -1;
          break;
        }
        if (byte !== close) return this.#failAfterValue(at - 1, close);
        if (elements > this.widest) this.widest = elements;
        if (close === CLOSE_OBJECT) objects--;
        if (--depth === 0) return at;
        close = this.#closing[depth] as number;
        elements = this.#elements[depth] as number;
      }
    }
  }

  /** Skips an object, whose members can be read on the way. */
  skipObject(start: number, visit: VisitMember): number {
    const { bytes } = this;
    if (bytes[start] !== OPEN_OBJECT) return this.fail(start, "no object");
    let at = this.skipSpace(start + 1);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      const key = at + 1;
      at = bytes[at] === QUOTE ? this.skipString(key) : this.fail(at, "no name in quotes");
      if (at < 0) return -1;
      const keyEnd = at - 1;
      at = this.#skipColon(at);
      if (at < 0) return -1;
      at = visit(key, keyEnd, at) ?? this.skipValue(at);
      if (at < 0) return -1;
      at = this.skipSpace(at);
      if (bytes[at] === CLOSE_OBJECT) return at + 1;
      if (bytes[at] !== COMMA) return this.#failAfterValue(at, CLOSE_OBJECT);
      at = this.skipSpace(at + 1);
    }
  }

  /** Skips a list, whose elements can be read on the way. */
  skipList(start: number, visit: VisitElement): number {
    const { bytes } = this;
    if (bytes[start] !== OPEN_LIST) return this.fail(start, "no list");
    let at = this.skipSpace(start + 1);
    if (bytes[at] === CLOSE_LIST) return at + 1;
    for (;;) {
      at = visit(at) ?? this.skipValue(at);
      if (at < 0) return -1;
      at = this.skipSpace(at);
      if (bytes[at] === CLOSE_LIST) return at + 1;
      if (bytes[at] !== COMMA) return this.#failAfterValue(at, CLOSE_LIST);
      at = this.skipSpace(at + 1);
    }
  }

  /** Keeps what is wrong, and where. */
  fail(at: number, fault: string): -1 {
    this.faultAt = at;
    this.fault = at >= this.bytes.length && fault !== NOT_CLOSED ? ENDS_EARLY : fault;
    return -1;
  }

  #failAfterValue(at: number, close: number): -1 {
    return this.fail(at, `no comma, and no end of the ${close === CLOSE_OBJECT ? "object" : "list"}`);
  }

  #skipScalar(start: number): number {
    const first = this.bytes[start] as number;
    if (first === QUOTE) return this.skipString(start + 1);
    return first <= NINE ? this.skipNumber(start) : this.skipWord(start);
  }

  /** Skips a key with its colon, and the space around it. */
  #skipKey(start: number): number {
    const { bytes } = this;
    if (bytes[start] !== QUOTE) return this.fail(start, "no name in quotes");
    let at = start + 1;
    while (PLAIN[bytes[at] as number] === 1) at++;
    at = bytes[at] === QUOTE ? at + 1 : this.skipString(start + 1);
    if (at < 0) return -1;
    if (bytes[at] !== COLON) return this.#skipColon(at);
    return (bytes[at + 1] as number) <= SPACE ? this.skipSpace(at + 1) : at + 1;
  }

  #skipColon(start: number): number {
    const { bytes } = this;
    const at = bytes[start] === COLON ? start : this.skipSpace(start);
    if (bytes[at] !== COLON) return this.fail(at, "no colon after a name");
    return (bytes[at + 1] as number) <= SPACE ? this.skipSpace(at + 1) : at + 1;
  }

  /** Skips an escape, or characters beyond ASCII, in a string that begins at `start`. */
  #skipSpecial(start: number, from: number): number {
    const { bytes } = this;
    const byte = bytes[from] as number;
    if (byte >= FIRST_BEYOND_ASCII) {
      this.isAscii = false;
      let at = from;
      do {
        const length = utf8Length(bytes, at);
        if (length === 0) this.isPlain = this.isUtf8 = false;
        at += length || 1;
      } while ((bytes[at] as number) >= FIRST_BEYOND_ASCII);
      return at;
    }
    // Behind the last byte there is none.
    if (byte === undefined) return this.fail(start - 1, NOT_CLOSED);
    if (byte !== BACKSLASH) return this.fail(from, "a control character in a text");
    this.isPlain = false;
    const escaped = bytes[from + 1] as number;
    if (escaped === SMALL_U) {
      for (let at = from + 2; at < from + 6; at++) {
        if (hexDigit(bytes[at]) < 0) return this.fail(from, "no such escape");
      }
      return from + 6;
    }
    return isSimpleEscape(escaped) ? from + 2 : this.fail(from, "no such escape");
  }

  #skipDigits(start: number): number {
    const { bytes, view, lastWord } = this;
    let at = start;
    while (at <= lastWord) {
      const word = view.getInt32(at, true) ^ ZEROS;
      // The upper half of each byte that is no digit is not empty, before or after 6 is added; bytes above one may be wrong.
      const other = (word | word + SIXES) & UPPER_HALVES;
      if (other !== 0) return at + ((31 - Math.clz32(other & -other)) >> 3);
      at += 4;
    }
    while ((bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at++;
    return at;
  }

  #grow(): void {
    const closing = this.#closing, elements = this.#elements;
    this.#closing = new Uint8Array(2 * closing.length);
    this.#closing.set(closing);
    this.#elements = new Int32Array(2 * elements.length);
    this.#elements.set(elements);
  }
}
