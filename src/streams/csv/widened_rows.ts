/** Gives the rows of a table more fields, without taking them apart. */

const QUOTE = 0x22, LINE_FEED = 10;

/** So many bytes are handed on at a time. */
const PIECE_BYTES = 256 * 1024;

/** Rows up to `end`, counted in bytes from the beginning of the text, lack fields: `fill` has them, with their separators. */
export interface NarrowRows {
  end: number;
  fill: Uint8Array;
}

/** What has to become of a table's text whose rows were written before all columns were known. */
export interface Widening {
  /** Of the header that is there. */
  headerBytes: number;
  header: Uint8Array;
  /** In order; rows behind the last of them pass as they are. */
  narrow: readonly NarrowRows[];
}

/**
 * The text of a table with another header, and with more fields at the end of rows. A chunk is good until the next is asked
 * for.
 */
export async function* widenedRows(
  text: AsyncIterable<Uint8Array>,
  { headerBytes, header, narrow }: Widening,
): AsyncGenerator<Uint8Array, void> {
  yield header;
  const rows = new RowWidener(narrow);
  let position = 0;
  for await (const chunk of text) {
    const start = Math.min(chunk.length, Math.max(0, headerBytes - position));
    position += start;
    for (let at = start; at < chunk.length;) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      yield rows.take(piece, position);
      at += piece.length;
      position += piece.length;
    }
  }
}

class RowWidener {
  readonly #narrow: readonly NarrowRows[];
  #next = 0;
  #isQuoted = false;
  #out = new Uint8Array(2 * PIECE_BYTES);

  constructor(narrow: readonly NarrowRows[]) {
    this.#narrow = narrow;
  }

  /** @param position of the piece in the text */
  take(piece: Uint8Array, position: number): Uint8Array {
    let written = 0;
    let copied = 0;
    for (let at = 0; this.#next < this.#narrow.length && at < piece.length; at++) {
      const byte = piece[at];
      if (byte === QUOTE) this.#isQuoted = !this.#isQuoted;
      if (byte !== LINE_FEED || this.#isQuoted) continue;
      const { end, fill } = this.#narrow[this.#next] as NarrowRows;
      written = this.#append(fill, this.#append(piece.subarray(copied, at), written));
      copied = at;
      if (position + at + 1 >= end) this.#next++;
    }
    if (written === 0) return piece;
    return this.#out.subarray(0, this.#append(piece.subarray(copied), written));
  }

  #append(bytes: Uint8Array, to: number): number {
    const end = to + bytes.length;
    if (end > this.#out.length) {
      const out = new Uint8Array(2 * end);
      out.set(this.#out.subarray(0, to));
      this.#out = out;
    }
    this.#out.set(bytes, to);
    return end;
  }
}
