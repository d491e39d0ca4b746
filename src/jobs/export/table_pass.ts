/** Makes a table of events while they come: they are read once, unless the last of them say that it has other columns. */
import { gunzipViews } from "../../runtime/compression/gzip.ts";
import { unzstd } from "../../runtime/compression/zstd.ts";
import { readFileViews } from "../../runtime/files/file_views.ts";
import { threadsAtOnce } from "../../runtime/worker.ts";
import { widenedRows } from "../../streams/csv/widened_rows.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import { compressed } from "../profiles/record_form.ts";
import type { OutputFormat } from "./output_format.ts";
import { linesOfEach, rendered, type RenderOptions, WHOLE_FILE } from "./render.ts";
import type { LookAtSlice } from "./slice_look.ts";
import type { SpooledSlice } from "./spool.ts";
import { ThreadFault } from "./lines_beside.ts";
import { TableBeside } from "./table_beside.ts";
import { type LinesToTable, type TableEnd, type TableFile, TableWriter } from "./table_writer.ts";
import { WholeLines, wholeLines } from "./whole_lines.ts";

export interface MadeTable {
  /** The file, where it lies on this machine as it has to be. */
  path?: string;
  /** All of it. A chunk is good until the next is asked for. */
  bytes: AsyncIterable<Uint8Array>;
  /** Columns that were found, where none were given. */
  found?: TableSchema;
}

/** Slices are taken in their order: while they are fetched, or from the spool. */
export class TablePass {
  readonly #file: TableFile;
  readonly #output: OutputFormat;
  readonly #options: RenderOptions;
  readonly #slices: SpooledSlice[] = [];
  #writer: LinesToTable | undefined;
  #dropped = { events: 0, bytes: 0 };
  /** The slice that was taken while it was fetched. */
  #looked: SpooledSlice | undefined;
  /** Whether a try has failed that was taken in part. All slices are taken from the spool from then on. */
  #hasFailed = false;
  /** Whether what was taken is not what there is, so that it has to be taken again. */
  #isSpoiled = false;
  /** Whether a thread writes the table: where there is a second core, as long as none has failed. */
  #isBeside = threadsAtOnce() > 1;

  /**
   * @param path of a file for what is written meanwhile
   * @param shown how that is called in messages
   */
  constructor(path: string, shown: string, output: OutputFormat, options: RenderOptions) {
    this.#file = { path, shown };
    this.#output = output;
    this.#options = options;
  }

  /** Those that were taken. */
  get slices(): readonly SpooledSlice[] {
    return this.#slices;
  }

  readonly look: LookAtSlice = (_slice, isNext) => {
    // Which events are there twice is known when all of a slice are there.
    if (!isNext || this.#hasFailed || this.#output.dedupe) return undefined;
    const lines = new WholeLines();
    let hasTaken = false;
    const take = async (blocks: Iterable<Uint8Array>) => {
      try {
        for (const block of blocks) {
          if (this.#isSpoiled) return;
          hasTaken = true;
          await (await this.#open()).take(block);
        }
      } catch (error) {
        // expected: a line that is no event, a full disk or a thread that fails: it comes again when the slice is taken from the spool
        this.#hasFailed = this.#isSpoiled = true;
        if (error instanceof ThreadFault) this.#isBeside = false;
      }
    };
    return {
      take: (chunk) => take(lines.take(chunk)),
      keep: async (slice) => {
        await take(lines.end());
        this.#looked = slice;
      },
      drop: () => {
        if (hasTaken) this.#hasFailed = this.#isSpoiled = true;
      },
    };
  };

  /** @throws MpError (failure) for an event that cannot be written, or a full disk. */
  async take(slice: SpooledSlice): Promise<void> {
    this.#slices.push(slice);
    if (!this.#isSpoiled && slice !== this.#looked) await this.#unlessThreadFails(() => this.#takeSpooled(slice));
    if (this.#isSpoiled) await this.#takeAnew();
  }

  /** After the last slice. */
  async end(): Promise<MadeTable> {
    let end: TableEnd | undefined;
    while (end === undefined) {
      if (this.#isSpoiled) await this.#takeAnew();
      await this.#unlessThreadFails(async () => end = await (await this.#open()).end());
    }
    this.#writer = undefined;
    const { events, bytes } = this.#dropped;
    if (events > 0) this.#options.onDropped?.(events, bytes);
    const { found, isUseless, widening, report } = end;
    if (isUseless) {
      const { onEncoded } = this.#options;
      return { bytes: rendered(this.#slices, this.#output, WHOLE_FILE, { schema: found, onEncoded }), found };
    }
    this.#options.onEncoded?.(report);
    const { path } = this.#file;
    const written = () => readFileViews(path);
    if (widening === undefined) return { path, bytes: written(), found };
    const { compression } = this.#output;
    const plain = compression === "gzip" ? gunzipViews : compression === "zstd" ? unzstd : undefined;
    return { bytes: compressed(widenedRows(plain?.(written()) ?? written(), widening), compression), found };
  }

  /** Ends what is under way, whatever has happened. */
  async close(): Promise<void> {
    await this.#writer?.leave();
    this.#writer = undefined;
  }

  async #open(): Promise<LinesToTable> {
    return this.#writer ??= this.#isBeside
      ? new TableBeside(this.#file, this.#output)
      : await TableWriter.open(this.#file, this.#output);
  }

  /** What a thread has failed to do is done without one, which then says what is wrong if it was not the thread. */
  async #unlessThreadFails(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ThreadFault)) throw error;
      this.#isBeside = false;
      this.#isSpoiled = true;
    }
  }

  async #takeAnew(): Promise<void> {
    while (this.#isSpoiled) {
      await this.close();
      this.#isSpoiled = false;
      this.#dropped = { events: 0, bytes: 0 };
      await this.#unlessThreadFails(async () => {
        for (const slice of this.#slices) await this.#takeSpooled(slice);
      });
    }
  }

  async #takeSpooled(slice: SpooledSlice): Promise<void> {
    const writer = await this.#open();
    const lines = linesOfEach([slice], this.#output, (events, bytes) => {
      this.#dropped.events += events;
      this.#dropped.bytes += bytes;
    });
    for await (const block of wholeLines(lines)) await writer.take(block);
  }
}
