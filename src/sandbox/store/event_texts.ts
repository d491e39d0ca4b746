/** The properties of events as they came, in the order of time: compressed in the database, and read block by block. */
import { GrowingBytes } from "../../analytics/table/bytes.ts";
import { unzstdBlock, zstdBlock } from "../../runtime/compression/zstd_sync.ts";
import type { Database, Statement } from "../../runtime/sqlite.ts";
import { asUint32, packed, unpacked } from "./sections.ts";

/** Text that is compressed together: so much has to be read for a single event. */
const BLOCK_BYTES = 256 * 1024;

/** The texts of a chunk's events. */
export interface ChunkTexts {
  /** The chunk's rows in the order of time. Those that were deleted are not among them. */
  readonly order: Uint16Array;
  /** Reads texts by their places in that order. Best one after the other. A text is good until the next one is read. */
  reader(): (place: number) => Uint8Array;
}

/** Rows in the order of time, and of arrival within a moment. */
export function inOrderOfTime(timesMs: Float64Array): Uint16Array {
  const order = new Uint16Array(timesMs.length);
  for (let row = 0; row < order.length; row++) order[row] = row;
  for (let row = 1; row < timesMs.length; row++) {
    if ((timesMs[row] as number) < (timesMs[row - 1] as number)) {
      return order.sort((a, b) => (timesMs[a] as number) - (timesMs[b] as number) || a - b);
    }
  }
  return order;
}

/** Texts that lie one after another in the order of rows, of events that come in. */
export class OpenTexts {
  readonly text = new GrowingBytes(64 * 1024);
  /** By row. */
  ends = new Uint32Array(1024);

  at(row: number): Uint8Array {
    return this.text.bytes.subarray(row === 0 ? 0 : this.ends[row - 1] as number, this.ends[row]);
  }

  /** As they are now. */
  chunk(timesMs: Float64Array): ChunkTexts {
    const order = inOrderOfTime(timesMs);
    return { order, reader: () => (place) => this.at(order[place] as number) };
  }
}

/** The blocks of a chunk: the ids of their rows in the database, and the place of the first text in each. */
interface Blocks {
  ids: number[];
  firstPlaces: number[];
}

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

  /** Writes the texts of events that came in. */
  writeOpen(chunkId: number, order: Uint16Array, open: OpenTexts): ChunkTexts {
    const { text, ends } = open;
    if (!isInOrderOfRows(order)) {
      return this.write(chunkId, order, (place) => open.at(order[place] as number));
    }
    const blocks: Blocks = { ids: [], firstPlaces: [] };
    for (let first = 0, begin = 0; first < order.length;) {
      let place = first;
      while (place + 1 < order.length && (ends[place] as number) - begin < BLOCK_BYTES) place++;
      const end = ends[place] as number;
      const own = ends.slice(first, place + 1);
      for (let index = 0; index < own.length; index++) own[index] = (own[index] as number) - begin;
      this.#put(chunkId, blocks, first, own, text.bytes.subarray(begin, end));
      first = place + 1;
      begin = end;
    }
    return this.#texts(order, blocks);
  }

  /** Writes the texts of a chunk, which are given by their places. */
  write(chunkId: number, order: Uint16Array, textAt: (place: number) => Uint8Array): ChunkTexts {
    const blocks: Blocks = { ids: [], firstPlaces: [] };
    const text = new GrowingBytes(BLOCK_BYTES + BLOCK_BYTES / 4);
    let ends: number[] = [];
    for (let place = 0; place < order.length; place++) {
      text.appendBytes(textAt(place));
      ends.push(text.length);
      if (text.length < BLOCK_BYTES && place + 1 < order.length) continue;
      const firstPlace = place + 1 - ends.length;
      this.#put(chunkId, blocks, firstPlace, Uint32Array.from(ends), text.bytes.subarray(0, text.length));
      text.length = 0;
      ends = [];
    }
    return this.#texts(order, blocks);
  }

  #put(chunkId: number, blocks: Blocks, firstPlace: number, ends: Uint32Array, text: Uint8Array): void {
    const data = zstdBlock(packed([ends, text]));
    blocks.ids.push(Number(this.#insert.run(chunkId, ends.length, data).lastInsertRowid));
    blocks.firstPlaces.push(firstPlace);
  }

  /** The texts of a chunk that were written before. */
  of(chunkId: number, order: Uint16Array): ChunkTexts {
    const blocks: Blocks = { ids: [], firstPlaces: [] };
    let place = 0;
    for (const row of this.#list.all(chunkId)) {
      blocks.ids.push(row.id as number);
      blocks.firstPlaces.push(place);
      place += row.places as number;
    }
    return this.#texts(order, blocks);
  }

  delete(chunkId: number): void {
    this.#delete.run(chunkId);
  }

  #texts(order: Uint16Array, { ids, firstPlaces }: Blocks): ChunkTexts {
    return {
      order,
      reader: () => {
        let block = -1;
        let first = 0, end = 0;
        let ends = new Uint32Array(0);
        let text = new Uint8Array(0);
        return (place) => {
          if (place < first || place >= end) {
            block = place === end && block >= 0 ? block + 1 : blockOf(firstPlaces, place);
            first = firstPlaces[block] as number;
            [ends, text] = this.#block(ids[block] as number);
            end = first + ends.length;
          }
          const index = place - first;
          return text.subarray(index === 0 ? 0 : ends[index - 1] as number, ends[index]);
        };
      },
    };
  }

  #block(id: number): [ends: Uint32Array<ArrayBuffer>, text: Uint8Array<ArrayBuffer>] {
    const [ends, text] = unpacked(unzstdBlock(this.#read.get(id)!.data as Uint8Array));
    return [asUint32(ends!), text!];
  }
}

function isInOrderOfRows(order: Uint16Array): boolean {
  for (let place = 0; place < order.length; place++) if (order[place] !== place) return false;
  return true;
}

/** The last block that begins at or before a place. */
function blockOf(firstPlaces: readonly number[], place: number): number {
  let low = 0;
  let high = firstPlaces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((firstPlaces[middle] as number) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
