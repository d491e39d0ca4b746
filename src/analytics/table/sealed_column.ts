/** The values of a property in a chunk that is full: in the narrowest form, without the rows that have none. */
import { parseJson } from "../../streams/json/json.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Codes, PropertyColumn, TextsColumn } from "./property_column.ts";

interface SealedCodes {
  kind: "codes";
  /** In the order of rows. */
  codes: Codes;
}

interface SealedNumbers {
  kind: "numbers";
  values: Float64Array;
}

interface SealedTexts {
  kind: "texts";
  /** JSON texts, one after another. */
  text: Uint8Array;
  ends: Uint32Array;
}

/** The values that are there; `rows` says where. Without, there is one for every row, or code 0. */
export type SealedColumn = { rows?: Uint16Array } & (SealedCodes | SealedNumbers | SealedTexts);

/** The column by rows. */
export function expanded(column: SealedColumn, rowCount: number, dictionary: Dictionary): PropertyColumn {
  if (column.kind === "texts") return textsColumn(column, column.rows);
  if (column.kind === "codes") {
    const codes = column.rows === undefined ? column.codes : spread(column.codes, column.rows, rowCount);
    return { kind: "codes", codes, dictionary };
  }
  const present = new Uint8Array(Math.ceil(rowCount / 8));
  if (column.rows === undefined) {
    present.fill(0xff);
    return { kind: "numbers", values: column.values, present };
  }
  for (const row of column.rows) present[row >> 3] = (present[row >> 3] as number) | 1 << (row & 7);
  return { kind: "numbers", values: spread(column.values, column.rows, rowCount), present };
}

function spread<A extends Codes | Float64Array>(from: A, rows: Uint16Array, rowCount: number): A {
  const all = new (from.constructor as new (length: number) => A)(rowCount);
  for (let index = 0; index < rows.length; index++) all[rows[index] as number] = from[index] as number;
  return all;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const QUOTE = 0x22, BACKSLASH = 0x5c;

function textsColumn(column: SealedTexts, rows: Uint16Array | undefined): TextsColumn {
  /** Mostly the row after the last one is asked for. */
  let next = 0;
  const indexOf = (row: number): number => {
    if (rows === undefined) return row;
    if (rows[next] !== row) next = lowerBound(rows, row);
    return rows[next] === row ? next++ : -1;
  };
  return {
    kind: "texts",
    value(row) {
      const index = indexOf(row);
      return index < 0 ? undefined : textValue(column, index);
    },
  };
}

/** The value at one row; undefined where there is none. */
export function valueIn(column: SealedColumn, row: number, dictionary: Dictionary): unknown {
  const { rows } = column;
  const index = rows === undefined ? row : lowerBound(rows, row);
  if (rows !== undefined && rows[index] !== row) return undefined;
  if (column.kind === "texts") return textValue(column, index);
  if (column.kind === "numbers") return column.values[index];
  const code = column.codes[index] as number;
  return code === 0 ? undefined : dictionary.value(code);
}

function textValue({ text, ends }: SealedTexts, index: number): unknown {
  const json = text.subarray(index === 0 ? 0 : ends[index - 1] as number, ends[index]);
  const isPlain = json[0] === QUOTE && json.indexOf(BACKSLASH) < 0;
  return isPlain ? decoder.decode(json.subarray(1, -1)) : parseJson(decoder.decode(json));
}

/** The first index whose row is not before this one. */
function lowerBound(rows: Uint16Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as number) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
