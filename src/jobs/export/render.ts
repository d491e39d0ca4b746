/** From spooled slices to the bytes of the output. */
import { MpError } from "../../errors.ts";
import { readFileViews } from "../../runtime/files/file_views.ts";
import { gunzipViews } from "../../runtime/compression/gzip.ts";
import type { EncodingReport, RecordEncoder } from "../../streams/table/record_encoder.ts";
import { recordEncoder, type RecordEncoderOptions } from "../../streams/table/record_formats.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import { MisfitError } from "../../streams/table/record_misfit.ts";
import { compressed } from "../profiles/record_form.ts";
import { wholeLines } from "./whole_lines.ts";
import type { OutputFormat } from "./output_format.ts";
import { knownColumns } from "./table_columns.ts";
import type { SpooledSlice, SpoolEncoding } from "./spool.ts";
import { uniqueLines } from "./unique_lines.ts";

/** Where a piece of output stands in its file. */
export interface PlaceInFile {
  /** With what comes before the first event, such as the names of columns. */
  isFirst: boolean;
  /** With what comes after the last event. */
  isLast: boolean;
}

export const WHOLE_FILE: PlaceInFile = { isFirst: true, isLast: true };

export interface RenderOptions {
  /** The columns of a table, where they depend on the events. */
  schema?: TableSchema;
  /** Told at the end of a table what was not written as it came. */
  onEncoded?(report: EncodingReport): void;
  /** Told how many events, and of how many bytes, were left out because an earlier one has the same four keys. */
  onDropped?(events: number, bytes: number): void;
}

/** The uncompressed lines of a slice. A chunk is good until the next is asked for. */
export function linesOfSlice({ path, encoding }: Pick<SpooledSlice, "path" | "encoding">): AsyncIterable<Uint8Array> {
  return encoding === "gzip" ? gunzipViews(readFileViews(path)) : readFileViews(path);
}

/**
 * The bytes of slices, one after the other, each chunk good until the next is asked for. What is stored in the form that
 * is wanted passes through unread.
 */
export async function* rendered(
  slices: readonly SpooledSlice[],
  format: OutputFormat,
  place: PlaceInFile,
  options: RenderOptions = {},
): AsyncGenerator<Uint8Array, void> {
  if (slices.length > 0 && slices.every(({ encoding }) => isStoredSo(encoding, format))) {
    for (const { path } of slices) yield* readFileViews(path);
    return;
  }
  const lines = linesOfEach(slices, format, options.onDropped);
  yield* compressed(encoded(lines, format, place, options), format.compression);
}

/** The lines of slices, one after the other, as far as the output has them. A chunk is good until the next is asked for. */
export async function* linesOfEach(
  slices: readonly SpooledSlice[],
  { dedupe }: OutputFormat,
  onDropped: RenderOptions["onDropped"] = () => {},
): AsyncGenerator<Uint8Array, void> {
  for (const slice of slices) {
    yield* dedupe ? uniqueLines(() => linesOfSlice(slice), slice.path, onDropped) : linesOfSlice(slice);
  }
}

/** Whether a spool's encoding is the very form of the output. */
export function isStoredSo(encoding: SpoolEncoding, { format, compression, dedupe }: OutputFormat): boolean {
  return format === "jsonl" && !dedupe && encoding === (compression === "none" ? "plain" : compression);
}

/** Lines in the output's format, not compressed. */
export async function* encoded(
  lines: AsyncIterable<Uint8Array>,
  output: OutputFormat,
  { isFirst, isLast }: PlaceInFile,
  { schema, onEncoded }: RenderOptions,
): AsyncGenerator<Uint8Array, void> {
  const { format } = output;
  if (format === "jsonl") return yield* lines;
  const { columns, rest } = schema ?? knownColumns(output) as TableSchema;
  const encoder = await recordEncoder(format, columns, "event", encoderOptions(output, rest));
  if (isFirst) yield encoder.begin();
  let count = 0;
  for await (const block of wholeLines(lines)) {
    count++;
    yield await encodedBlock(encoder, block, count);
  }
  if (isLast) yield await encoder.end();
  onEncoded?.(encoder.report);
}

/** @param rest the name of the column of the rest */
export function encoderOptions({ columns, time, nullText, bom }: OutputFormat, rest?: string): RecordEncoderOptions {
  return { isSelection: columns !== undefined, rest, time, nullText, bom };
}

/** @throws MpError (failure) for an event that is not as it must be, in the block of this number. */
export async function encodedBlock(
  encoder: Pick<RecordEncoder, "encode">,
  block: Uint8Array,
  count: number,
): Promise<Uint8Array> {
  try {
    return await encoder.encode(block);
  } catch (cause) {
    if (!(cause instanceof MisfitError)) throw cause;
    throw new MpError(`Cannot write an event of block ${count}: ${cause.message}`, {
      category: "failure",
      code: "misfit",
      hint: "run the command again with --restart, or export as JSON Lines",
      cause,
    });
  }
}
