/** A run of events, in the order in which they came. */
import type { ColumnBuilder } from "./column_builder.ts";
import type { Dictionary } from "./dictionary.ts";
import { expanded, type SealedColumn, valueIn } from "./sealed_column.ts";
import type { Codes, PropertyColumn } from "./property_column.ts";

export interface Chunk {
  /** How many rows are in the chunks before. */
  readonly firstRow: number;
  readonly rows: number;
  readonly timesMs: Float64Array;
  /** Codes of event names. */
  readonly names: Codes;
  /** Codes of distinct ids; 0 is nobody. */
  readonly people: Codes;
  /** 1 for rows that no report counts: copies in whose place a later one has come. Missing when there is none. */
  readonly hidden?: Uint8Array;
  /** The values of a property; undefined when no row has any. */
  column(property: string): PropertyColumn | undefined;
}

/** Where the columns of a table are found by name. */
export type Builders = ReadonlyMap<string, ColumnBuilder>;

/** A chunk that is full. Nothing changes but what is hidden, and the columns come when somebody asks for them. */
export class SealedChunk implements Chunk {
  hidden?: Uint8Array;
  #columns: ReadonlyMap<string, SealedColumn> | undefined;

  /**
   * @param fill sets the columns
   * @param columns undefined when they are set later
   */
  constructor(
    private readonly builders: Builders,
    private readonly fill: () => void,
    readonly firstRow: number,
    readonly rows: number,
    readonly timesMs: Float64Array,
    readonly names: Codes,
    readonly people: Codes,
    columns: ReadonlyMap<string, SealedColumn> | undefined,
    hidden?: Uint8Array,
  ) {
    this.#columns = columns;
    this.hidden = hidden;
  }

  /** The first row behind it. */
  get endRow(): number {
    return this.firstRow + this.rows;
  }

  get isFilled(): boolean {
    return this.#columns !== undefined;
  }

  get columns(): ReadonlyMap<string, SealedColumn> {
    if (this.#columns === undefined) this.fill();
    return this.#columns as ReadonlyMap<string, SealedColumn>;
  }

  set columns(columns: ReadonlyMap<string, SealedColumn>) {
    this.#columns = columns;
  }

  column(property: string): PropertyColumn | undefined {
    const column = this.columns.get(property);
    return column && expanded(column, this.rows, this.#dictionary(property));
  }

  valueAt(row: number, property: string): unknown {
    const column = this.columns.get(property);
    return column && valueIn(column, row, this.#dictionary(property));
  }

  #dictionary(property: string): Dictionary {
    return this.builders.get(property)!.dictionary;
  }
}

/** What there is of the chunk that is being filled, as it is now: good until the table changes. */
export class OpenChunk implements Chunk {
  readonly #columns = new Map<string, PropertyColumn>();

  constructor(
    private readonly builders: Builders,
    private readonly fill: () => void,
    readonly firstRow: number,
    readonly rows: number,
    readonly timesMs: Float64Array,
    readonly names: Codes,
    readonly people: Codes,
    readonly hidden?: Uint8Array,
  ) {}

  column(property: string): PropertyColumn | undefined {
    this.fill();
    const builder = this.builders.get(property);
    if (builder === undefined || builder.count === 0) return undefined;
    let column = this.#columns.get(property);
    if (column === undefined) {
      column = expanded(builder.sealed(this.rows), this.rows, builder.dictionary);
      this.#columns.set(property, column);
    }
    return column;
  }
}
