/** Loads the events of a day into a table, from the slices that have them. */
import { Attempts, Failed, type RetryRule } from "../../../client/attempts.ts";
import { MpError } from "../../../errors.ts";
import type { Clock } from "../../../runtime/clock.ts";
import { checksum } from "../../../runtime/checksum.ts";
import { concatenate } from "../../../streams/chunks.ts";
import type { EncodingReport } from "../../../streams/table/record_encoder.ts";
import { recordEncoder } from "../../../streams/table/record_formats.ts";
import type { TableSchema } from "../../../streams/table/table_schema.ts";
import type { OutputFormat } from "../output_format.ts";
import { encodedBlock, encoderOptions, linesOfEach } from "../render.ts";
import type { SpooledSlice } from "../spool.ts";
import { wholeLines } from "../whole_lines.ts";
import type { FileContent, WriteContentOptions } from "../write_content.ts";
import type { RowPiece, TableDays } from "./table_days.ts";

/** Of JSON Lines, in one INSERT: a few megabytes of Parquet. */
const PIECE_BYTES = 32 * 1024 * 1024;

const LINE_FEED = 10;

/** What was begun is begun again from the first row, since it is not known what of it has arrived. */
const RULE: RetryRule = {
  matches: ({ category }) => category === "network" || category === "server" || category === "rate_limited",
  attempts: 4,
  backoff: { firstMs: 1000, mostMs: 30_000, jitter: 0.5 },
};

export interface DayLoad {
  days: TableDays;
  clock: Clock;
  signal?: AbortSignal;
}

/** The size of the content is the number of its rows, and its checksum that of the pieces. */
export async function loadDay(
  { days, clock, signal }: DayLoad,
  day: string,
  slices: readonly SpooledSlice[],
  output: OutputFormat,
  options: WriteContentOptions & { schema: TableSchema },
): Promise<FileContent> {
  const { schema, isThere } = options;
  await days.prepare(schema);
  const attempts = new Attempts({ rules: [RULE], clock, signal });
  return await attempts.run(async () => {
    const sum = checksum();
    const reports: EncodingReport[] = [];
    const dropped: [events: number, bytes: number][] = [];
    const lines = linesOfEach(slices, output, (...one) => void dropped.push(one));
    const pieces = piecesOf(lines, output, schema, { onBytes: sum.update, onEncoded: (one) => void reports.push(one) });
    try {
      const rows = await days.write(day, schema, pieces);
      const content = { bytes: rows, crc32: sum.hex() };
      if (!isThere(content)) await days.replace(day, rows);
      for (const report of reports) options.onEncoded?.(report);
      for (const one of dropped) options.onDropped?.(...one);
      return content;
    } catch (error) {
      if (!(error instanceof MpError)) throw error;
      return new Failed(error, "the engine failed");
    }
  });
}

/** Parquet files of so many lines that each fits the memory. */
async function* piecesOf(
  lines: AsyncIterable<Uint8Array>,
  output: OutputFormat,
  { columns, rest }: TableSchema,
  { onBytes, onEncoded }: { onBytes(bytes: Uint8Array): void; onEncoded(report: EncodingReport): void },
): AsyncGenerator<RowPiece, void> {
  const begin = async () => {
    const encoder = await recordEncoder("parquet", columns, "event", encoderOptions(output, rest));
    return { encoder, chunks: [encoder.begin().slice()], rows: 0, taken: 0 };
  };
  const end = async ({ encoder, chunks, rows }: Awaited<ReturnType<typeof begin>>): Promise<RowPiece> => {
    const bytes = concatenate([...chunks, (await encoder.end()).slice()]);
    onBytes(bytes);
    onEncoded(encoder.report);
    return { bytes, rows };
  };
  let piece: Awaited<ReturnType<typeof begin>> | undefined;
  let blocks = 0;
  for await (const block of wholeLines(lines)) {
    piece ??= await begin();
    piece.chunks.push((await encodedBlock(piece.encoder, block, ++blocks)).slice());
    piece.rows += lineFeeds(block);
    piece.taken += block.length;
    if (piece.taken < PIECE_BYTES) continue;
    yield await end(piece);
    piece = undefined;
  }
  if (piece !== undefined) yield await end(piece);
}

function lineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}
