/**
 * A chunk of events as bytes, so that a store opens without reading every event again. It stands by itself: its codes are
 * those of the different values that it has, which lie beside them.
 */
import { GrowingBytes, viewOf } from "../../analytics/table/bytes.ts";
import type { SealedChunk } from "../../analytics/table/chunk.ts";
import { narrowed } from "../../analytics/table/column_builder.ts";
import type { Dictionary } from "../../analytics/table/dictionary.ts";
import type { EventTable } from "../../analytics/table/event_table.ts";
import type { Codes } from "../../analytics/table/property_column.ts";
import type { SealedColumn } from "../../analytics/table/sealed_column.ts";
import { asFloat64, asInt32, asUint16, asUint32, packed, unpacked } from "./sections.ts";

/** What the arrays are that follow: of each column its rows, if it has any, and then what its kind has. */
interface Head {
  columns: { property: string; kind: SealedColumn["kind"]; hasRows: boolean }[];
}

export interface ChunkRecord {
  chunk: Pick<SealedChunk, "timesMs" | "names" | "people" | "columns">;
  /** Of copies, by row. */
  hashes: Int32Array;
}

/** @param kept rows in their order; the others are left out */
export function chunkBytes(
  table: EventTable,
  chunk: SealedChunk,
  kept: Uint16Array,
  hashOf: (row: number) => number,
): Uint8Array {
  const isWhole = kept.length === chunk.rows;
  const arrays: ArrayBufferView[] = [
    isWhole ? chunk.timesMs : Float64Array.from(kept, (row) => chunk.timesMs[row] as number),
    Int32Array.from(kept, (row) => hashOf(chunk.firstRow + row)),
    ...ownCodes(isWhole ? chunk.names : someOf(chunk.names, kept), table.names),
    ...ownCodes(isWhole ? chunk.people : someOf(chunk.people, kept), table.people),
  ];
  const head: Head = { columns: [] };
  for (const [property, whole] of chunk.columns) {
    const column = isWhole ? whole : withRows(whole, chunk.rows, kept);
    head.columns.push({ property, kind: column.kind, hasRows: column.rows !== undefined });
    if (column.rows !== undefined) arrays.push(column.rows);
    if (column.kind === "numbers") arrays.push(column.values);
    else if (column.kind === "texts") arrays.push(column.ends, column.text);
    else arrays.push(...ownCodes(column.codes, table.builder(property).dictionary));
  }
  return packed([new TextEncoder().encode(JSON.stringify(head)), ...arrays]);
}

/** A chunk in the codes of this table, to which it can be added. */
export function readChunk(bytes: Uint8Array, table: EventTable): ChunkRecord {
  const arrays = unpacked(bytes).values();
  const next = () => arrays.next().value as Uint8Array<ArrayBuffer>;
  const codes = (dictionary: Dictionary) => tableCodes(asUint32(next()), asUint32(next()), next(), dictionary);
  const head = JSON.parse(new TextDecoder().decode(next())) as Head;
  // What stays has memory of its own, so that the rest of the bytes can go.
  const timesMs = asFloat64(next().slice());
  const hashes = asInt32(next());
  const names = codes(table.names);
  const people = codes(table.people);
  const columns = new Map<string, SealedColumn>();
  for (const { property, kind, hasRows } of head.columns) {
    const rows = hasRows ? asUint16(next().slice()) : undefined;
    if (kind === "numbers") columns.set(property, { kind, rows, values: asFloat64(next().slice()) });
    else if (kind === "texts") {
      columns.set(property, { kind, rows, ends: asUint32(next().slice()), text: next().slice() });
    } else columns.set(property, { kind, rows, codes: codes(table.builder(property).dictionary) });
  }
  return { chunk: { timesMs, names, people, columns }, hashes };
}

/** Codes from 1 in the order in which they come, 0 as it is, and the values that they stand for. */
function ownCodes(codes: Codes, dictionary: Dictionary): ArrayBufferView[] {
  const owned = new Uint32Array(dictionary.count);
  const ends: number[] = [];
  const text = new GrowingBytes();
  const own = Uint32Array.from(codes, (code) => {
    if (code === 0) return 0;
    if (owned[code] === 0) {
      text.append(dictionary.texts, dictionary.start(code), dictionary.end(code));
      owned[code] = ends.push(text.length);
    }
    return owned[code] as number;
  });
  return [own, Uint32Array.from(ends), text.copy()];
}

function tableCodes(own: Uint32Array, ends: Uint32Array, text: Uint8Array, dictionary: Dictionary): Codes {
  const from = viewOf(text);
  const codes = new Uint32Array(ends.length + 1);
  ends.forEach((end, index) => codes[index + 1] = dictionary.code(from, index === 0 ? 0 : ends[index - 1]!, end));
  for (let index = 0; index < own.length; index++) own[index] = codes[own[index] as number] as number;
  return narrowed(own);
}

function someOf<A extends Codes | Float64Array>(from: A, indexes: Uint16Array | readonly number[]): A {
  const some = new (from.constructor as new (length: number) => A)(indexes.length);
  for (let index = 0; index < indexes.length; index++) some[index] = from[indexes[index] as number] as number;
  return some;
}

/** A column with some of a chunk's rows, which have other numbers then. */
function withRows(column: SealedColumn, rowCount: number, kept: Uint16Array): SealedColumn {
  const rowOf = new Int32Array(rowCount).fill(-1);
  kept.forEach((row, index) => rowOf[row] = index);
  const { rows } = column;
  const indexes: number[] = [];
  const keptRows: number[] = [];
  for (let index = 0; index < (rows ?? rowOf).length; index++) {
    const row = rowOf[rows === undefined ? index : rows[index] as number] as number;
    if (row < 0) continue;
    indexes.push(index);
    keptRows.push(row);
  }
  const own = rows === undefined ? undefined : Uint16Array.from(keptRows);
  if (column.kind === "codes") return { kind: "codes", rows: own, codes: someOf(column.codes, indexes) };
  if (column.kind === "numbers") return { kind: "numbers", rows: own, values: someOf(column.values, indexes) };
  const text = new GrowingBytes();
  const ends = Uint32Array.from(indexes, (index) => {
    text.appendBytes(column.text.subarray(index === 0 ? 0 : column.ends[index - 1], column.ends[index]));
    return text.length;
  });
  return { kind: "texts", rows: own, text: text.copy(), ends };
}
