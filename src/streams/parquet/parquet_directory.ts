/**
 * The directory at the end of a Parquet file. Of its columns those are read that somebody asks for: tables have hundreds of
 * them, lakes have thousands of files, and a question needs three columns of each.
 */
import {
  type ColumnChunk,
  type ColumnMetaData,
  type FileMetaData,
  parquetMetadata,
  type RowGroup,
  type SchemaElement,
} from "hyparquet";
import { CompressionCodecs, Encodings, ParquetTypes } from "hyparquet/src/constants.js";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { markGeoColumns } from "hyparquet/src/geoparquet.js";
import { convertMetadata } from "hyparquet/src/metadata.js";
import { deserializeTCompactProtocol } from "hyparquet/src/thrift.js";
import { concatenate } from "../chunks.ts";
import { CompactBytes } from "./compact_bytes.ts";
import { ParquetError } from "./parquet_error.ts";
import type { ParquetSource } from "./parquet_pages.ts";

const MAGIC = "PAR1", ENCRYPTED_MAGIC = "PARE";

/** The directory of most files is shorter. */
const DIRECTORY_BYTES = 64 * 1024;
/** Behind the directory: its length in four bytes, and the magic word. */
const TRAILER_BYTES = 8;
/** Numbers of fields in the structures of the directory. */
const ROW_GROUPS = 4, COLUMNS = 1, TOTAL_BYTES = 2, ROWS = 3;
/** A list of no structures. */
const NO_GROUPS = Uint8Array.of(0x0c);

/** @throws ParquetError when this is not Parquet, or damaged */
export async function metadataOf(file: ParquetSource): Promise<FileMetaData> {
  const { byteLength } = file;
  const tailStart = Math.max(0, byteLength - DIRECTORY_BYTES);
  const tail = new Uint8Array(await file.slice(tailStart, byteLength));
  const end = new TextDecoder("latin1").decode(tail.subarray(-MAGIC.length));
  if (end === ENCRYPTED_MAGIC) throw new ParquetError("unsupported", "it is encrypted");
  if (end !== MAGIC) throw new ParquetError("cut", `it does not end with ${MAGIC}, as Parquet does`);
  if (tail.length < TRAILER_BYTES) throw misfit();
  const trailer = tail.subarray(-TRAILER_BYTES);
  const start = byteLength - TRAILER_BYTES - new DataView(trailer.buffer, trailer.byteOffset).getUint32(0, true);
  if (start < 0) throw misfit();
  const directory = start >= tailStart
    ? tail.subarray(start - tailStart)
    : concatenate([new Uint8Array(await file.slice(start, tailStart)), tail]);
  let metadata: FileMetaData;
  try {
    metadata = parsedDirectory(directory);
  } catch (cause) {
    throw cause instanceof ParquetError ? cause : misfit(cause);
  }
  const { schema, key_value_metadata: facts } = metadata;
  if (schema.some(({ num_children: children = 0 }) => children < 0 || children >= schema.length)) {
    throw new ParquetError("damaged", "its schema is damaged");
  }
  // Only now: a negative number in the schema would never end.
  markGeoColumns(schema, facts);
  return metadata;
}

const misfit = (cause?: unknown) => new ParquetError("damaged", "its parts do not fit each other", { cause });

/** @param bytes from the directory up to the end of the file */
function parsedDirectory(bytes: Uint8Array): FileMetaData {
  const fields = new CompactBytes(bytes.subarray(0, -TRAILER_BYTES));
  let start = 0, end = 0;
  fields.structure((field, type) => {
    if (field === ROW_GROUPS) start = fields.at;
    fields.skip(type);
    if (field === ROW_GROUPS) end = fields.at;
  });
  if (start === 0) throw misfit();
  const rest = concatenate([bytes.subarray(0, start), NO_GROUPS, bytes.subarray(end)]);
  new DataView(rest.buffer).setUint32(rest.length - TRAILER_BYTES, rest.length - TRAILER_BYTES, true);
  const metadata = parquetMetadata(rest, { geoparquet: false });
  const elements = metadata.schema.filter(({ type }) => type);
  fields.at = start;
  fields.list(() => metadata.row_groups.push(rowGroup(fields, elements)));
  return metadata;
}

function rowGroup(fields: CompactBytes, elements: readonly SchemaElement[]): RowGroup {
  const group: RowGroup = { columns: [], total_byte_size: 0n, num_rows: 0n };
  fields.structure((field, type) => {
    if (field === COLUMNS) {
      fields.list(() => {
        group.columns.push(new DirectoryColumn(fields.bytes, fields.at, elements[group.columns.length]));
        fields.skipStructure();
      });
    } else if (field === TOTAL_BYTES) group.total_byte_size = BigInt(fields.integer());
    else if (field === ROWS) group.num_rows = BigInt(fields.integer());
    else fields.skip(type);
  });
  return group;
}

/** A column of a row group, read when it is asked for. */
class DirectoryColumn implements ColumnChunk {
  #read: ColumnChunk | undefined;

  /**
   * @param directory has the column from `at` on
   * @param element undefined where the schema has no such column
   */
  constructor(
    private readonly directory: Uint8Array,
    private readonly at: number,
    private readonly element: SchemaElement | undefined,
  ) {}

  get file_path(): string | undefined {
    return this.#chunk().file_path;
  }

  get file_offset(): bigint {
    return this.#chunk().file_offset;
  }

  get meta_data(): ColumnMetaData | undefined {
    return this.#chunk().meta_data;
  }

  #chunk(): ColumnChunk {
    const { buffer, byteOffset, length } = this.directory;
    const view = new DataView(buffer, byteOffset, length);
    try {
      return this.#read ??= columnChunk(deserializeTCompactProtocol({ view, offset: this.at }), this.element);
    } catch (cause) {
      throw misfit(cause);
    }
  }
}

/** The fields of a structure by `field_` and their numbers. */
// deno-lint-ignore no-explicit-any -- what is in a file is of any type
type Fields = Record<string, any>;

const decoder = new TextDecoder();
const decoded = (bytes: Uint8Array | undefined) => bytes && decoder.decode(bytes);

function columnChunk(
  { field_1: path, field_2, field_3: data }: Fields,
  element: SchemaElement | undefined,
): ColumnChunk {
  return { file_path: decoded(path), file_offset: field_2, meta_data: data && columnMetaData(data, element) };
}

function columnMetaData(data: Fields, element: SchemaElement | undefined): ColumnMetaData {
  return {
    type: ParquetTypes[data.field_1]!,
    encodings: data.field_2?.map((encoding: number) => Encodings[encoding]),
    path_in_schema: data.field_3.map(decoded),
    codec: CompressionCodecs[data.field_4]!,
    num_values: data.field_5,
    total_uncompressed_size: data.field_6,
    total_compressed_size: data.field_7,
    data_page_offset: data.field_9,
    index_page_offset: data.field_10,
    dictionary_page_offset: data.field_11,
    statistics: data.field_12 && element && statistics(data.field_12, element),
  };
}

function statistics(stats: Fields, element: SchemaElement): ColumnMetaData["statistics"] {
  const bound = (stored: Uint8Array | undefined) => convertMetadata(stored, element, DEFAULT_PARSERS);
  return { null_count: stats.field_3, max_value: bound(stats.field_5), min_value: bound(stats.field_6) };
}
