/**
 * Records from Parquet files, in constant memory: of each column the page is held that is being read.
 *
 * Values become what JSON has, and none of them is rounded: integers beyond 2^53 are bigints, decimals have all their
 * digits, a number of 32 bits is the shortest decimal that stands for it, times are ISO texts with as many digits as they
 * need. JSON columns are parsed. Bytes without a type are hexadecimal; in a file that declares no column to be text, as
 * the oldest writers do, they are text. What is null is left out, and so is NaN, which tables have for it; infinities are
 * texts.
 */
import { type ColumnMetaData, type FileMetaData, parquetSchema, type RowGroup, type SchemaElement } from "hyparquet";
import { JSON_COLUMNS_KEY } from "./parquet_column_types.ts";
import { metadataOf } from "./parquet_directory.ts";
import { ParquetError } from "./parquet_error.ts";
import { ParquetLeaf } from "./parquet_leaf.ts";
import { ARROW_SCHEMA_KEY, arrowDurations, type DurationUnit } from "./arrow_durations.ts";
import { type LeafPlace, nestedValue, nodesOf, type ParquetNode, type ValueFaults } from "./parquet_nodes.ts";
import { heldOf, type PagedColumn, type ParquetSource } from "./parquet_pages.ts";
import {
  type BinaryForm,
  conversionOf,
  isDeclaredText,
  isUntypedBinary,
  NotUtf8,
  parsedOrText,
  withoutInfinity,
} from "./parquet_types.ts";

/** A column, or a part of one, whose values are not told by JSON alone. */
export interface OddColumn {
  /** The names from the column on, with dots. */
  path: string;
  /** `bytes`: in hexadecimal; `single`: numbers of 32 or 16 bits. */
  kind: "bytes" | "single" | DurationUnit;
}

export interface RecordOptions {
  jsonAsText?: boolean;
  binaryAsHex?: boolean;
  /** Whether bytes without a type are text in this column. */
  isText?(path: string): boolean;
  /** Told before the first record; what it throws ends the reading as it is. */
  onColumns?(names: readonly string[], odd: readonly OddColumn[]): void;
  /** Called with numbers that JSON has not: the first of a column in a row, counted from 1. */
  onNotFinite?(column: string, row: number, number: string): void;
  /** Called with the first key of a row that is twice in a map of a column. */
  onRepeatedKey?(column: string, row: number, key: string): void;
}

/** In place of a row that has a text whose bytes are no UTF-8. */
export class UnreadableRow {
  /** @param record the row, with stand-ins for bytes that are part of no character */
  constructor(readonly column: string, readonly record: Record<string, unknown>) {}
}

/** So many records are made at a time. */
const BATCH_RECORDS = 1000;

/** So many values at most, unless a record has more. */
const BATCH_VALUES = 12_000;

/** So many columns are asked for at a time: a bucket takes its time to answer. */
const COLUMNS_AT_ONCE = 8;

/**
 * The rows of a file as records, in their order, in batches.
 *
 * @param options.jsonAsText JSON columns are not parsed
 * @param options.binaryAsHex bytes without a type are no text, unless `isText` says so
 * @throws ParquetError when this is not Parquet, or damaged
 */
export async function* parquetRecords(
  file: ParquetSource,
  signal?: AbortSignal,
  options: RecordOptions = {},
): AsyncGenerator<(Record<string, unknown> | UnreadableRow)[], void> {
  const failures = new Set<unknown>();
  const slice = async (start: number, end?: number) => {
    try {
      return await file.slice(start, end);
    } catch (error) {
      failures.add(error);
      throw error;
    }
  };
  const onColumns: RecordOptions["onColumns"] = (names, odd) => {
    try {
      options.onColumns?.(names, odd);
    } catch (error) {
      failures.add(error);
      throw error;
    }
  };
  try {
    yield* records({ ...file, slice }, signal, { ...options, onColumns });
  } catch (cause) {
    if (cause instanceof ParquetError || failures.has(cause) || signal?.aborted) throw cause;
    // The reader trusts a file to be what it says, and fails in many ways where it is not.
    throw new ParquetError("damaged", "its parts do not fit each other", { cause });
  }
}

async function* records(
  file: ParquetSource,
  signal: AbortSignal | undefined,
  { jsonAsText = false, binaryAsHex = false, isText, onColumns, onNotFinite, onRepeatedKey }: RecordOptions,
): AsyncGenerator<(Record<string, unknown> | UnreadableRow)[], void> {
  const metadata = await metadataOf(file);
  if (jsonAsText) declareText(metadata);
  else declareJson(metadata);
  declareTimes(metadata);
  const columns = nodesOf(parquetSchema(metadata));
  const places = columns.flatMap(({ leaves }) => leaves);
  const forms = binaryForms(metadata, places, binaryAsHex, isText);
  onColumns?.(columns.map(({ name }) => name), oddColumns(metadata, places, forms));
  let before = 0;
  const held = heldOf(places.length);
  const batchRecords = Math.max(1, Math.min(BATCH_RECORDS, Math.floor(BATCH_VALUES / places.length)));
  for (const group of metadata.row_groups) {
    const leaves = places.map((place, index) =>
      new ParquetLeaf(
        file,
        pagedColumn(place, group, conversionOf(place.node.element, forms[index] as BinaryForm)),
        held,
      )
    );
    for (let left = rowsOf(group); left > 0;) {
      signal?.throwIfAborted();
      const rows = Math.min(batchRecords, left);
      const values: unknown[][] = [];
      const tell: TellFaults = {
        notFinite: (column, row, number) => onNotFinite?.(column, before + row + 1, number),
        repeatedKey: (column, row, key) => onRepeatedKey?.(column, before + row + 1, key),
      };
      for (let at = 0; at < columns.length; at += COLUMNS_AT_ONCE) {
        const some = columns.slice(at, at + COLUMNS_AT_ONCE);
        values.push(...await Promise.all(some.map((column) => valuesOf(column, leaves, rows, tell))));
      }
      yield recordsOf(columns, values, rows, tell);
      left -= rows;
      before += rows;
    }
    for (const leaf of leaves) leaf.close();
  }
}

/** Our own tables have JSON in columns that are declared as text, and name them. */
export function declareJson({ key_value_metadata: facts, schema }: FileMetaData): void {
  const names = facts?.find(({ key }) => key === JSON_COLUMNS_KEY)?.value;
  const columns = names === undefined ? undefined : parsedOrText(names);
  if (!Array.isArray(columns)) return;
  for (const element of schema) {
    if (element.type === "BYTE_ARRAY" && columns.includes(element.name)) declare(element, "JSON");
  }
}

/** The times of day of Arrow have no zone, and most of its writers have marked them as those of UTC all the same. */
export function declareTimes({ key_value_metadata: facts, schema }: FileMetaData): void {
  if (!facts?.some(({ key }) => key === ARROW_SCHEMA_KEY)) return;
  for (const { logical_type: type } of schema) if (type?.type === "TIME") type.isAdjustedToUTC = false;
}

function declareText({ schema }: FileMetaData): void {
  for (const element of schema) {
    if (element.converted_type === "JSON" || element.logical_type?.type === "JSON") declare(element, "STRING");
  }
}

function declare(element: SchemaElement, type: "JSON" | "STRING"): void {
  element.converted_type = type === "JSON" ? "JSON" : "UTF8";
  element.logical_type = { type };
}

/** Told what JSON has not; rows of a batch are counted from 0. */
type TellFaults = Record<"notFinite" | "repeatedKey", (column: string, row: number, what: string) => void>;

/** The values of a column in the next rows. */
async function valuesOf(
  column: ParquetNode,
  leaves: readonly ParquetLeaf[],
  rows: number,
  tell: TellFaults,
): Promise<unknown[]> {
  if (column.kind === "leaf") return await (leaves[column.leaves[0]?.index as number] as ParquetLeaf).takeFlat(rows);
  const own = column.leaves.map(({ index }) => leaves[index] as ParquetLeaf);
  for (const leaf of own) await leaf.take(rows);
  const values: unknown[] = [];
  for (let row = 0; row < rows; row++) {
    const faults: ValueFaults = { notUtf8: false };
    const value = nestedValue(column, leaves, faults);
    if (faults.notFinite !== undefined) tell.notFinite(column.name, row, faults.notFinite);
    if (faults.repeatedKey !== undefined) tell.repeatedKey(column.name, row, faults.repeatedKey);
    values.push(faults.notUtf8 ? new NotUtf8(value) : value);
  }
  if (!own.every(({ isEmpty }) => isEmpty)) {
    throw new ParquetError("damaged", `the column "${column.name}": its lists do not fit`);
  }
  return values;
}

function recordsOf(
  columns: readonly ParquetNode[],
  values: readonly unknown[][],
  rows: number,
  tell: TellFaults,
): (Record<string, unknown> | UnreadableRow)[] {
  const hasProto = columns.some(({ name }) => name === "__proto__");
  return Array.from({ length: rows }, (_, row) => {
    const record: Record<string, unknown> = {};
    let unreadable: string | undefined;
    for (let index = 0; index < columns.length; index++) {
      let value = (values[index] as unknown[])[row];
      if (value === undefined || value === null) continue;
      const { name } = columns[index] as ParquetNode;
      if (typeof value === "symbol") {
        tell.notFinite(name, row, value.description as string);
        value = withoutInfinity(value);
        if (value === undefined) continue;
      } else if (value instanceof NotUtf8) {
        unreadable ??= name;
        value = value.value;
      }
      if (hasProto) {
        Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true });
      } else record[name] = value;
    }
    return unreadable === undefined ? record : new UnreadableRow(unreadable, record);
  });
}

/** Writers that have always said which columns are text. */
const DECLARES_TEXT = /arrow|parquet-cpp|duckdb|polars|parquet-rs/i;

/** What the bytes without a type of each column are taken for. It is the same in all files with these columns. */
function binaryForms(
  { schema, created_by: writer = "" }: FileMetaData,
  places: readonly LeafPlace[],
  binaryAsHex: boolean,
  isText: RecordOptions["isText"] = () => false,
): BinaryForm[] {
  // Who declares no text has nothing else to write it as, unless it is one of those who would.
  const isAllText = !binaryAsHex && !schema.some(isDeclaredText) && !DECLARES_TEXT.test(writer);
  return places.map(({ node, isInVariant }) => {
    if (isInVariant) return "bytes";
    const isBytes = node.element.type === "BYTE_ARRAY";
    return isBytes && isAllText || isText(node.path.join(".")) ? "text" : "hex";
  });
}

function oddColumns(
  { key_value_metadata: facts }: FileMetaData,
  places: readonly LeafPlace[],
  forms: readonly BinaryForm[],
): OddColumn[] {
  const arrow = facts?.find(({ key }) => key === ARROW_SCHEMA_KEY)?.value;
  const durations = arrow === undefined ? undefined : arrowDurations(arrow);
  const odd: OddColumn[] = [];
  for (const [index, { node: { element, path } }] of places.entries()) {
    const name = path.join(".");
    const unit = durations?.get(name);
    const isSingle = element.type === "FLOAT" || (element.logical_type?.type === "FLOAT16");
    if (unit !== undefined && element.type === "INT64") odd.push({ path: name, kind: unit });
    else if (forms[index] === "hex" && isUntypedBinary(element)) odd.push({ path: name, kind: "bytes" });
    else if (isSingle) odd.push({ path: name, kind: "single" });
  }
  return odd;
}

export function pagedColumn(
  { index, node, repetitionLevel }: LeafPlace,
  group: RowGroup,
  convert: PagedColumn["convert"],
): PagedColumn {
  const name = node.path.join(".");
  const chunk = group.columns[index];
  const data: ColumnMetaData | undefined = chunk?.meta_data;
  if (chunk?.file_path) throw new ParquetError("unsupported", `the column "${name}" is in another file`);
  if (data === undefined || data.path_in_schema.join(".") !== name) {
    throw new ParquetError("damaged", `the column "${name}" is missing in a row group`);
  }
  if (repetitionLevel === 0 && Number(data.num_values) !== rowsOf(group)) {
    throw new ParquetError("damaged", `the column "${name}" has not as many values as there are rows`);
  }
  const { element, level } = node;
  return { name, element, type: data.type, convert, chunk: data, repetitionLevel, definitionLevel: level };
}

const rowsOf = (group: RowGroup): number => Number(group.num_rows);
