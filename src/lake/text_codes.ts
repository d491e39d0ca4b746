/** Codes of texts that come as bytes, in the dictionaries of a table. */
import { type ByteView, viewOf } from "../analytics/table/bytes.ts";
import type { Dictionary } from "../analytics/table/dictionary.ts";

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
