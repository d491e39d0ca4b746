/** The events of one project: a table for reports, and beside it the texts as they came. */
import { hashOfBytes, viewOf, withRoom } from "../../analytics/table/bytes.ts";
import type { Chunk, SealedChunk } from "../../analytics/table/chunk.ts";
import { CHUNK_ROWS, EventTable, type PlainEvent } from "../../analytics/table/event_table.ts";
import { SpannedColumns } from "../../analytics/table/property_reader.ts";
import { chunkBytes, readChunk } from "./chunk_record.ts";
import { CopyIndex, WITHOUT_HASH } from "./copies.ts";
import type { EventFiles } from "./event_files.ts";
import { appendMembers, type EventSpans } from "./event_spans.ts";
import { type EventCursor, merged, placeOf } from "./events_in_order.ts";
import { areInRuns, type ChunkTexts, chunkTexts, inOrderOfTime, type Piece, pieceOf } from "./chunk_texts.ts";
import { OpenTexts, type SentBody, withBytes } from "./open_texts.ts";
import { readTail, type Tail, tailBytes } from "./tail_record.ts";

/** A chunk ends when it has so much text, however few its events are. */
const MOST_OPEN_BYTES = 24 * 1024 * 1024;

/** So many events are read much faster from a chunk, even if it is not full, than one by one. */
const MANY_ROWS = 8192;

/** Rows that came together. */
export interface Arrived {
  firstRow: number;
  count: number;
}

const encoder = new TextEncoder();

export class ProjectEvents {
  readonly table = new EventTable(() => {
    while (this.fillSome());
  });
  /** Whether a write has failed half-way, so that what is in memory has to be read again. */
  isBroken = false;
  /** Another one after each change that moves texts. */
  #generation = 0;
  readonly #copies = new CopyIndex(this.table);
  readonly #columns: SpannedColumns;
  /** The same for events that are looked at again. */
  readonly #laterColumns: SpannedColumns;
  /** Full chunks whose columns are made when somebody asks for them. */
  readonly #unfilled: { firstRow: number; endRow: number; pieces: readonly Piece[] }[] = [];
  readonly #chunkIds: number[] = [];
  readonly #chunkTexts: ChunkTexts[] = [];
  /** The first row that is not in a full chunk. */
  #firstOpen = 0;
  readonly #open = new OpenTexts();
  /** The first row of what is being added, and the hashes of these rows. */
  #firstNew = 0;
  #newHashes = new Int32Array(2048);

  constructor(
    private readonly projectId: number,
    private readonly files: EventFiles,
    private readonly spans: EventSpans,
  ) {
    this.#columns = new SpannedColumns(this.table, spans.spans);
    this.#laterColumns = new SpannedColumns(this.table, this.#open.spans.spans);
    for (const { id, bytes } of files.chunks(projectId)) {
      const { chunk, hashes } = readChunk(bytes, this.table);
      const firstRow = this.table.rows;
      this.table.addSealed(chunk);
      for (let row = 0; row < hashes.length; row++) this.#copies.add(firstRow + row, hashes[row] as number);
      this.#chunkIds.push(id);
      this.#chunkTexts.push(files.texts.of(id, inOrderOfTime(chunk.timesMs)));
    }
    this.#firstOpen = this.#firstNew = this.table.rows;
    for (const bytes of files.tails(projectId)) this.#addTail(readTail(bytes));
  }

  #addTail({ timesMs, text, ends }: Tail): void {
    const { table } = this;
    let at = 0;
    timesMs.forEach((timeMs, index) => {
      const [nameEnd, personEnd, end] = ends.subarray(3 * index, 3 * index + 3) as unknown as [number, number, number];
      const name = table.names.code(text, at, nameEnd);
      const row = table.beginRow(timeMs, name, table.people.code(text, nameEnd, personEnd));
      table.setProperties(text, personEnd, end);
      table.endFill();
      this.#open.add((into) => into.append(text, personEnd, end));
      this.#endRow(row, idHashOf(table.valueAt(row, "$insert_id")));
      at = end;
    });
    this.#settle();
  }

  get count(): number {
    const sealed = this.#chunkTexts.reduce((sum, { order }) => sum + order.length, 0);
    return sealed + this.table.rows - this.#firstOpen;
  }

  /**
   * Makes room for so many events, which come together: all of them are stored, or none.
   *
   * @param sent the body that those come in that are scanned
   */
  begin(mostEvents: number, sent?: SentBody): void {
    if (mostEvents > CHUNK_ROWS) throw new RangeError(`At most ${CHUNK_ROWS} events are stored in one step`);
    if (this.table.room < mostEvents || this.#open.text.length > MOST_OPEN_BYTES) this.#seal();
    this.#firstNew = this.table.rows;
    // What is kept in a database is written at once, as it is.
    this.#open.begin(this.files.isKept ? undefined : sent);
  }

  /**
   * Adds an event.
   *
   * @throws SyntaxError when its properties are no JSON object.
   */
  add(event: PlainEvent): void {
    const { table } = this;
    this.#open.leaveBody();
    table.requireFilled();
    const row = table.append(event);
    this.#open.add((text) => text.appendBytes(encoder.encode(event.properties)));
    this.#endRow(row, idHashOf(table.valueAt(row, "$insert_id")));
  }

  /** Adds the event that was scanned last, which is one of the ordinary ones, with more members at its end. */
  addScanned(timeMs: number, more?: string): void {
    const { table, spans } = this;
    const idHash = spans.insertIdHash();
    const row = table.beginRow(timeMs, spans.name(table.names), spans.person(table.people));
    if (more === undefined) {
      // What stays in its body is looked at again when a report asks for it.
      const isLater = this.#open.keepsBody || table.unfilledRow < row;
      this.#open.addScanned(spans);
      if (!isLater) {
        this.#fillScanned();
        table.endFill();
      }
      return this.#endRow(row, idHash);
    }
    const members = viewOf(encoder.encode(`{${more}}`));
    this.#open.add((text) => {
      spans.appendText(text);
      appendMembers(text, members.bytes.subarray(1, -1));
    });
    if (table.unfilledRow === row) {
      this.#fillScanned();
      table.setProperties(members, 0, members.bytes.length);
      table.endFill();
    }
    this.#endRow(row, idHash ?? idHashOf((JSON.parse(`{${more}}`) as Record<string, unknown>).$insert_id));
  }

  #fillScanned(): void {
    const { spans } = this;
    this.#columns.fill(spans.view, spans.spans.firstProperty, spans.spans.endProperty, spans.timeKey, spans.tokenKey);
  }

  /** Sets the properties of some rows that have none yet. False when there are no such rows. */
  fillSome(): boolean {
    const { table } = this;
    const row = table.unfilledRow;
    if (row === table.rows) return false;
    const chunk = this.#unfilled[0];
    const { firstRow, pieces } = chunk ?? { firstRow: this.#firstOpen, pieces: this.#open.pieces() };
    this.#fillPiece(firstRow, pieces[pieceOf(pieces, row - firstRow)] as Piece);
    if (chunk !== undefined && table.unfilledRow === chunk.endRow) this.#unfilled.shift();
    return true;
  }

  /** Sets the properties of a piece's rows, but those that have some. */
  #fillPiece(firstRow: number, { first, body, read }: Piece): void {
    const { table } = this;
    const begin = table.unfilledRow - firstRow - first;
    if (body === undefined) {
      const { ends, text } = read();
      const view = viewOf(text);
      for (let index = begin; index < ends.length; index++) {
        const start = index === 0 ? 0 : ends[index - 1] as number;
        if (!table.setProperties(view, start, ends[index] as number)) throw new Error("A stored event is not JSON");
        table.endFill();
      }
      return;
    }
    const { spans } = this.#open;
    withBytes(body, (bytes) => {
      for (let index = begin; index < body.starts.length; index++) {
        spans.scan(bytes, body.starts[index] as number);
        const { firstProperty, endProperty } = spans.spans;
        this.#laterColumns.fill(spans.view, firstProperty, endProperty, spans.timeKey, spans.tokenKey);
        table.endFill();
      }
    });
  }

  #endRow(row: number, idHash: number | undefined): void {
    const { table } = this;
    const hash = idHash === undefined ? WITHOUT_HASH : CopyIndex.hash(
      table.timeAt(row),
      table.names.hash(table.nameAt(row)),
      table.people.hash(table.personAt(row)),
      idHash,
    );
    const added = row - this.#firstNew;
    if (added === this.#newHashes.length) this.#newHashes = withRoom(this.#newHashes, added + 1);
    this.#newHashes[added] = hash;
  }

  /** Keeps what was added since `begin`. When that fails, none of it is there. */
  commit(): Arrived {
    const firstRow = this.#firstNew;
    const count = this.table.rows - firstRow;
    if (count > 0) {
      this.#open.commit();
      try {
        this.files.addTail(this.projectId, () => {
          const read = this.#open.reader();
          return tailBytes(this.table, firstRow, (row) => read(row - this.#firstOpen));
        });
      } catch (error) {
        this.discard();
        throw error;
      }
      this.#settle();
    }
    return { firstRow, count };
  }

  /** The names of events that have come together, and how often each has come. */
  namesOf({ firstRow, count }: Arrived): Map<string, number> {
    const { names } = this.table;
    const counts = new Uint32Array(names.count);
    /** In the order in which they came. */
    const found: number[] = [];
    for (let row = firstRow; row < firstRow + count; row++) {
      const code = this.table.nameAt(row);
      if (counts[code] === 0) found.push(code);
      counts[code] = counts[code]! + 1;
    }
    return new Map(found.map((code) => [names.value(code) as string, counts[code] as number]));
  }

  /** Takes back what was added since `begin`. */
  discard(): void {
    this.table.truncate(this.#firstNew);
    this.#open.discard();
  }

  /** Hides the copies in whose places the new events come. */
  #settle(): void {
    const { rows } = this.table;
    for (let row = this.#firstNew; row < rows; row++) {
      this.#copies.add(row, this.#newHashes[row - this.#firstNew] as number);
    }
    this.#firstNew = rows;
  }

  /** Prepares what the database has for being opened again. */
  close(): void {
    if (this.files.isKept && !this.isBroken && this.table.rows - this.#firstOpen >= MANY_ROWS) this.#seal();
  }

  #seal(): void {
    const { table, files, projectId } = this;
    const chunk = table.seal();
    if (chunk === undefined) return;
    this.isBroken = true;
    const order = inOrderOfTime(chunk.timesMs);
    const areBodiesKept = this.#open.hasBodies && areInRuns(order, this.#open.pieces().map(({ first }) => first));
    if (!areBodiesKept) table.requireFilled();
    files.together(() => {
      const id = this.#addChunk(chunk, this.#chunkIds.length, order);
      if (areBodiesKept) {
        const pieces = files.texts.writeCopied(id, this.#open);
        this.#chunkTexts.push(chunkTexts(order, pieces, true));
        if (!chunk.isFilled) {
          const { firstRow, endRow } = chunk;
          this.#unfilled.push({ firstRow, endRow, pieces });
        }
      } else {
        const read = this.#open.reader(Infinity);
        this.#chunkTexts.push(files.texts.write(id, order, (place) => read(order[place] as number)));
      }
      this.#chunkIds.push(id);
      files.deleteTails(projectId);
    });
    this.isBroken = false;
    this.#open.clear(order);
    this.#firstOpen = this.#firstNew = table.rows;
    this.#generation++;
  }

  #addChunk(chunk: SealedChunk, number: number, order: Uint16Array): number {
    const kept = order.slice().sort();
    const bytes = () => chunkBytes(this.table, chunk, kept, (row) => this.#copies.hashOf(row));
    return this.files.addChunk(this.projectId, number, bytes);
  }

  /**
   * Deletes events, copies included: `write` what is left, within a transaction, and `apply` it when that is done.
   */
  deletion(isMeant: (chunk: SealedChunk, row: number) => boolean): { write(): void; apply(): void } {
    this.#seal();
    const { table, files } = this;
    // The bodies go that columns would be made from.
    table.requireFilled();
    const changed: { index: number; id: number; texts: ChunkTexts; deleted: Uint16Array }[] = [];
    return {
      write: () => {
        table.sealedChunks.forEach((chunk, index) => {
          const { order, reader } = this.#chunkTexts[index] as ChunkTexts;
          const deleted = order.filter((row) => isMeant(chunk, row));
          if (deleted.length === 0) return;
          const places = Uint16Array.from(order.keys()).filter((place) => !isMeant(chunk, order[place] as number));
          const left = places.map((place) => order[place] as number);
          const id = this.#addChunk(chunk, index, left);
          const read = reader();
          const texts = files.texts.write(id, left, (place) => read(places[place] as number));
          files.deleteChunk(this.#chunkIds[index] as number);
          changed.push({ index, id, texts, deleted });
        });
      },
      apply: () => {
        for (const { index, id, texts, deleted } of changed) {
          this.#chunkIds[index] = id;
          this.#chunkTexts[index] = texts;
          for (const row of deleted) table.hide((table.sealedChunks[index] as SealedChunk).firstRow + row);
        }
        this.#generation++;
      },
    };
  }

  /** Texts of all chunks, the one that is being filled included. */
  #texts(): readonly ChunkTexts[] {
    if (this.table.rows === this.#firstOpen) return this.#chunkTexts;
    const { timesMs } = this.table.chunks.at(-1) as Chunk;
    return [...this.#chunkTexts, chunkTexts(inOrderOfTime(timesMs), this.#open.pieces(), true)];
  }

  /** The events of a range in the order of time, copies included. Events may come and go between one and the next. */
  *inOrder(fromMs: number, toMs: number): Generator<EventCursor, void> {
    const stretch = { fromMs, toMs, fromRow: 0 };
    for (;;) {
      const generation = this.#generation;
      let isWhole = true;
      for (const event of merged(this.table, this.#texts(), stretch)) {
        yield event;
        stretch.fromMs = event.timeMs;
        stretch.fromRow = event.row + 1;
        isWhole = generation === this.#generation;
        if (!isWhole) break;
      }
      if (isWhole) return;
    }
  }

  /** The events of rows that are still there. */
  *at(rows: Iterable<number>): Generator<[row: number, event: PlainEvent], void> {
    const { table } = this;
    const { chunks } = table;
    const texts = this.#texts();
    const readers = new Map<number, (place: number) => Uint8Array>();
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    for (const row of rows) {
      const index = chunks.findLastIndex(({ firstRow }) => firstRow <= row);
      const chunk = chunks[index];
      if (chunk === undefined) continue;
      const { order, reader } = texts[index] as ChunkTexts;
      const timeMs = table.timeAt(row);
      const place = placeOf(chunk, order, timeMs, row);
      if (order[place] !== row - chunk.firstRow) continue;
      const read = readers.get(index) ?? reader();
      readers.set(index, read);
      const name = table.names.value(table.nameAt(row)) as string;
      const distinctId = table.people.value(table.personAt(row)) as string;
      yield [row, { name, timeMs, distinctId, properties: decoder.decode(read(place)) }];
    }
  }

  /** The rows of the newest events, in the order of time. */
  newest(limit: number): number[] {
    const { table } = this;
    const { chunks } = table;
    const rows = this.#texts().flatMap(({ order }, index) =>
      Array.from(order.subarray(-limit), (row) => (chunks[index] as Chunk).firstRow + row)
    );
    return rows.sort((a, b) => table.timeAt(a) - table.timeAt(b) || a - b).slice(-limit);
  }
}

/** The hash of an `$insert_id`, of any kind; undefined when there is none. */
function idHashOf(id: unknown): number | undefined {
  if (id === undefined || id === null) return undefined;
  const text = viewOf(encoder.encode(String(id)));
  return hashOfBytes(text, 0, text.bytes.length);
}
