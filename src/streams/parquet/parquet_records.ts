/**
 * Records from Parquet files, in constant memory: of each column the page is held that is being read.
 *
 * Values become what JSON has, and none of them is rounded: integers beyond 2^53 are bigints, decimals have the digits
 * of their text, times are ISO texts with as many digits as they need. JSON columns are parsed. What is null is left
 * out, and so is NaN, which tables have for it.
 */
import {
  type AsyncBuffer,
  type ColumnChunk,
  type DecodedArray,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type RowGroup,
  type SchemaElement,
  type SchemaTree,
} from "hyparquet";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { isFlatColumn } from "hyparquet/src/schema.js";
import { compressors } from "hyparquet-compressors";
import { ParquetCursor } from "./parquet_cursor.ts";
import { JSON_COLUMNS_KEY } from "./parquet_column_types.ts";
import { parquetParsers, parquetValue, parsedOrText } from "./parquet_types.ts";

/** Bytes that can be read in any order. */
export type ParquetSource = AsyncBuffer;

/** So many records are made at a time. */
const BATCH_RECORDS = 1000;

/** What is read ahead of all columns together, and of one at least and at most. */
const AHEAD_BYTES = 8 * 1024 * 1024, MIN_WINDOW_BYTES = 128 * 1024, MAX_WINDOW_BYTES = 4 * 1024 * 1024;

const PARSERS = { ...DEFAULT_PARSERS, ...parquetParsers };

const textDecoder = new TextDecoder();
const textFromBytes = (bytes: Uint8Array | undefined): string | undefined => bytes && textDecoder.decode(bytes);

/** Values one after another, in arrays. */
interface Cursor {
  values: DecodedArray;
  at: number;
  advance(): Promise<void>;
}

/**
 * The rows of a file as records, in their order, in batches.
 *
 * Lists and structures are assembled for a row group at a time: these columns are held as a whole.
 *
 * @param options.jsonAsText JSON columns are not parsed
 * @throws Error of the reader when this is not Parquet, or damaged
 */
export async function* parquetRecords(
  file: ParquetSource,
  signal?: AbortSignal,
  { jsonAsText = false }: { jsonAsText?: boolean } = {},
): AsyncGenerator<Record<string, unknown>[], void> {
  const parsers = jsonAsText ? { ...PARSERS, jsonFromBytes: textFromBytes } : PARSERS;
  const original = await parquetMetadataAsync(file, { parsers });
  if (!jsonAsText) declareJson(original);
  const metadata = withBareDecimals(original);
  const columns = parquetSchema(original).children.map(({ element }) => element);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const cursors = await cursorsOf(file, metadata, group, parsers, rowStart, rowEnd);
    while (rowStart < rowEnd) {
      signal?.throwIfAborted();
      let count = Math.min(BATCH_RECORDS, rowEnd - rowStart);
      for (const cursor of cursors) {
        if (cursor.at >= cursor.values.length) await cursor.advance();
        count = Math.min(count, cursor.values.length - cursor.at);
      }
      yield Array.from({ length: count }, () => nextRecord(columns, cursors));
      rowStart += count;
    }
  }
}

/** Our own tables have JSON in columns that are declared as text, and name them. */
function declareJson({ key_value_metadata, schema }: FileMetaData): void {
  const names = key_value_metadata?.find(({ key }) => key === JSON_COLUMNS_KEY)?.value;
  const columns = names === undefined ? undefined : parsedOrText(names);
  if (!Array.isArray(columns)) return;
  for (const element of schema) {
    if (element.type !== "BYTE_ARRAY" || !columns.includes(element.name)) continue;
    element.converted_type = "JSON";
    element.logical_type = { type: "JSON" };
  }
}

function nextRecord(columns: readonly SchemaElement[], cursors: readonly Cursor[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index++) {
    const element = columns[index] as SchemaElement;
    const cursor = cursors[index] as Cursor;
    const value = parquetValue(cursor.values[cursor.at++], element);
    if (value === undefined) continue;
    if (element.name === "__proto__") Object.defineProperty(record, element.name, { value, enumerable: true });
    else record[element.name] = value;
  }
  return record;
}

/** One cursor for each column of the file, in its order. */
async function cursorsOf(
  file: ParquetSource,
  metadata: FileMetaData,
  group: RowGroup,
  parsers: typeof PARSERS,
  rowStart: number,
  rowEnd: number,
): Promise<Cursor[]> {
  const root = parquetSchema(metadata);
  const chunks = new Map(group.columns.map((chunk) => [chunk.meta_data?.path_in_schema.join("."), chunk]));
  const ahead = Math.floor(AHEAD_BYTES / group.columns.length);
  const windowBytes = Math.max(MIN_WINDOW_BYTES, Math.min(MAX_WINDOW_BYTES, ahead));
  const options = { compressors, parsers, utf8: false };
  const cursors: Cursor[] = [];
  for (const column of root.children) {
    const { name } = column.element;
    if (isFlatColumn([root, column])) {
      cursors.push(flatCursor(file, chunks.get(name), [root, column], options, windowBytes));
    } else {
      const scan = await parquetScan({ file, metadata, columns: [name], ...options });
      cursors.push({ values: await scan.readColumn({ column: name, rowStart, rowEnd }), at: 0, advance: endOfColumn });
    }
  }
  return cursors;
}

function flatCursor(
  file: ParquetSource,
  chunk: ColumnChunk | undefined,
  schemaPath: [SchemaTree, SchemaTree],
  options: { compressors: typeof compressors; parsers: typeof PARSERS; utf8: boolean },
  windowBytes: number,
): Cursor {
  const { element, path } = schemaPath[1];
  const data = chunk?.meta_data;
  if (data === undefined) throw new Error(`the column "${element.name}" is missing in a row group`);
  if (chunk?.file_path) throw new Error(`the column "${element.name}" is in another file`);
  const { type, codec } = data;
  return new ParquetCursor(
    file,
    data,
    { ...options, type, codec, element, schemaPath, pathInSchema: path },
    windowBytes,
  );
}

function endOfColumn(): Promise<void> {
  return Promise.reject(new Error("a column ends before its rows"));
}

/** Takes the mark from decimal columns, so that the reader leaves them as the integers they are stored as. */
function withBareDecimals(metadata: FileMetaData): FileMetaData {
  const decimals = new Set(
    parquetSchema(metadata).children.map(({ element }) => element).filter((one) => one.converted_type === "DECIMAL"),
  );
  const schema = metadata.schema.map((element): SchemaElement => {
    if (!decimals.has(element)) return element;
    const { converted_type: _converted, logical_type: _logical, ...bare } = element;
    return bare;
  });
  return { ...metadata, schema };
}
