/**
 * Events in columns: what reports are computed from. It is filled row by row, in the order in which events come, and
 * read chunk by chunk.
 */
import { type Chunk, OpenChunk, SealedChunk } from "./chunk.ts";
import { type ByteView, viewOf } from "./bytes.ts";
import { ColumnBuilder, narrowed } from "./column_builder.ts";
import { Dictionary } from "./dictionary.ts";
import type { SealedColumn } from "./sealed_column.ts";
import { PropertyReader } from "./property_reader.ts";

/** The most rows of a chunk: their numbers fit two bytes. */
export const CHUNK_ROWS = 65_536;

/** An event that is given value by value; see `EventTable.append`. */
export interface PlainEvent {
  name: string;
  timeMs: number;
  /** Empty for nobody. */
  distinctId: string;
  /** JSON text of an object. */
  properties: string;
}

const encoder = new TextEncoder();

export class EventTable {
  /** Event names by their codes, from 1. */
  readonly names = new Dictionary("");
  /** Distinct ids by their codes; 0 is "", nobody. */
  readonly people = new Dictionary('""');
  /** Raised with each change: what was computed for an older version has to be computed again. */
  version = 0;
  readonly #sealed: SealedChunk[] = [];
  /** The ids that events were sent with mostly are those that they are stored under. */
  readonly sentIds = new ColumnBuilder(this.people);
  readonly #builders = new Map<string, ColumnBuilder>([["distinct_id", this.sentIds]]);
  /** The first row of the chunk that is being filled, and how many it has. */
  #firstRow = 0;
  #count = 0;
  #timesMs = new Float64Array(0);
  #names = new Uint32Array(0);
  #people = new Uint32Array(0);
  #hidden: Uint8Array | undefined;
  #open: OpenChunk | undefined;
  #openVersion = -1;
  #reader: PropertyReader | undefined;
  /** The first row whose properties have not been set, and the index of its chunk among those that are full. */
  #unfilled = 0;
  #unfilledChunk = 0;
  readonly #requireFilled = () => this.requireFilled();

  /**
   * @param fillRows sets the properties of all rows that have none yet, in their order; for those who begin rows and
   *   leave that to the moment when somebody asks for a column
   */
  constructor(private readonly fillRows: () => void = () => {}) {}

  get rows(): number {
    return this.#firstRow + this.#count;
  }

  /** How many more rows the chunk that is being filled can have. */
  get room(): number {
    return CHUNK_ROWS - this.#count;
  }

  /** The first row whose properties have not been set: they are set row by row. */
  get unfilledRow(): number {
    return this.#unfilled;
  }

  /** Sees to it that all rows have their properties. */
  requireFilled(): void {
    if (this.#unfilled === this.rows) return;
    this.fillRows();
    if (this.#unfilled !== this.rows) throw new Error("An event of the table has no properties");
  }

  /** The names of all properties, in the order in which they came. */
  properties(): string[] {
    this.requireFilled();
    return [...this.#builders].filter(([, { hasAny }]) => hasAny).map(([property]) => property);
  }

  /** All chunks in the order of their rows. The last one may be a view that is good until the table changes. */
  get chunks(): readonly Chunk[] {
    if (this.#count === 0) return this.#sealed;
    if (this.#open === undefined || this.#openVersion !== this.version) {
      const count = this.#count;
      this.#open = new OpenChunk(
        this.#builders,
        this.#requireFilled,
        this.#firstRow,
        count,
        this.#timesMs.subarray(0, count),
        this.#names.subarray(0, count),
        this.#people.subarray(0, count),
        this.#hidden?.subarray(0, count),
      );
      this.#openVersion = this.version;
    }
    return [...this.#sealed, this.#open];
  }

  /** The chunks that are full. */
  get sealedChunks(): readonly SealedChunk[] {
    return this.#sealed;
  }

  #sealedChunkOf(row: number): SealedChunk {
    let low = 0;
    let high = this.#sealed.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#sealed[middle] as SealedChunk).firstRow <= row) low = middle;
      else high = middle - 1;
    }
    return this.#sealed[low] as SealedChunk;
  }

  timeAt(row: number): number {
    const index = row - this.#firstRow;
    if (index >= 0) return this.#timesMs[index] as number;
    const chunk = this.#sealedChunkOf(row);
    return chunk.timesMs[row - chunk.firstRow] as number;
  }

  nameAt(row: number): number {
    const index = row - this.#firstRow;
    if (index >= 0) return this.#names[index] as number;
    const chunk = this.#sealedChunkOf(row);
    return chunk.names[row - chunk.firstRow] as number;
  }

  personAt(row: number): number {
    const index = row - this.#firstRow;
    if (index >= 0) return this.#people[index] as number;
    const chunk = this.#sealedChunkOf(row);
    return chunk.people[row - chunk.firstRow] as number;
  }

  /** The value of a property at a row: of one that is looked at alone. */
  valueAt(row: number, property: string): unknown {
    this.requireFilled();
    if (row >= this.#firstRow) return this.#builders.get(property)?.valueAt(row - this.#firstRow);
    const chunk = this.#sealedChunkOf(row);
    return chunk.valueAt(row - chunk.firstRow, property);
  }

  /**
   * Adds one event, the slow way. Returns its row.
   *
   * @throws SyntaxError when its properties are no JSON object.
   */
  append({ name, timeMs, distinctId, properties }: PlainEvent): number {
    const row = this.beginRow(timeMs, codeOf(this.names, name), codeOf(this.people, distinctId));
    const json = viewOf(encoder.encode(properties));
    if (!this.setProperties(json, 0, json.bytes.length)) {
      this.truncate(row);
      throw new SyntaxError("The properties of an event are not a JSON object");
    }
    this.endFill();
    return row;
  }

  /** Sets properties of the first row that has none yet from the JSON text of an object. False when it is none. */
  setProperties(json: ByteView, start: number, end: number): boolean {
    this.#reader ??= new PropertyReader(this);
    return this.#reader.read(json, start, end);
  }

  /** Goes on to the next row: this one has all of its properties. */
  endFill(): void {
    const chunk = this.#sealed[this.#unfilledChunk];
    if (++this.#unfilled < (chunk?.endRow ?? Infinity)) return;
    chunk!.columns = this.#sealColumns(chunk!.rows);
    this.#unfilledChunk++;
  }

  /** The number of the row whose properties are set, in its chunk. */
  get fillIndex(): number {
    return this.#unfilled - (this.#sealed[this.#unfilledChunk]?.firstRow ?? this.#firstRow);
  }

  isHidden(row: number): boolean {
    const index = row - this.#firstRow;
    if (index >= 0) return this.#hidden?.[index] === 1;
    const chunk = this.#sealedChunkOf(row);
    return chunk.hidden?.[row - chunk.firstRow] === 1;
  }

  /** Adds a row, whose properties are set later. Returns its number. */
  beginRow(timeMs: number, name: number, person: number): number {
    if (this.#count === CHUNK_ROWS) this.seal();
    if (this.#count === this.#timesMs.length) this.#makeRoom();
    const index = this.#count++;
    this.#timesMs[index] = timeMs;
    this.#names[index] = name;
    this.#people[index] = person;
    this.version++;
    return this.#firstRow + index;
  }

  /** The column of a property, made when it is new. */
  builder(property: string): ColumnBuilder {
    let builder = this.#builders.get(property);
    if (builder === undefined) this.#builders.set(property, builder = new ColumnBuilder());
    return builder;
  }

  /** Sets the id that the row that is filled was sent with, if this is the one that it is stored under. */
  setSentId(json: ByteView, start: number, end: number): boolean {
    const person = this.personAt(this.#unfilled);
    if (!this.people.is(person, json, start, end) || person === 0) return false;
    this.sentIds.setCode(this.fillIndex, person);
    return true;
  }

  /** Takes back the rows from this one on, which must be in the chunk that is being filled. */
  truncate(row: number): void {
    const index = Math.max(row - this.#firstRow, 0);
    if (index >= this.#count) return;
    // Those that have no properties yet may be in chunks before.
    if (this.#unfilled >= this.#firstRow) {
      for (const builder of this.#builders.values()) builder.truncate(index);
      this.#unfilled = Math.min(this.#unfilled, row);
    }
    this.#hidden?.fill(0, index, this.#count);
    this.#count = index;
    this.version++;
  }

  /** Leaves a row out of all reports, or takes it in again. */
  hide(row: number, isHidden = true): void {
    const value = isHidden ? 1 : 0;
    if (row >= this.#firstRow) {
      this.#hidden ??= new Uint8Array(CHUNK_ROWS);
      this.#hidden[row - this.#firstRow] = value;
    } else {
      const chunk = this.#sealedChunkOf(row);
      chunk.hidden ??= new Uint8Array(chunk.rows);
      chunk.hidden[row - chunk.firstRow] = value;
    }
    this.version++;
  }

  /** Ends the chunk that is being filled, if it has any rows. */
  seal(): SealedChunk | undefined {
    const count = this.#count;
    if (count === 0) return undefined;
    const chunk = new SealedChunk(
      this.#builders,
      this.#requireFilled,
      this.#firstRow,
      count,
      this.#timesMs.slice(0, count),
      narrowed(this.#names.subarray(0, count)),
      narrowed(this.#people.subarray(0, count)),
      this.#unfilled === this.rows ? this.#sealColumns(count) : undefined,
      this.#hidden?.slice(0, count),
    );
    this.#count = 0;
    this.#hidden = undefined;
    this.#add(chunk);
    return chunk;
  }

  /** The columns of a chunk that is full, all of whose rows have their properties. */
  #sealColumns(rows: number): Map<string, SealedColumn> {
    const columns = new Map<string, SealedColumn>();
    for (const [property, builder] of this.#builders) {
      if (builder.count === 0) continue;
      columns.set(property, builder.sealed(rows));
      builder.begin();
    }
    return columns;
  }

  /** Adds a chunk that was sealed before, in this table or in another one. No row may have been begun since the last one. */
  addSealed({ timesMs, names, people, columns }: Pick<SealedChunk, "timesMs" | "names" | "people" | "columns">): void {
    for (const [property, column] of columns) this.builder(property).use(column);
    const chunk = new SealedChunk(
      this.#builders,
      this.#requireFilled,
      this.#firstRow,
      timesMs.length,
      timesMs,
      names,
      people,
      columns as Map<string, SealedColumn>,
    );
    this.#unfilled = chunk.endRow;
    this.#add(chunk);
  }

  #add(chunk: SealedChunk): void {
    this.#sealed.push(chunk);
    if (chunk.isFilled) this.#unfilledChunk = this.#sealed.length;
    this.#firstRow += chunk.rows;
    this.version++;
  }

  #makeRoom(): void {
    const size = Math.min(CHUNK_ROWS, Math.max(64, 2 * this.#count));
    const grown = <A extends Float64Array | Uint32Array>(from: A, into: A): A => {
      into.set(from);
      return into;
    };
    this.#timesMs = grown(this.#timesMs, new Float64Array(size));
    this.#names = grown(this.#names, new Uint32Array(size));
    this.#people = grown(this.#people, new Uint32Array(size));
  }
}

/** The code of a text; it is added when it is new. */
export function codeOf(dictionary: Dictionary, text: string): number {
  const json = viewOf(encoder.encode(JSON.stringify(text)));
  return dictionary.code(json, 0, json.bytes.length);
}
