/** The properties of events as they came, compressed in the database, and read block by block. */
import { GrowingBytes } from "../../analytics/table/bytes.ts";
import { unzstdBlock, zstdBlock } from "../../runtime/compression/zstd_sync.ts";
import type { Database, Statement } from "../../runtime/sqlite.ts";
import { type ChunkTexts, chunkTexts, type Piece, type Texts } from "./chunk_texts.ts";
import type { OpenTexts } from "./open_texts.ts";
import { asUint32, packed, unpacked } from "./sections.ts";

/** Text that is compressed together: so much has to be read for a single event. */
const BLOCK_BYTES = 256 * 1024;

/** The blocks of all chunks, in the database. */
export class TextBlocks {
  readonly #insert: Statement;
  readonly #read: Statement;
  readonly #list: Statement;
  readonly #delete: Statement;

  constructor(database: Database) {
    this.#insert = database.prepare("INSERT INTO event_texts (chunk_id, places, data) VALUES (?, ?, ?)");
    this.#read = database.prepare("SELECT data FROM event_texts WHERE id = ?");
    this.#list = database.prepare("SELECT id, places FROM event_texts WHERE chunk_id = ? ORDER BY id");
    this.#delete = database.prepare("DELETE FROM event_texts WHERE chunk_id = ?");
  }

  /** Writes the texts of events that came in, but those that stay in their bodies: all of them, by their rows. */
  writeCopied(chunkId: number, open: OpenTexts): Piece[] {
    const read = open.reader();
    const pieces = open.pieces();
    return pieces.flatMap((piece, index) => {
      if (piece.body !== undefined) return [piece];
      return this.#blocks(chunkId, piece.first, pieces[index + 1]?.first ?? open.rows, read);
    });
  }

  /** Writes the texts of a chunk, which are given by their places. */
  write(chunkId: number, order: Uint16Array, textAt: (place: number) => Uint8Array): ChunkTexts {
    return chunkTexts(order, this.#blocks(chunkId, 0, order.length, textAt));
  }

  #blocks(chunkId: number, start: number, end: number, textAt: (number: number) => Uint8Array): Piece[] {
    const pieces: Piece[] = [];
    const text = new GrowingBytes(BLOCK_BYTES + BLOCK_BYTES / 4);
    let first = start;
    let ends: number[] = [];
    for (let number = start; number < end; number++) {
      text.appendBytes(textAt(number));
      ends.push(text.length);
      if (text.length < BLOCK_BYTES && number + 1 < end) continue;
      const data = zstdBlock(packed([Uint32Array.from(ends), text.bytes.subarray(0, text.length)]));
      const id = Number(this.#insert.run(chunkId, ends.length, data).lastInsertRowid);
      pieces.push({ first, read: () => this.#texts(id) });
      text.length = 0;
      ends = [];
      first = number + 1;
    }
    return pieces;
  }

  /** The texts of a chunk that were written before. */
  of(chunkId: number, order: Uint16Array): ChunkTexts {
    let first = 0;
    const pieces: Piece[] = [];
    for (const { id, places } of this.#list.all(chunkId)) {
      pieces.push({ first, read: () => this.#texts(id as number) });
      first += places as number;
    }
    return chunkTexts(order, pieces);
  }

  delete(chunkId: number): void {
    this.#delete.run(chunkId);
  }

  #texts(id: number): Texts {
    const [ends, text] = unpacked(unzstdBlock(this.#read.get(id)!.data as Uint8Array));
    return { ends: asUint32(ends!), text: text! };
  }
}
