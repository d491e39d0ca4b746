/** Parquet files in memory. */
import type { Column } from "../../../src/streams/table/record_encoder.ts";
import type { RecordLayout } from "../../../src/streams/table/record_layout.ts";
import { parquetEncoder, type ParquetOptions } from "../../../src/streams/parquet/parquet_encoder.ts";
import type { ParquetSource } from "../../../src/streams/parquet/parquet_pages.ts";
import { parquetRecords } from "../../../src/streams/parquet/parquet_records.ts";
import { columnsIn, joined } from "../table/record_lines.ts";

/** The file of these lines, which come in blocks of about so many bytes. */
export async function parquetOf(
  lines: Uint8Array,
  options: Partial<ParquetOptions> & { layout?: RecordLayout; columns?: Column[]; blockBytes?: number } = {},
): Promise<Uint8Array> {
  const { layout = "event", columns = columnsIn(lines, layout), blockBytes = 100_000, ...rest } = options;
  const encoder = parquetEncoder(columns, layout, { isSelection: false, ...rest });
  const parts = [encoder.begin().slice()];
  for (let start = 0; start < lines.length;) {
    const end = lines.indexOf(10, Math.min(lines.length - 1, start + blockBytes)) + 1;
    parts.push((await encoder.encode(lines.subarray(start, end))).slice());
    start = end;
  }
  parts.push((await encoder.end()).slice());
  return joined(parts);
}

/** A file whose bytes are asked for in parts. */
export function sourceOf(file: Uint8Array): ParquetSource {
  return {
    byteLength: file.length,
    slice: (start, end) => Promise.resolve(file.slice(start, end)),
  };
}

export async function recordsIn(file: Uint8Array): Promise<Record<string, unknown>[]> {
  const records: Record<string, unknown>[] = [];
  for await (const batch of parquetRecords(sourceOf(file))) records.push(...batch as typeof records);
  return records;
}
