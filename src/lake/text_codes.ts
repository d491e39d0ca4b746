/** Codes of texts that come as UTF-8, in the dictionaries of a table. */
import { type ByteView, hashOfBytes, viewOf } from "../analytics/table/bytes.ts";
import type { Dictionary } from "../analytics/table/dictionary.ts";
import type { TextCoder, TextPlaces, ViewedBytes } from "../streams/parquet/parquet_dictionary.ts";

const QUOTE = 0x22, BACKSLASH = 0x5c, SPACE = 0x20, DELETE = 0x7f;

/** Texts that are longer are cut by Mixpanel. */
const MOST_CHARACTERS = 255;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** JSON text in memory that is used again. */
export class JsonText {
  view: ByteView = viewOf(new Uint8Array(1024));
  length = 0;

  /** The JSON of a text of UTF-8. */
  setText(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length <= MOST_CHARACTERS && this.#setPlain(bytes, length)) return;
    const text = decoder.decode(bytes);
    const characters = length > MOST_CHARACTERS ? [...text] : [];
    const cut = characters.length > MOST_CHARACTERS ? characters.slice(0, MOST_CHARACTERS).join("") : text;
    this.setJson(JSON.stringify(cut));
  }

  setJson(json: string): void {
    if (3 * json.length > this.view.bytes.length) this.view = viewOf(new Uint8Array(6 * json.length));
    this.length = encoder.encodeInto(json, this.view.bytes).written;
  }

  codeIn(dictionary: Dictionary): number {
    return dictionary.code(this.view, 0, this.length);
  }

  /** False for a text that is not written as it is, with quotes around it. */
  #setPlain(bytes: Uint8Array, length: number): boolean {
    const into = this.view.bytes;
    for (let at = 0; at < length; at++) {
      const byte = bytes[at] as number;
      if (byte < SPACE || byte >= DELETE || byte === QUOTE || byte === BACKSLASH) return false;
      into[at + 1] = byte;
    }
    into[0] = into[length + 1] = QUOTE;
    this.length = length + 2;
    return true;
  }
}

/** The codes of texts in a dictionary, which are found where they lie: with quotes around them, most are JSON. */
export class TextCodes implements TextCoder {
  readonly #json = new JsonText();

  constructor(private readonly dictionary: Dictionary) {}

  code(text: ViewedBytes, places: TextPlaces, into: Uint32Array): void {
    quote(text, places, (bytes, target) => {
      this.#json.setText(bytes);
      into[target] = this.#json.codeIn(this.dictionary);
    });
    this.dictionary.codes(text, places, into);
  }
}

/** The hashes that texts have in dictionaries, in place of codes. */
export class TextHashes implements TextCoder {
  readonly #json = new JsonText();

  code(text: ViewedBytes, places: TextPlaces, into: Uint32Array): void {
    quote(text, places, (bytes, target) => {
      this.#json.setText(bytes);
      into[target] = hashOfBytes(this.#json.view, 0, this.#json.length);
    });
    const { count, starts, ends, targets } = places;
    for (let at = 0; at < count; at++) into[targets[at]!] = hashOfBytes(text, starts[at]!, ends[at]!);
  }
}

/**
 * Puts quotes around the texts that are JSON then, and leaves the others out of the places.
 *
 * @param takeOther called with the bytes and the target of each other text
 */
function quote(text: ViewedBytes, places: TextPlaces, takeOther: (bytes: Uint8Array, target: number) => void): void {
  const { bytes } = text;
  const { starts, ends, targets } = places;
  let count = 0;
  for (let at = 0; at < places.count; at++) {
    const start = starts[at]!, end = ends[at]!, target = targets[at]!;
    if (end === bytes.length || end - start > MOST_CHARACTERS || !isPlain(text, start, end)) {
      takeOther(bytes.slice(start, end), target);
      continue;
    }
    bytes[start - 1] = bytes[end] = QUOTE;
    starts[count] = start - 1;
    ends[count] = end + 1;
    targets[count++] = target;
  }
  places.count = count;
}

const HIGHEST_BITS = 0x80808080 | 0, LOWEST_BITS = 0x01010101;
const SPACES = 0x20202020, QUOTES = 0x22222222, BACKSLASHES = 0x5c5c5c5c;

/** Whether JSON writes a text as it is: it is ASCII, and nothing in it is escaped. */
function isPlain({ bytes, view }: ViewedBytes, start: number, end: number): boolean {
  const last = end - 4;
  let odd = 0;
  if (last < start) { for (let at = start; at < end; at++) odd |= oddBits(bytes[at]! * LOWEST_BITS); }
  else {
    for (let at = start; at < last; at += 4) odd |= oddBits(view.getInt32(at, true));
    odd |= oddBits(view.getInt32(last, true));
  }
  return odd === 0;
}

/** Of four bytes at a time, whether one of them is no ASCII, a control character, a quote or a backslash. */
function oddBits(word: number): number {
  const quotes = word ^ QUOTES, backslashes = word ^ BACKSLASHES;
  return (word | (word - SPACES) | ((quotes - LOWEST_BITS) & ~quotes) | ((backslashes - LOWEST_BITS) & ~backslashes)) &
    HIGHEST_BITS;
}
