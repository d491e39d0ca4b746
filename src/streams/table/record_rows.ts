/** Lays the members of records out in the order of columns. */
import { JsonKind, JsonScope, JsonSpans } from "../json/json_spans.ts";
import { compactJson } from "../json/json_text.ts";
import { copied } from "../json/key_table.ts";
import { columnKey, nameInRest } from "./column_names.ts";
import type { RecordColumns } from "./columns.ts";
import type { Column, ColumnType, OtherProperty } from "./record_encoder.ts";
import type { RecordLayout } from "./record_layout.ts";
import { MisfitError } from "./record_misfit.ts";

/**
 * What becomes of members without a column: they are of a wrong type, are left out, are collected for the column of the rest, or get
 * a column behind the others.
 */
export type OtherMembers = "refuse" | "drop" | "collect" | "add";

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;

/** What is put before a name that another column has, and its quotes. */
const PREFIX_BYTES = 24;

const encoder = new TextEncoder();

/** One row after another. */
export class RecordRows {
  readonly spans: JsonSpans;
  /** The numbers of the columns' keys. The arrays for columns can be longer, and are others when there are more columns. */
  readonly columnKeys: number[] = [];
  /** For each column the index of its member in `spans`; -1 where the record has none. A member can be null. */
  members = new Int32Array(64).fill(-1);
  /** The columns of which the record has members, up to `presentCount`. */
  present = new Int32Array(64);
  presentCount = 0;
  readonly #finder: RecordColumns | undefined;
  readonly #layout: RecordLayout;
  readonly #others: OtherMembers;
  /** The column of each key by its number, plus 1; 0 when there is none. */
  #columns = new Int32Array(64);
  /** The members of the row that are of no column, in the order of the text, up to `#restCount`. */
  #rest = new Int32Array(64);
  #restCount = 0;
  /** By the numbers of keys: the last of a record's members that are of no column. */
  #lastRest = new Int32Array(64);
  /** By the numbers of keys: the names of those that are not written as they stand, with their quotes. */
  readonly #names = new Map<number, Uint8Array>();
  /** By the numbers of keys: how many members were put aside. */
  #asideCounts = new Float64Array(64);
  readonly #types: readonly ColumnType[];

  /**
   * @param finder looks at the records that are read, and has read them for all
   * @param spans of whoever scans the records, which are not read then but laid out
   * @throws RangeError when two columns are of one key
   */
  constructor(
    columns: readonly Column[],
    layout: RecordLayout,
    others: OtherMembers,
    finder?: RecordColumns,
    spans = finder?.spans,
  ) {
    // A key without a column has a name that is said, or written.
    this.spans = spans ?? new JsonSpans(layout, others === "drop" ? {} : { maxKeys: Infinity });
    this.#finder = finder;
    // What the finder has read before is read again.
    if (finder !== undefined) this.spans.replaced.texts = 0;
    this.#layout = layout;
    this.#others = others;
    this.#types = columns.map(({ type }) => type);
    for (const column of columns) {
      if (this.columnOf(column) >= 0) throw new RangeError(`the column "${column.name}" is there twice`);
      this.addColumn(this.#numberOf(column));
    }
  }

  /** The index of the column with the values of this one, or -1. */
  columnOf(column: Column): number {
    const number = this.#numberOf(column);
    return (this.#columns[number] as number) - 1;
  }

  /**
   * Reads the record of a line.
   *
   * @param line its number, for errors
   * @returns where the line ends
   * @throws MisfitError
   */
  readLine(bytes: Uint8Array, start: number, line: number): number {
    const end = this.scanLine(bytes, start, line);
    this.layOut(line);
    return end;
  }

  /** The same, but the record is not laid out. */
  scanLine(bytes: Uint8Array, start: number, line: number): number {
    const end = this.#finder === undefined
      ? this.spans.scanLine(bytes, start)
      : this.#finder.readLine(bytes, start, line);
    if (end < 0) throw new MisfitError("is not a JSON object", line);
    return end;
  }

  /** By the numbers of all keys: the column of each, plus 1; 0 when there is none. */
  get columnsByKey(): Int32Array {
    this.#grow();
    return this.#columns;
  }

  /**
   * Lays out the record that was scanned.
   *
   * @param line its number, for errors
   * @throws MisfitError
   */
  layOut(line: number): void {
    const { spans } = this;
    if (spans.keys.count > this.#columns.length) this.#grow();
    let { members, present } = this;
    for (let index = 0; index < this.presentCount; index++) members[present[index] as number] = -1;
    this.presentCount = this.#restCount = 0;
    for (let index = 0; index < spans.count; index++) {
      const number = spans.key[index] as number;
      let column = (this.#columns[number] as number) - 1;
      if (column < 0 && this.#others === "add" && spans.kind[index] !== JsonKind.null) {
        column = this.addColumn(number);
        ({ members, present } = this);
      }
      if (column >= 0) {
        if (members[column] === -1) present[this.presentCount++] = column;
        members[column] = index;
      } else if (this.#others !== "drop" && this.#others !== "add" && spans.kind[index] !== JsonKind.null) {
        if (this.#others === "refuse") throw new MisfitError("has no column", line, this.#nameOf(number));
        this.setAside(index);
      }
    }
  }

  /** Begins the rest of a record that is not laid out: with its members of no column, or with nothing. */
  setOthersAside(hasOthers: boolean): void {
    this.#restCount = 0;
    if (!hasOthers) return;
    const { count, key, kind } = this.spans;
    for (let index = 0; index < count; index++) {
      if (this.#columns[key[index] as number] === 0 && kind[index] !== JsonKind.null) this.setAside(index);
    }
  }

  /** Puts a member of the row, after those before, to those of no column. */
  setAside(index: number): void {
    if (this.#restCount === this.#rest.length) {
      const rest = this.#rest;
      this.#rest = new Int32Array(2 * rest.length);
      this.#rest.set(rest);
    }
    const number = this.spans.key[index] as number;
    this.#lastRest[number] = index;
    this.#rest[this.#restCount++] = index;
  }

  get hasRest(): boolean {
    return this.#restCount > 0;
  }

  /** At most so many bytes does `writeRest` need. */
  restRoom(): number {
    const { keyStart, valueEnd } = this.spans;
    let most = 2;
    for (let at = 0; at < this.#restCount; at++) {
      const index = this.#rest[at] as number;
      most += 3 * ((valueEnd[index] as number) - (keyStart[index] as number)) + PREFIX_BYTES;
    }
    return most;
  }

  /** Writes the members of no column as a JSON object; nothing when there are none. Returns where it ends in `out`. */
  writeRest(bytes: Uint8Array, out: Uint8Array, to: number): number {
    const { key, keyStart, kind, valueStart, valueEnd } = this.spans;
    let write = to;
    for (let at = 0; at < this.#restCount; at++) {
      const index = this.#rest[at] as number;
      const number = key[index] as number;
      // Of two members of one name the last one counts.
      if (this.#lastRest[number] !== index) continue;
      (this.#asideCounts[number] as number)++;
      out[write] = write === to ? OPEN_OBJECT : COMMA;
      write = this.#writeName(bytes, number, keyStart[index] as number, out, write + 1);
      out[write++] = COLON;
      const start = valueStart[index] as number, end = valueEnd[index] as number;
      const memberKind = kind[index] as number;
      if (memberKind === JsonKind.string) {
        write = compactJson(bytes, start - 1, end + 1, out, write, this.spans.replaced);
      } else if (memberKind >= JsonKind.list) write = compactJson(bytes, start, end, out, write, this.spans.replaced);
      else for (let from = start; from < end; from++) out[write++] = bytes[from] as number;
    }
    if (write > to) out[write++] = CLOSE_OBJECT;
    return write;
  }

  /** Whether a member with the key of this column was written with those of no column. */
  hasWrittenAside(column: Column): boolean {
    return (this.#asideCounts[this.#numberOf(column)] as number) > 0;
  }

  /** The properties that were put aside, and how many events had them. */
  get others(): OtherProperty[] {
    const others: OtherProperty[] = [];
    for (const [number, events] of this.#asideCounts.entries()) {
      if (events === 0) continue;
      const column = (this.#columns[number] as number) - 1;
      others.push({ name: this.#nameOf(number), events, ...(column >= 0 && { type: this.#types[column] }) });
    }
    return others;
  }

  #writeName(bytes: Uint8Array, number: number, start: number, out: Uint8Array, to: number): number {
    const { keys } = this.spans;
    let name = this.#names.get(number);
    if (name === undefined) {
      const source = { scope: keys.scope(number), key: keys.name(number) };
      const told = nameInRest(this.#layout, source);
      const isOwn = told === source.key && source.scope === JsonScope.properties;
      name = encoder.encode(isOwn ? "" : JSON.stringify(told));
      this.#names.set(number, name);
    }
    if (name.length > 0) {
      out.set(name, to);
      return to + name.length;
    }
    let end = start;
    while (bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1;
    return compactJson(bytes, start - 1, end + 1, out, to);
  }

  #nameOf(number: number): string {
    const { keys } = this.spans;
    return nameInRest(this.#layout, { scope: keys.scope(number), key: keys.name(number) });
  }

  #numberOf({ name, source }: Column): number {
    const { scope, key } = source ?? columnKey(this.#layout, name);
    const number = this.spans.keys.numberOf(scope, key);
    this.#grow();
    return number;
  }

  /** Adds a column for the values of a key, behind the others: its index. */
  addColumn(number: number): number {
    const column = this.columnKeys.push(number) - 1;
    this.#columns[number] = column + 1;
    if (column < this.members.length) return column;
    this.members = copied(this.members, new Int32Array(2 * column).fill(-1));
    this.present = copied(this.present, new Int32Array(2 * column));
    return column;
  }

  #grow(): void {
    if (this.spans.keys.count <= this.#columns.length) return;
    const columns = this.#columns;
    this.#columns = new Int32Array(2 * this.spans.keys.count);
    this.#columns.set(columns);
    this.#lastRest = new Int32Array(this.#columns.length);
    const counts = this.#asideCounts;
    this.#asideCounts = new Float64Array(this.#columns.length);
    this.#asideCounts.set(counts);
  }
}
