/** Rows of Parquet files as records. */
import { MpError } from "../../errors.ts";
import { collector, freeMemory } from "../../runtime/compression/free_memory.ts";
import { writeFault } from "../../runtime/files/file_faults.ts";
import { join, makeTemporaryFolder, openSink, removeFile } from "../../runtime/files/files.ts";
import { readFileRange } from "../../runtime/files/file_ranges.ts";
import { stringifyJson } from "../../streams/json/json.ts";
import { jsonWithBytes } from "../../streams/shown_bytes.ts";
import type { ParquetFault } from "../../streams/parquet/parquet_error.ts";
import type { ParquetSource } from "../../streams/parquet/parquet_pages.ts";
import {
  bytesColumn,
  coarseColumn,
  durationColumn,
  indexColumn,
  mapKeyTwice,
  notFinite,
  type TableWarning,
} from "./column_warnings.ts";
import { UnreadableRecord } from "./record_block.ts";
import type { RecordSource } from "./record_source.ts";

/** Some rows, and the names of all columns. */
export interface ParquetRows {
  values: unknown[];
  columns: readonly string[];
}

export interface ParquetReadOptions {
  /** Columns whose bytes are text, though the file does not say so. */
  stringColumns?: ReadonlySet<string>;
  /** Columns that are read as times, and those that are ids or texts whatever they hold. */
  timeColumns?: ReadonlySet<string>;
  textColumns?: ReadonlySet<string>;
  /** Whether nothing becomes of a column, so that nothing is to be said of it. */
  isLeftOut?(column: string): boolean;
  /** Told the names of the columns before the first record: records lack those that are null in them. */
  onNames?(names: readonly string[]): void;
  /** Called with columns and values that JSON cannot tell as they are. */
  onWarning?(warning: TableWarning): void;
  signal?: AbortSignal;
}

/**
 * The rows of a file, in groups. What has no random access, a pipe or a compressed file, is written to a temporary file
 * first, because Parquet has its directory at its end.
 *
 * @param bytes of the source, decompressed
 * @param onRead told about bytes that are read in another way
 */
export async function* parquetValues(
  source: RecordSource,
  bytes: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void,
  options: ParquetReadOptions = {},
): AsyncGenerator<ParquetRows, void> {
  const { name, slice, sizeBytes, tableColumns } = source;
  // Tables declare their texts, and one of their files may have none.
  const binaryAsHex = tableColumns !== undefined;
  if (slice !== undefined && sizeBytes !== undefined && await isParquet(slice)) {
    const read = (start: number, end = sizeBytes) => {
      onRead(end - start);
      return slice(start, end);
    };
    return yield* rows(name, { byteLength: sizeBytes, slice: read, free: freeMemory }, binaryAsHex, options);
  }
  const folder = await makeTemporaryFolder("mp-parquet-");
  try {
    const path = join(folder, "input.parquet");
    const byteLength = await keep(bytes, path, name);
    const read = (start: number, end = byteLength) => readFileRange(path, start, end);
    yield* rows(name, { byteLength, slice: read, free: freeMemory }, binaryAsHex, options);
  } finally {
    await removeFile(folder);
  }
}

/** Writes everything to a file; how much it was. */
async function keep(bytes: AsyncIterable<Uint8Array>, path: string, name: string): Promise<number> {
  const sink = await openSink(path, { mode: 0o600 });
  let length = 0;
  try {
    for await (const chunk of bytes) {
      length += chunk.length;
      await sink.write(chunk).catch((cause) => {
        throw new MpError(`Cannot keep ${name} in the temporary folder: ${writeFault(cause)}`, {
          category: "failure",
          code: "unwritable_file",
          hint: "Parquet is read from its end: name the file instead of a pipe, or set TMPDIR to a larger disk",
          cause,
        });
      });
    }
  } finally {
    await sink.close();
  }
  return length;
}

async function isParquet(slice: (start: number, end: number) => Promise<Uint8Array>): Promise<boolean> {
  return new TextDecoder().decode(await slice(0, 4)) === "PAR1";
}

async function* rows(
  name: string,
  file: ParquetSource,
  binaryAsHex: boolean,
  { signal, stringColumns, timeColumns, textColumns, isLeftOut = () => false, onNames, onWarning = () => {} }:
    ParquetReadOptions,
): AsyncGenerator<ParquetRows, void> {
  // Its libraries are large, and most inputs are not Parquet.
  const { parquetRecords, UnreadableRow } = await import("../../streams/parquet/parquet_records.ts");
  const { ParquetError } = await import("../../streams/parquet/parquet_error.ts");
  const collect = collector();
  let columns: readonly string[] = [];
  try {
    const records = parquetRecords(file, signal, {
      binaryAsHex,
      isText: (path) => stringColumns?.has(path) === true,
      onColumns(names, odd) {
        columns = names;
        onNames?.(names);
        for (const column of names) if (INDEX.test(column) && !isLeftOut(column)) onWarning(indexColumn(column));
        for (const { path, kind } of odd) {
          const isTime = timeColumns?.has(path) === true;
          const isField = isTime || textColumns?.has(path) === true;
          if (kind === "single" ? !isField : !isField && isLeftOut(topOf(path))) continue;
          if (kind === "single") onWarning(coarseColumn(path, isTime));
          else onWarning(kind === "bytes" ? bytesColumn(path) : durationColumn(path, kind));
        }
      },
      onNotFinite: (column, row, number) => isLeftOut(column) ? undefined : onWarning(notFinite(column, row, number)),
      onRepeatedKey: (column, row, key) => isLeftOut(column) ? undefined : onWarning(mapKeyTwice(column, row, key)),
    });
    for await (const batch of records) {
      const values = batch.map((row) => {
        if (!(row instanceof UnreadableRow)) return row;
        const text = jsonWithBytes(stringifyJson(row.record));
        return new UnreadableRecord(`the column ${JSON.stringify(row.column)} is not valid UTF-8`, undefined, text);
      });
      yield { values, columns };
      collect();
    }
  } catch (cause) {
    if (!(cause instanceof ParquetError)) throw cause;
    throw new MpError(`Cannot read ${name}: ${cause.message.replaceAll("\n", " ").slice(0, 200)}`, {
      category: "input",
      code: "bad_parquet",
      hint: HINTS[cause.fault],
      cause,
    });
  }
}

/** What pandas calls the index of a table that has no name. */
const INDEX = /^__index_level_\d+__$/;

const topOf = (path: string): string => path.split(".")[0] as string;

const HINTS: Readonly<Record<ParquetFault, string>> = {
  cut: "the file is cut off, or no Parquet: copy it again from where it was made",
  damaged: "the file is damaged: copy it again from where it was made",
  unsupported: "rewrite it with another tool: duckdb -c \"copy (from 'FILE') to 'NEW.parquet'\"",
};
