/** Makes a table of events while they come: they are read once, unless the last of them say that it has other columns. */
import { gunzipViews } from "../../runtime/compression/gzip.ts";
import { unzstd } from "../../runtime/compression/zstd.ts";
import { readFileViews } from "../../runtime/files/file_views.ts";
import { columnFinder } from "../../streams/table/columns.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import { compressed } from "../profiles/record_form.ts";
import type { OutputFormat } from "./output_format.ts";
import { linesOfEach, rendered, type RenderOptions, WHOLE_FILE } from "./render.ts";
import type { LookAtSlice } from "./slice_look.ts";
import type { SpooledSlice } from "./spool.ts";
import { columnsOfFile, knownColumns } from "./table_columns.ts";
import { TableWriter } from "./table_writer.ts";
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
  readonly #path: string;
  readonly #shown: string;
  readonly #output: OutputFormat;
  readonly #options: RenderOptions;
  readonly #slices: SpooledSlice[] = [];
  #finder = columnFinder("event");
  #writer: TableWriter | undefined;
  #dropped = { events: 0, bytes: 0 };
  /** The slice that was taken while it was fetched. */
  #looked: SpooledSlice | undefined;
  /** Whether a try has failed that was taken in part. All slices are taken from the spool from then on. */
  #hasFailed = false;
  /** Whether what was taken is not what there is, so that it has to be taken again. */
  #isSpoiled = false;

  /**
   * @param path of a file for what is written meanwhile
   * @param shown how that is called in messages
   */
  constructor(path: string, shown: string, output: OutputFormat, options: RenderOptions) {
    this.#path = path;
    this.#shown = shown;
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
      } catch {
        // expected: a line that is no event, or a full disk: it comes again when the slice is taken from the spool
        this.#hasFailed = this.#isSpoiled = true;
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
    if (this.#isSpoiled) await this.#takeAnew();
    else if (slice !== this.#looked) await this.#takeSpooled(slice);
  }

  /** After the last slice. */
  async end(): Promise<MadeTable> {
    if (this.#isSpoiled) await this.#takeAnew();
    const writer = await this.#open();
    const found = knownColumns(this.#output) === undefined ? columnsOfFile(this.#finder, this.#output) : undefined;
    const end = await writer.end(found?.columns);
    this.#writer = undefined;
    const { events, bytes } = this.#dropped;
    if (events > 0) this.#options.onDropped?.(events, bytes);
    if (end === undefined) {
      const { onEncoded } = this.#options;
      return { bytes: rendered(this.#slices, this.#output, WHOLE_FILE, { schema: found, onEncoded }), found };
    }
    this.#options.onEncoded?.(writer.report);
    const written = () => readFileViews(this.#path);
    if (end.fix === undefined) return { path: this.#path, bytes: written(), found };
    const { compression } = this.#output;
    const plain = compression === "gzip" ? gunzipViews : compression === "zstd" ? unzstd : undefined;
    return { bytes: compressed(end.fix(plain?.(written()) ?? written()), compression), found };
  }

  /** Ends what is under way, whatever has happened. */
  async close(): Promise<void> {
    await this.#writer?.leave();
    this.#writer = undefined;
  }

  async #open(): Promise<TableWriter> {
    const columns = () => columnsOfFile(this.#finder, this.#output).columns;
    return this.#writer ??= await TableWriter.open(this.#path, this.#shown, this.#output, this.#finder, columns);
  }

  async #takeAnew(): Promise<void> {
    await this.close();
    this.#isSpoiled = false;
    this.#finder = columnFinder("event");
    this.#dropped = { events: 0, bytes: 0 };
    for (const slice of this.#slices) await this.#takeSpooled(slice);
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
