/** The records of files and pipes, whatever their format and compression, in blocks. */
import { inputError, MpError } from "../../errors.ts";
import { decompressors } from "../../runtime/compression/decompressors.ts";
import { abortable } from "../../streams/abortable.ts";
import { countBytes } from "../../streams/counter.ts";
import { decompressIfCompressed } from "../../streams/gzip.ts";
import { JsonShapeError } from "../../streams/json/json_elements.ts";
import { Lines, lines } from "../../streams/lines.ts";
import type { RecordSource } from "./record_source.ts";
import { formatOf, HEAD_BYTES, type InputFormat } from "./formats.ts";
import { jsonValues } from "./read_json.ts";
import { parquetValues } from "./read_parquet.ts";
import { type RowReadOptions, rowValues } from "./read_rows.ts";
import { type RecordBlock, UnreadableRecord } from "./record_block.ts";
import { readError, unreadableReason, type UnreadableSource } from "./unreadable_source.ts";

export interface ReadOptions extends Omit<RowReadOptions, "onColumns"> {
  /** Default: by the name and the first bytes of each source. */
  format?: InputFormat;
  /** Told about bytes as they are read, before decompression. */
  onBytes?(bytes: number): void;
  /** Told what the columns of a table were found to hold. */
  onColumns?(source: RecordSource, kinds: Readonly<Record<string, string>>): void;
  /**
   * Told of each source that a folder or a pattern has and that cannot be opened any more, and of how many records came
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
        yield { ...withColumns(block, source.columns), source, recordsBefore };
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
    switch (format) {
      case "jsonl":
        return yield* lineGroups(whole);
      case "csv":
      case "tsv": {
        const onColumns = (kinds: Readonly<Record<string, string>>) => options.onColumns?.(source, kinds);
        for await (const rows of rowValues(whole, source.name, head, format, { ...options, onColumns })) {
          yield { kind: "values", ...rows };
        }
        return;
      }
      case "json":
        return yield* numbered(jsonValues(whole));
      case "parquet":
        return yield* numbered(parquetValues(source, whole, (bytes) => {
          // The beginning was read, and told of, when the format was found out.
          const again = Math.min(bytes, counted);
          counted -= again;
          onBytes(bytes - again);
        }, signal));
    }
  } finally {
    await close();
  }
}

/** The values with those of columns that the source knows beside its bytes. */
function withColumns(block: Unplaced<RecordBlock>, columns: RecordSource["columns"]): Unplaced<RecordBlock> {
  if (columns === undefined || block.kind === "lines") return block;
  const values = block.values.map((value) =>
    typeof value === "object" && value !== null && !(value instanceof UnreadableRecord)
      ? { ...value, ...columns }
      : value
  );
  return { ...block, values };
}

async function* lineGroups(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Unplaced<RecordBlock>, void> {
  let firstLine = 1;
  for await (const block of lines(bytes)) {
    yield { kind: "lines", firstLine, lines: firstLine === 1 ? withoutByteOrderMark(block) : block };
    firstLine += block.length;
  }
}

async function* numbered(groups: AsyncIterable<unknown[]>): AsyncGenerator<Unplaced<RecordBlock>, void> {
  let first = 1;
  for await (const values of groups) {
    const before = first;
    yield { kind: "values", values, lineNumbers: values.map((_, index) => before + index), numbered: "records" };
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
  const start = bytes.findIndex((byte) => byte > 0x20);
  return start >= 0 && bytes.indexOf(LINE_FEED, start) >= 0;
}

function withoutByteOrderMark(block: Lines): Lines {
  const { bytes, ends, firstStart } = block;
  const hasMark = (ends[0] as number) >= firstStart + 3 && bytes[firstStart] === 0xef &&
    bytes[firstStart + 1] === 0xbb &&
    bytes[firstStart + 2] === 0xbf;
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
