/** The values of one property in a chunk of rows, in the form that they are kept in. */
import type { Dictionary } from "./dictionary.ts";

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** Few values that come often. */
export interface CodesColumn {
  kind: "codes";
  /** By row; 0 where the property is absent. */
  codes: Codes;
  /** Of the property in the whole table: a code means the same in each chunk. */
  dictionary: Dictionary;
}

/** Many values, and all of them numbers. */
export interface NumbersColumn {
  kind: "numbers";
  /** By row; 0 where the property is absent. */
  values: Float64Array;
  /** A bit for each row; see `isPresent`. */
  present: Uint8Array;
}

/** Many values of any kind. */
export interface TextsColumn {
  kind: "texts";
  /** Decoded on each call; undefined where the property is absent. */
  value(row: number): unknown;
}

export type PropertyColumn = CodesColumn | NumbersColumn | TextsColumn;

/** Whether a row has a value, by the bits of a column of numbers. */
function isPresent(present: Uint8Array, row: number): boolean {
  return ((present[row >> 3] as number) >> (row & 7) & 1) === 1;
}

/** The value of any column at a row of its chunk; undefined where the property is absent. */
export function valueAt(column: PropertyColumn | undefined, row: number): unknown {
  if (column === undefined) return undefined;
  if (column.kind === "texts") return column.value(row);
  if (column.kind === "numbers") return isPresent(column.present, row) ? column.values[row] : undefined;
  const code = column.codes[row] as number;
  return code === 0 ? undefined : column.dictionary.value(code);
}
