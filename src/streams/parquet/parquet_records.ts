/**
 * Records from Parquet files, in constant memory: of each column the page is held that is being read.
 *
 * Values become what JSON has, and none of them is rounded: integers beyond 2^53 are bigints, decimals have all their
 * digits, a number of 32 bits is the shortest decimal that stands for it, times are ISO texts with as many digits as they
 * need. JSON columns are parsed. Bytes without a type are text when all of their column is, else hexadecimal. What is
 * null is left out, and so is NaN, which tables have for it.
 */
import {
  type ColumnMetaData,
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type RowGroup,
  type SchemaElement,
} from "hyparquet";
import { markGeoColumns } from "hyparquet/src/geoparquet.js";
import { JSON_COLUMNS_KEY } from "./parquet_column_types.ts";
import { ParquetError } from "./parquet_error.ts";
import { ParquetLeaf } from "./parquet_leaf.ts";
import { type LeafPlace, nestedValue, nodesOf, type ParquetNode } from "./parquet_nodes.ts";
import { heldOf, type PagedColumn, ParquetPages, type ParquetSource } from "./parquet_pages.ts";
import { type BinaryForm, conversionOf, isText, isUntypedBinary, NOT_UTF8, parsedOrText } from "./parquet_types.ts";

interface RecordOptions {
  jsonAsText?: boolean;
  binaryAsHex?: boolean;
}

/** In place of a row that has a text whose bytes are no UTF-8. */
export class UnreadableRow {
  constructor(readonly column: string) {}
}

/** So many records are made at a time. */
const BATCH_RECORDS = 1000;

/** So many values at most, unless a record has more. */
const BATCH_VALUES = 12_000;

/** So many columns are asked for at a time: a bucket takes its time to answer. */
const COLUMNS_AT_ONCE = 8;

const MAGIC = "PAR1", ENCRYPTED_MAGIC = "PARE";

/**
 * The rows of a file as records, in their order, in batches.
 *
 * @param options.jsonAsText JSON columns are not parsed
 * @param options.binaryAsHex bytes without a type are no text, whatever they hold
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
  try {
    yield* records({ ...file, slice }, signal, options);
  } catch (cause) {
    if (cause instanceof ParquetError || failures.has(cause) || signal?.aborted) throw cause;
    // The reader trusts a file to be what it says, and fails in many ways where it is not.
    throw new ParquetError("damaged", "its parts do not fit each other", { cause });
  }
}

async function* records(
  file: ParquetSource,
  signal: AbortSignal | undefined,
  { jsonAsText = false, binaryAsHex = false }: RecordOptions,
): AsyncGenerator<(Record<string, unknown> | UnreadableRow)[], void> {
  const metadata = await metadataOf(file);
  if (jsonAsText) declareText(metadata);
  else declareJson(metadata);
  const columns = nodesOf(parquetSchema(metadata));
  const places = columns.flatMap(({ leaves }) => leaves);
  const isTextColumn = async (place: LeafPlace) => !binaryAsHex && await hasText(file, metadata, place, signal);
  const forms = await binaryForms(columns, isTextColumn);
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
      for (let at = 0; at < columns.length; at += COLUMNS_AT_ONCE) {
        const some = columns.slice(at, at + COLUMNS_AT_ONCE);
        values.push(...await Promise.all(some.map((column) => valuesOf(column, leaves, rows))));
      }
      yield recordsOf(columns, values, rows);
      left -= rows;
    }
  }
}

/** Our own tables have JSON in columns that are declared as text, and name them. */
function declareJson({ key_value_metadata: facts, schema }: FileMetaData): void {
  const names = facts?.find(({ key }) => key === JSON_COLUMNS_KEY)?.value;
  const columns = names === undefined ? undefined : parsedOrText(names);
  if (!Array.isArray(columns)) return;
  for (const element of schema) {
    if (element.type === "BYTE_ARRAY" && columns.includes(element.name)) declare(element, "JSON");
  }
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

/** The values of a column in the next rows. */
async function valuesOf(column: ParquetNode, leaves: readonly ParquetLeaf[], rows: number): Promise<unknown[]> {
  if (column.kind === "leaf") return await (leaves[column.leaves[0]?.index as number] as ParquetLeaf).takeFlat(rows);
  const own = column.leaves.map(({ index }) => leaves[index] as ParquetLeaf);
  for (const leaf of own) await leaf.take(rows);
  const values: unknown[] = [];
  for (let row = 0; row < rows; row++) {
    const faults = { notUtf8: false };
    const value = nestedValue(column, leaves, faults);
    values.push(faults.notUtf8 ? NOT_UTF8 : value);
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
): (Record<string, unknown> | UnreadableRow)[] {
  const hasProto = columns.some(({ name }) => name === "__proto__");
  return Array.from({ length: rows }, (_, row) => {
    const record: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index++) {
      const value = (values[index] as unknown[])[row];
      if (value === undefined || value === null) continue;
      const { name } = columns[index] as ParquetNode;
      if (value === NOT_UTF8) return new UnreadableRow(name);
      if (hasProto) {
        Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true });
      } else record[name] = value;
    }
    return record;
  });
}

/** What each column of bytes without a type is: all of its values are looked at. */
async function binaryForms(
  columns: readonly ParquetNode[],
  isTextColumn: (place: LeafPlace) => Promise<boolean>,
): Promise<BinaryForm[]> {
  const forms: BinaryForm[] = [];
  for (const column of columns) {
    for (const place of column.leaves) {
      if (place.isInVariant) forms.push("bytes");
      else if (!isUntypedBinary(place.node.element)) forms.push("hex");
      else forms.push(await isTextColumn(place) ? "text" : "hex");
    }
  }
  return forms;
}

async function hasText(
  file: ParquetSource,
  { row_groups: groups }: FileMetaData,
  place: LeafPlace,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (const group of groups) {
    const column = pagedColumn(place, group, (stored) => isText(stored as Uint8Array));
    const pages = new ParquetPages(file, column, heldOf(1));
    for (let page = await pages.next(); page !== undefined; page = await pages.next()) {
      for (let left = page.valueCount; left > 0; left -= BATCH_RECORDS) {
        signal?.throwIfAborted();
        const areText: unknown[] = [];
        await page.values(areText, Math.min(left, BATCH_RECORDS));
        if (areText.includes(false)) return false;
      }
    }
  }
  return true;
}

function pagedColumn(
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

/** The directory at the file's end. */
async function metadataOf(file: ParquetSource): Promise<FileMetaData> {
  const end = new TextDecoder("latin1").decode(await file.slice(Math.max(0, file.byteLength - 4), file.byteLength));
  if (end === ENCRYPTED_MAGIC) throw new ParquetError("unsupported", "it is encrypted");
  if (end !== MAGIC) throw new ParquetError("cut", `it does not end with ${MAGIC}, as Parquet does`);
  // Columns of places are marked once it is sure that the schema has no negative numbers, which would never end.
  const metadata = await parquetMetadataAsync(file, { geoparquet: false });
  const { schema, key_value_metadata: facts } = metadata;
  if (schema.some(({ num_children: children = 0 }) => children < 0 || children >= schema.length)) {
    throw new ParquetError("damaged", "its schema is damaged");
  }
  markGeoColumns(schema, facts);
  return metadata;
}
