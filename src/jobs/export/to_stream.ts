/** An export to standard output, or to whatever else takes bytes as they come. */
import type { Client } from "../../client/types.ts";
import { join, makeTemporaryFolder } from "../../runtime/files/files.ts";
import { writeBehind } from "../../streams/write_behind.ts";
import { removeLeftovers } from "../leftovers.ts";
import { DEFAULT_CONCURRENCY, type FetchSettings, fetchSlices } from "./fetch_slices.ts";
import { MissingDaysError } from "./missing_days.ts";
import { isWrittenAtOnce, type OutputFormat } from "./output_format.ts";
import type { ExportQuery } from "./query.ts";
import { rendered } from "./render.ts";
import { Spool } from "./spool.ts";
import type { ExportSummary } from "./summary.ts";
import { noteRenamed } from "./table_columns.ts";
import { TablePass } from "./table_pass.ts";
import { changedNotes } from "../../streams/table/changed_notes.ts";
import type { EncodingReport } from "../../streams/table/record_encoder.ts";

export interface StreamExport extends FetchSettings {
  output: OutputFormat;
  /** Must be done with the bytes when it returns. */
  print(bytes: Uint8Array): Promise<void>;
}

const HINT = "what was printed is not all; with -o FILE the same command continues where it stopped";

/**
 * Prints the events in the order of slices. The slice whose turn it is passes through as it comes; others are fetched
 * meanwhile into a temporary folder, and no more of them than there are requests at a time.
 *
 * @throws MpError when something is missing: what follows a gap is not printed. What `print` throws.
 */
export async function exportToStream(client: Client, query: ExportQuery, job: StreamExport): Promise<ExportSummary> {
  const folder = await makeTemporaryFolder("mp-export-");
  try {
    return await run(client, query, job, await Spool.open(folder, "", "gzip"));
  } catch (error) {
    if (error instanceof MissingDaysError) throw new MissingDaysError(error.missing, HINT);
    throw error;
  } finally {
    await removeLeftovers(folder, job.note);
  }
}

async function run(client: Client, query: ExportQuery, job: StreamExport, spool: Spool): Promise<ExportSummary> {
  const { output, print, clock, concurrency = DEFAULT_CONCURRENCY } = job;
  const startedMs = clock.now();
  const done = { events: 0, bytes: 0, duplicates: 0, requests: 0 };
  let to = query.to;
  const count = (slice: { events: number; bytes: number }) => {
    done.events += slice.events;
    done.bytes += slice.bytes;
  };
  const atOnce = isWrittenAtOnce(output);
  const passesThrough = output.format === "jsonl" && output.compression === "none" && !output.dedupe;
  const onDropped = (events: number, bytes: number) => {
    done.duplicates += events;
    done.events -= events;
    done.bytes -= bytes;
  };
  const onEncoded = (report: EncodingReport) => changedNotes(report).forEach((line) => job.note?.(line));
  const content = join(spool.folder, "content.part");
  const pass = new TablePass(content, content, output, { onDropped, onEncoded });
  let isFirst = true;
  const slices = fetchSlices(client, query, {
    ...job,
    spool,
    inOrder: true,
    isAllOrNothing: true,
    mostAhead: !atOnce ? concurrency + 1 : undefined,
    look: atOnce ? pass.look : undefined,
    live: passesThrough ? { print, onPrinted: count } : undefined,
    onShortened: (lastDay) => void (to = lastDay),
    onRequest: () => void done.requests++,
  });
  try {
    for await (const slice of slices) {
      count(slice);
      if (atOnce) {
        await pass.take(slice);
        continue;
      }
      const place = { isFirst, isLast: false };
      isFirst = false;
      await writeBehind(rendered([slice], output, place, { onDropped, onEncoded }), print);
      await spool.remove(slice);
    }
    if (atOnce) {
      const { bytes, found } = await pass.end();
      if (found !== undefined) noteRenamed(found.columns, output, job.note);
      await writeBehind(bytes, print);
    }
  } finally {
    await pass.close();
  }
  return { ...done, files: 0, from: query.from, to, elapsedMs: clock.now() - startedMs };
}
