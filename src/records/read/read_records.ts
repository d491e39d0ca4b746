/** The records of files and pipes, whatever their format and compression, in blocks. */
import { inputError, MpError } from "../../errors.ts";
import { decompressors } from "../../runtime/compression/decompressors.ts";
import { abortable } from "../../streams/abortable.ts";
import { countBytes } from "../../streams/counter.ts";
import { decompressIfCompressed } from "../../streams/gzip.ts";
import { JsonShapeError } from "../../streams/json/json_elements.ts";
import { Lines, lines } from "../../streams/lines.ts";
import type { PathColumn, RecordSource } from "./record_source.ts";
import { formatOf, HEAD_BYTES, type InputFormat } from "./formats.ts";
import { jsonValues } from "./read_json.ts";
import { type ParquetReadOptions, parquetValues } from "./read_parquet.ts";
import { columnNotTaken, columnTwice, type TableWarning } from "./column_warnings.ts";
import { addPathColumns, linesWithColumns } from "./path_columns.ts";
import { type ReadColumn, type RowReadOptions, rowValues } from "./read_rows.ts";
import { type RecordBlock, UnreadableRecord, type ValuesBlock } from "./record_block.ts";
import { readError, unreadableReason, type UnreadableSource } from "./unreadable_source.ts";

export interface ReadOptions
  extends Omit<RowReadOptions, "onColumns" | "onWarning">, Omit<ParquetReadOptions, "onNames" | "onWarning"> {
  /** Default: by the name and the first bytes of each source. */
  format?: InputFormat;
  /** Told about bytes as they are read, before decompression. */
  onBytes?(bytes: number): void;
  /** Told what the columns of a table were found to hold. */
  onColumns?(source: RecordSource, columns: readonly ReadColumn[]): void;
  /** Called with values of a table that are read otherwise than the others of their column. */
  onWarning?(source: RecordSource, warning: TableWarning): void;
  /**
   * Called with each source that a folder or a pattern has and that cannot be opened any more, and of how many records came
   * before it; the others are read. Without it, and where none can be opened, it is an error.
   */
  onUnreadable?(source: UnreadableSource, recordsBefore: number): void;
  signal?: AbortSignal;
}

/**
 * All records of all sources, in order. A block, and the memory behind its lines, is good until the next one is asked for.
 *
 * Memory holds the block, and the record that is being read; a record is at most 16 MiB.
 *
 * @throws MpError (input) for what cannot be read on: damaged compression, an unknown format, a header that cannot be
 * used, JSON whose brackets do not fit. Single records that cannot be read are `UnreadableRecord`s.
 */
export async function* readRecords(
  sources: readonly RecordSource[],
  options: ReadOptions = {},
): AsyncGenerator<RecordBlock, void> {
  let recordsBefore = 0;
  let failures = 0;
  for (const source of sources) {
    let read = 0;
    let unit = "record";
    try {
      for await (const block of sourceBlocks(source, options)) {
        if (block.kind === "lines") unit = "line";
        const count = block.kind === "lines" ? block.lines.length : block.values.length;
        yield { ...withTableColumns(block, source.tableColumns), source, recordsBefore };
        recordsBefore += count;
        read += count;
      }
    } catch (error) {
      const reason = source.isFound && read === 0 ? unreadableReason(error) : undefined;
      if (reason === undefined || options.onUnreadable === undefined || ++failures === sources.length) {
        throw sourceError(error, source, `${unit} ${read + 1}`);
      }
      options.onUnreadable({ source: source.name, reason }, recordsBefore);
    }
  }
}

const LINE_FEED = 0x0a;

type Unplaced<Block> = Block extends RecordBlock ? Omit<Block, "source" | "recordsBefore"> : never;

async function* sourceBlocks(
  source: RecordSource,
  options: ReadOptions,
): AsyncGenerator<Unplaced<RecordBlock>, void> {
  const { onBytes = () => {}, signal } = options;
  let counted = 0;
  const encoded = countBytes(abortable(source.open(), signal), (bytes) => {
    counted += bytes;
    onBytes(bytes);
  });
  const { head, isAll, whole, close } = await peek(decompressIfCompressed(encoded, decompressors));
  try {
    if (head.length === 0) return;
    const format = options.format ?? formatOf(source.name, head, isAll);
    const inPath: ColumnsInPath = { columns: source.columns ?? [], onWhole: wholeTeller(source, options) };
    switch (format) {
      case "jsonl":
        return yield* lineGroups(whole, inPath);
      case "csv":
      case "tsv":
        return yield* tableRows(source, whole, head, format, options);
      case "json":
        return yield* numbered(jsonValues(whole), inPath);
      case "parquet":
        return yield* numbered(
          parquetValues(source, whole, (bytes) => {
            // The beginning was read, and reported, when the format was found out.
            const again = Math.min(bytes, counted);
            counted -= again;
            onBytes(bytes - again);
          }, {
            ...options,
            onNames: (names) => options.onColumns?.(source, columnsOf(source, names)),
            onWarning: (warning) => options.onWarning?.(source, warning),
          }),
          inPath,
        );
    }
  } finally {
    await close();
  }
}

/** The columns of a file of Parquet, with those that its path and its table give. */
function columnsOf({ columns = [], tableColumns = {} }: RecordSource, names: readonly string[]): ReadColumn[] {
  const given = [...columns.map(({ name }) => name), ...Object.keys(tableColumns)];
  return [...new Set([...names, ...given])].map((name) => ({ name }));
}

/** The values with those of columns that the table has for all records of the file. */
function withTableColumns(block: Unplaced<RecordBlock>, columns: RecordSource["tableColumns"]): Unplaced<RecordBlock> {
  if (columns === undefined || block.kind === "lines") return block;
  const values = block.values.map((value) =>
    typeof value === "object" && value !== null && !(value instanceof UnreadableRecord)
      ? { ...value, ...columns }
      : value
  );
  return { ...block, values };
}

/** The columns of a path, for records that are rows. */
interface ColumnsInPath {
  columns: readonly PathColumn[];
  onWhole(): void;
}

/** Tells once that records do not take the columns of their path. */
function wholeTeller(source: RecordSource, options: ReadOptions): () => void {
  let isTold = false;
  return () => {
    if (!isTold) {
      for (const { name, value } of source.columns ?? []) options.onWarning?.(source, columnNotTaken(name, value));
    }
    isTold = true;
  };
}

/** The rows of a table with the columns that its path has. One that is in both is read from the table. */
async function* tableRows(
  source: RecordSource,
  whole: AsyncIterable<Uint8Array>,
  head: Uint8Array,
  format: "csv" | "tsv",
  options: ReadOptions,
): AsyncGenerator<Unplaced<RecordBlock>, void> {
  const { checkColumns } = options;
  let inPath = source.columns ?? [];
  const rows = rowValues(whole, source.name, head, format, {
    ...options,
    checkColumns(name, names) {
      for (const { name, value } of inPath) {
        if (names.includes(name)) options.onWarning?.(source, columnTwice(name, value));
      }
      inPath = inPath.filter(({ name }) => !names.includes(name));
      checkColumns?.(name, [...names, ...inPath.map(({ name }) => name)]);
    },
    onColumns(columns) {
      const more = inPath.map(({ name, value }): ReadColumn => ({
        name,
        kind: "text",
        first: { text: value, line: 1 },
      }));
      options.onColumns?.(source, [...columns, ...more]);
    },
    onWarning: (warning) => options.onWarning?.(source, warning),
  });
  for await (const { values, lineNumbers, fields, table } of rows) {
    // A row of a table is never whole in that sense.
    for (const value of values) addPathColumns(value, inPath, () => {});
    yield {
      kind: "values",
      values,
      lineNumbers,
      fields,
      table: inPath.length === 0 ? table : { ...table, in_path: inPath },
    };
  }
}

async function* lineGroups(
  bytes: AsyncIterable<Uint8Array>,
  { columns, onWhole }: ColumnsInPath,
): AsyncGenerator<Unplaced<RecordBlock>, void> {
  let firstLine = 1;
  for await (const block of lines(bytes)) {
    const found = firstLine === 1 ? withoutByteOrderMark(block) : block;
    yield { kind: "lines", firstLine, lines: columns.length === 0 ? found : linesWithColumns(found, columns, onWhole) };
    firstLine += block.length;
  }
}

async function* numbered(
  groups: AsyncIterable<Pick<ValuesBlock, "values" | "texts" | "columns">>,
  { columns, onWhole }: ColumnsInPath,
): AsyncGenerator<Unplaced<RecordBlock>, void> {
  let first = 1;
  for await (const { values, texts, columns: all } of groups) {
    const before = first;
    for (const value of values) addPathColumns(value, columns, onWhole);
    yield {
      kind: "values",
      values,
      lineNumbers: values.map((_, index) => before + index),
      numbered: "records",
      columns: all,
      // What the path has added is not in them.
      texts: columns.length === 0 ? texts : undefined,
    };
    first += values.length;
  }
}

/** The first bytes of a stream, up to the end of the first line that is not empty, and all of it with them. */
async function peek(source: AsyncIterable<Uint8Array>): Promise<{
  head: Uint8Array;
  isAll: boolean;
  whole: AsyncIterable<Uint8Array>;
  /** To be called at the end, because `whole` may never have been read. */
  close(): Promise<void>;
}> {
  const rest = source[Symbol.asyncIterator]();
  let head = new Uint8Array(0);
  let isAll = false;
  while (!isAll && head.length < HEAD_BYTES && !hasLine(head)) {
    const { done, value } = await rest.next();
    if (done) isAll = true;
    else {
      // Chunks may be views of memory that the next one uses again.
      const longer = new Uint8Array(head.length + value.length);
      longer.set(head);
      longer.set(value, head.length);
      head = longer;
    }
  }
  async function* whole(): AsyncGenerator<Uint8Array, void> {
    if (head.length > 0) yield head;
    if (!isAll) yield* { [Symbol.asyncIterator]: () => rest };
  }
  // What is told about the input must not depend on where it was cut.
  return {
    head: head.subarray(0, HEAD_BYTES),
    isAll: isAll && head.length <= HEAD_BYTES,
    whole: whole(),
    close: async () => void await rest.return?.(),
  };
}

/** Whether a line that is not empty has ended. */
function hasLine(bytes: Uint8Array): boolean {
  const from = hasByteOrderMark(bytes, 0) ? 3 : 0;
  const start = bytes.findIndex((byte, index) => index >= from && byte > 0x20);
  return start >= 0 && bytes.indexOf(LINE_FEED, start) >= 0;
}

function hasByteOrderMark(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}

function withoutByteOrderMark(block: Lines): Lines {
  const { bytes, ends, firstStart } = block;
  const hasMark = (ends[0] as number) >= firstStart + 3 && hasByteOrderMark(bytes, firstStart);
  return hasMark ? new Lines(bytes, ends, firstStart + 3) : block;
}

/** Says which source failed; errors that are about more than this source pass unchanged. */
function sourceError(error: unknown, source: RecordSource, place: string): unknown {
  if (error instanceof JsonShapeError) {
    return inputError(
      `Cannot read ${source.name}: ${error.message} (record ${error.record})`,
      "'jq empty FILE' shows where; --input-format says what it is",
      "bad_json",
    );
  }
  if (error instanceof MpError) {
    if (error.code === "record_too_long") {
      return inputError(error.message.replace(/^Cannot read/, `Cannot read ${source.name},`), error.hint, error.code);
    }
    if (error.code === "zstd_refused") {
      return inputError(error.message.replace("the input", source.name), error.hint, error.code);
    }
    if (error.code !== "bad_gzip" && error.code !== "bad_zstd") return error;
    const tool = error.code === "bad_gzip" ? "gzip" : "zstd";
    return inputError(
      `${error.message.replace("the input", source.name)} (${place} or after)`,
      `'${tool} -t FILE' checks it; copy it again from where it was made`,
      error.code,
    );
  }
  return readError(source.name, error);
}
