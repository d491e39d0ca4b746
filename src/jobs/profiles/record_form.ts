/** How records are written: their format, and how that is compressed. */
import { MpError } from "../../errors.ts";
import { gzip } from "../../runtime/compression/compressed_body.ts";
import { gzipped } from "../../runtime/compression/gzip_writer.ts";
import { zstd } from "../../runtime/compression/zstd.ts";
import { concatenate } from "../../streams/chunks.ts";
import { chosenColumns } from "../../streams/table/chosen_columns.ts";
import type { Column, EncodingReport } from "../../streams/table/record_encoder.ts";
import type { RecordLayout } from "../../streams/table/record_layout.ts";
import { recordEncoder } from "../../streams/table/record_formats.ts";
import { MisfitError } from "../../streams/table/record_misfit.ts";
import type { Compression, ExportFormat } from "../export/output_format.ts";

export interface RecordForm {
  /** `json` is one list of all records. */
  format: ExportFormat | "json";
  compression: Compression;
  /** Names of columns, for those who want only these; otherwise all that occur. */
  columns?: readonly string[];
  /** Of CSV and TSV: begins with a byte order mark. */
  bom?: boolean;
}

/** Whether all records have to be seen before the first can be written. */
export function needsAllRecords({ format, columns }: RecordForm): boolean {
  return format === "parquet" || ((format === "csv" || format === "tsv") && columns === undefined);
}

/**
 * Records in their form. Each piece of `source` is whole lines.
 *
 * @param found the columns, for a form that needs all records
 * @param onEncoded told at the end of a table what was not written as it came
 */
export function inForm(
  source: AsyncIterable<Uint8Array>,
  form: RecordForm,
  layout: RecordLayout,
  found: readonly Column[] = [],
  onEncoded?: (report: EncodingReport) => void,
): AsyncIterable<Uint8Array> {
  return compressed(formatted(source, form, layout, found, onEncoded), form.compression);
}

/** A piece of a file, compressed for itself: a file of several such pieces is read as one. */
export async function compressedPiece(bytes: Uint8Array, compression: Compression): Promise<Uint8Array> {
  if (compression === "none") return bytes;
  if (compression === "gzip") return await gzip(bytes);
  const frame: Uint8Array[] = [];
  for await (const chunk of zstd(once(bytes))) frame.push(chunk);
  return concatenate(frame);
}

async function* formatted(
  source: AsyncIterable<Uint8Array>,
  { format, columns: chosen, bom }: RecordForm,
  layout: RecordLayout,
  found: readonly Column[],
  onEncoded: ((report: EncodingReport) => void) | undefined,
): AsyncGenerator<Uint8Array, void> {
  if (format === "jsonl") return yield* source;
  if (format === "json") return yield* listOf(source);
  const columns = chosen === undefined ? found : chosenColumns(layout, chosen, found);
  // Where nothing came and nothing was chosen, a header would be an empty line.
  if (columns.length === 0 && format !== "parquet") return;
  const encoder = await recordEncoder(format, columns, layout, { isSelection: chosen !== undefined, bom });
  try {
    yield encoder.begin();
    for await (const lines of source) yield await encoder.encode(lines);
    yield await encoder.end();
    onEncoded?.(encoder.report);
  } catch (cause) {
    if (!(cause instanceof MisfitError)) throw cause;
    const details = { category: "failure", code: "misfit", hint: "export as JSON Lines", cause } as const;
    throw new MpError(`Cannot write a record: ${cause.message}`, details);
  }
}

const LINE_FEED = 10;
const COMMA = 44;
const encoder = new TextEncoder();

/** One list of all records: `[`, a record a line with a comma after each but the last, `]`. */
async function* listOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let before = "[\n";
  for await (const lines of source) {
    if (lines.length === 0) continue;
    const last = lines.length - 1;
    const piece = new Uint8Array(before.length + lines.length * 2);
    let to = encoder.encodeInto(before, piece).written;
    for (let at = 0; at < last; at++) {
      if (lines[at] === LINE_FEED) piece[to++] = COMMA;
      piece[to++] = lines[at] as number;
    }
    yield piece.subarray(0, to);
    before = ",\n";
  }
  yield encoder.encode(before === "[\n" ? "[]\n" : "\n]\n");
}

/** Compressors are done with a piece when they ask for the next. */
export function compressed(source: AsyncIterable<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array> {
  if (compression === "gzip") return gzipped(source);
  return compression === "zstd" ? zstd(source) : source;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(bytes);
}
