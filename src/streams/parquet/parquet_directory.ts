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
import { concatenate } from "../chunks.ts";
import { CompactBytes, type CompactFields, type CompactValue, structureOf } from "./compact_bytes.ts";
import { ParquetError } from "./parquet_error.ts";
import type { ParquetSource } from "./parquet_pages.ts";

const MAGIC = "PAR1", ENCRYPTED_MAGIC = "PARE";

/** The directory of most files is shorter. */
const DIRECTORY_BYTES = 64 * 1024;
/** Behind the directory: its length in four bytes, and the magic word. */
const TRAILER_BYTES = 8;
/** Numbers of fields in the structures of the directory. */
const ROW_GROUPS = 4, COLUMNS = 1, TOTAL_BYTES = 2, ROWS = 3;
/** The number 0, and a list of no structures. */
const NO_ROWS = Uint8Array.of(0), NO_GROUPS = Uint8Array.of(0x0c);

/** @throws ParquetError when this is not Parquet, or damaged */
export async function metadataOf(file: ParquetSource): Promise<FileMetaData> {
  const { byteLength } = file;
  const tailStart = Math.max(0, byteLength - DIRECTORY_BYTES);
  const tail = await file.slice(tailStart, byteLength);
  const end = new TextDecoder("latin1").decode(tail.subarray(-MAGIC.length));
  if (end === ENCRYPTED_MAGIC) throw new ParquetError("unsupported", "it is encrypted");
  if (end !== MAGIC) throw new ParquetError("cut", `it does not end with ${MAGIC}, as Parquet does`);
  if (tail.length < TRAILER_BYTES) throw badDirectory();
  const trailer = tail.subarray(-TRAILER_BYTES);
  const start = byteLength - TRAILER_BYTES - new DataView(trailer.buffer, trailer.byteOffset).getUint32(0, true);
  if (start < 0) throw badDirectory();
  // A copy: it is held as long as there are columns that nobody has asked for.
  const directory = start >= tailStart
    ? tail.slice(start - tailStart)
    : concatenate([await file.slice(start, tailStart), tail]);
  let metadata: FileMetaData;
  try {
    metadata = parsedDirectory(directory);
  } catch (cause) {
    throw cause instanceof ParquetError ? cause : badDirectory(cause);
  }
  const { schema, key_value_metadata: facts } = metadata;
  if (schema.some(({ num_children: children = 0 }) => children < 0 || children >= schema.length)) {
    throw new ParquetError("damaged", "its schema is damaged");
  }
  // Only now: a negative number in the schema would never end.
  markGeoColumns(schema, facts);
  return metadata;
}

const badDirectory = (cause?: unknown) => new ParquetError("damaged", "its parts do not fit each other", { cause });

/** @param bytes from the directory up to the end of the file */
function parsedDirectory(bytes: Uint8Array): FileMetaData {
  const fields = new CompactBytes(bytes.subarray(0, -TRAILER_BYTES));
  const groups: RowGroup[] = [];
  const elements: SchemaElement[] = [];
  let rows = 0;
  /** All but what differs from file to file where they have the same columns. */
  const common: Uint8Array[] = [];
  let from = 0;
  fields.structure((field, type) => {
    const { at } = fields;
    if (field === ROWS) rows = fields.integer();
    else if (field === ROW_GROUPS) fields.list(() => groups.push(rowGroup(fields, elements)));
    else return fields.skipValue(type);
    common.push(bytes.subarray(from, at), field === ROWS ? NO_ROWS : NO_GROUPS);
    from = fields.at;
  });
  const metadata = commonMetadata(concatenate([...common, bytes.subarray(from, fields.at)]));
  elements.push(...metadata.schema.filter(({ type }) => type));
  return { ...metadata, num_rows: BigInt(rows), row_groups: groups, metadata_length: fields.bytes.length };
}

/** What was read last: the files of a lake mostly have the same columns. */
let last: { bytes: Uint8Array; metadata: FileMetaData } | undefined;

/** @param bytes a directory without rows */
function commonMetadata(bytes: Uint8Array): FileMetaData {
  if (last === undefined || !areEqual(last.bytes, bytes)) {
    const length = new Uint8Array(TRAILER_BYTES);
    new DataView(length.buffer).setUint32(0, bytes.length, true);
    length.set(new TextEncoder().encode(MAGIC), TRAILER_BYTES - MAGIC.length);
    last = { bytes, metadata: parquetMetadata(concatenate([bytes, length]), { geoparquet: false }) };
  }
  // Whoever reads the file says more of its columns.
  const schema = last.metadata.schema.map(({ logical_type: type, ...element }) => ({
    ...element,
    logical_type: type && { ...type },
  }));
  return { ...last.metadata, schema };
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

function rowGroup(fields: CompactBytes, elements: readonly SchemaElement[]): RowGroup {
  const group: RowGroup = { columns: [], total_byte_size: 0n, num_rows: 0n };
  fields.structure((field, type) => {
    if (field === COLUMNS) {
      fields.list(() => {
        group.columns.push(new DirectoryColumn(fields.bytes, fields.at, elements, group.columns.length));
        fields.skipStructure();
      });
    } else if (field === TOTAL_BYTES) group.total_byte_size = BigInt(fields.integer());
    else if (field === ROWS) group.num_rows = BigInt(fields.integer());
    else fields.skipValue(type);
  });
  return group;
}

/** A column of a row group, read when it is asked for. */
class DirectoryColumn implements ColumnChunk {
  #read: ColumnChunk | undefined;

  /**
   * @param directory has the column from `at` on
   * @param elements of all columns
   */
  constructor(
    private readonly directory: Uint8Array,
    private readonly at: number,
    private readonly elements: readonly SchemaElement[],
    private readonly index: number,
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
    try {
      return this.#read ??= columnChunk(new CompactBytes(this.directory, this.at).fields(), this.elements[this.index]);
    } catch (cause) {
      throw badDirectory(cause);
    }
  }
}

const decoder = new TextDecoder();

function columnChunk([, path, offset, data]: CompactFields, element: SchemaElement | undefined): ColumnChunk {
  return {
    file_path: path === undefined ? undefined : decoder.decode(path as Uint8Array),
    file_offset: BigInt(offset as number),
    meta_data: structureOf(data, (fields) => columnMetaData(fields, element)),
  };
}

function columnMetaData(fields: CompactFields, element: SchemaElement | undefined): ColumnMetaData {
  const [, type, encodings, path, codec, values, plainBytes, packedBytes, , page, , dictionary, stats] = fields;
  return {
    type: ParquetTypes[type as number]!,
    encodings: (encodings as number[]).map((encoding) => Encodings[encoding]!),
    path_in_schema: (path as Uint8Array[]).map((name) => decoder.decode(name)),
    codec: CompressionCodecs[codec as number]!,
    num_values: BigInt(values as number),
    total_uncompressed_size: BigInt(plainBytes as number),
    total_compressed_size: BigInt(packedBytes as number),
    data_page_offset: BigInt(page as number),
    dictionary_page_offset: dictionary === undefined ? undefined : BigInt(dictionary as number),
    statistics: element && structureOf(stats, (fields) => statistics(fields, element)),
  };
}

function statistics(
  [, , , nulls, , greatest, least]: CompactFields,
  element: SchemaElement,
): ColumnMetaData["statistics"] {
  const bound = (stored: CompactValue) => convertMetadata(stored as Uint8Array | undefined, element, DEFAULT_PARSERS);
  return {
    null_count: nulls === undefined ? undefined : BigInt(nulls as number),
    max_value: bound(greatest),
    min_value: bound(least),
  };
}
