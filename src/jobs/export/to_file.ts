/** An export to one file, which has its name when it is whole; killed before, the same call goes on. */
import { z } from "zod";
import type { Client } from "../../client/types.ts";
import { fileInfo, join, realPath, removeFile, renameFile } from "../../runtime/files/files.ts";
import { openResumable } from "../../runtime/files/resumable_file.ts";
import { syncFile } from "../../runtime/files/stored_files.ts";
import { changedNotes } from "../../streams/table/changed_notes.ts";
import { writeBehind } from "../../streams/write_behind.ts";
import { lockOutput } from "../../storage/lock.ts";
import type { Storage } from "../../storage/storage.ts";
import { proveWritable } from "../../runtime/files/writable.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";
import type { DayRange } from "./days.ts";
import { type FetchSettings, fetchSlices } from "./fetch_slices.ts";
import { checkSameExport, type ManifestOutput } from "./manifest.ts";
import { isWrittenAtOnce, type OutputFormat } from "./output_format.ts";
import { type ExportQuery, queryFingerprint, type RecordedQuery, recordedQuery } from "./query.ts";
import { isStoredSo, rendered, type RenderOptions, WHOLE_FILE } from "./render.ts";
import type { LookAtSlice } from "./slice_look.ts";
import { Spool, type SpooledSlice } from "./spool.ts";
import type { ExportSummary } from "./summary.ts";
import { noteRenamed } from "./table_columns.ts";
import { TablePass } from "./table_pass.ts";
import { removeLeftovers } from "../leftovers.ts";
import { localState, readState, type StateFormat, type StatePlace, writeState } from "../state_file.ts";
import { storedTarget } from "../target.ts";
import { makeStateFolder } from "../target_address.ts";

const LONG_JOB_MS = 10_000;
const SAVE_MS = 2000;

export interface FileExport extends FetchSettings {
  /** Where the file goes, and its path there. */
  storage: Storage;
  path: string;
  /** Where what is not written yet is kept. */
  stateFolder: string;
  /** The user's own folder for the locks of files. */
  locksFolder: string;
  output: OutputFormat;
  /** Forgets what an interrupted run has left. */
  restart?: boolean;
}

/** How far the file is: the days up to `through` are in the first `bytes` of its content. */
interface Written {
  query: RecordedQuery;
  output: ManifestOutput;
  through?: string;
  bytes: number;
  /** What these days have brought, so that the summary counts the file and not the run. */
  counted: { events: number; bytes: number; duplicates: number };
}

const WRITTEN: StateFormat<Written> = {
  marker: "mp_export",
  version: 1,
  hint: "finish it with the command that began it, or start over with --restart",
  code: "bad_manifest",
  schema: () =>
    z.object({
      query: z.looseObject({}),
      output: z.looseObject({}),
      through: z.string().optional(),
      bytes: z.int(),
      counted: z.object({ events: z.int(), bytes: z.int(), duplicates: z.int() }),
    }),
};

/**
 * Exports to a file. Until it is whole, what there is lies in the state folder beside it: slices that have been fetched,
 * and the content as far as it goes.
 *
 * @throws MpError (input) when the file cannot be written or another export to it was interrupted, (failure) when another
 * program is writing it, and the cause when days are missing.
 */
export async function exportToFile(client: Client, query: ExportQuery, job: FileExport): Promise<ExportSummary> {
  const address = job.storage.addressOf(job.path);
  // A path that cannot be written costs no request.
  if (job.storage.folder !== undefined) await proveWritable(address);
  const lock = await lockOutput(job.storage, job.locksFolder, { path: job.path, note: job.note });
  const file = new FileJob(client, query, job);
  try {
    await makeStateFolder(job.storage, job.stateFolder, address);
    const summary = await file.run();
    await removeLeftovers(job.stateFolder, job.note);
    return summary;
  } catch (error) {
    if (file.hasNothing) await removeLeftovers(job.stateFolder, job.note);
    throw error;
  } finally {
    await lock.release();
  }
}

class FileJob {
  readonly #client: Client;
  readonly #query: ExportQuery;
  readonly #job: FileExport;
  readonly #state: StatePlace;
  #spool: Spool | undefined;
  #written: Written;
  #lastDay: string;
  #openDay: string | undefined;
  readonly #startedMs: number;
  #savedMs: number;
  /** Slices that are in the content, which may not be on the disk yet. */
  #appended: SpooledSlice[] = [];
  readonly #done = { events: 0, bytes: 0, duplicates: 0, requests: 0 };

  constructor(client: Client, query: ExportQuery, job: FileExport) {
    this.#client = client;
    this.#query = query;
    this.#job = job;
    this.#state = localState(join(job.stateFolder, "state.json"));
    const output: ManifestOutput = { ...job.output, split: "none", hive: false };
    const counted = { events: 0, bytes: 0, duplicates: 0 };
    this.#written = { query: recordedQuery(client, query), output, bytes: 0, counted };
    this.#lastDay = query.to;
    this.#startedMs = this.#savedMs = job.clock.now();
  }

  /** Whether there is nothing to go on with. */
  get hasNothing(): boolean {
    return this.#spool !== undefined && this.#spool.slices.length === 0 && this.#written.bytes === 0;
  }

  async run(): Promise<ExportSummary> {
    const { stateFolder, output, storage, path } = this.#job;
    await this.#readState();
    const fingerprint = queryFingerprint(this.#written.query);
    this.#spool = await Spool.open(
      join(stateFolder, "spool"),
      fingerprint,
      isStoredSo("plain", output) ? "plain" : "gzip",
    );
    // Events that nobody takes would have been fetched for nothing.
    await storage.probe?.(path);
    if (isWrittenAtOnce(output)) await this.#makeTable();
    else if (storage.adopt !== undefined) await this.#append();
    else await this.#send();
    return {
      ...this.#done,
      files: 1,
      from: this.#query.from,
      to: this.#lastDay,
      elapsedMs: this.#job.clock.now() - this.#startedMs,
      openDay: this.#openDay,
    };
  }

  /** Slices go to the end of the content as their turn comes. */
  async #append(): Promise<void> {
    const content = join(this.#job.stateFolder, "content");
    const { through } = this.#written;
    const covered = through === undefined ? [] : [{ from: this.#query.from, to: through }];
    for (const slice of this.#spool!.slices) {
      if (through !== undefined && slice.from <= through) await this.#spool!.remove(slice);
    }
    for await (const slice of this.#slices(covered)) await this.#appendSlice(slice, content);
    const sink = await writingFile(content, openResumable(content, this.#written.bytes));
    // A long job is not to be lost by a power cut; a short one is quickly repeated.
    if (this.#job.clock.now() - this.#startedMs > LONG_JOB_MS) await writingFile(content, sink.sync());
    await writingFile(content, sink.close());
    const target = await realPath(this.#job.storage.addressOf(this.#job.path));
    await writingFile(this.#job.storage.addressOf(this.#job.path), renameFile(content, target));
  }

  async #appendSlice(slice: SpooledSlice, content: string): Promise<void> {
    const { output, storage, path } = this.#job;
    let { bytes } = this.#written;
    const isFirst = this.#written.through === undefined;
    const isMoved = isFirst && isStoredSo(slice.encoding, output);
    if (isMoved) {
      await writingFile(content, renameFile(slice.path, content));
      bytes = slice.storedBytes;
    } else {
      const sink = await writingFile(content, openResumable(content, bytes));
      try {
        await writeBehind(rendered([slice], output, { isFirst, isLast: false }, this.#told), async (piece) => {
          await writingFile(storage.addressOf(path), sink.write(piece));
          bytes += piece.length;
        }, { waitsForFull: true });
      } finally {
        await sink.close();
      }
    }
    this.#count(slice);
    const { requests: _, ...counted } = this.#done;
    this.#written = { ...this.#written, through: slice.to, bytes, counted };
    this.#appended.push(slice);
    const isLast = slice.to >= this.#lastDay;
    const isDue = isMoved || this.#job.clock.now() - this.#savedMs >= SAVE_MS;
    if (isDue && !isLast) await this.#keep(content);
  }

  /** After a power cut the state says nothing of the content that is not there; what it does not say is in the spool. */
  async #keep(content: string): Promise<void> {
    await writingFile(content, syncFile(content));
    await this.#saveState();
    this.#savedMs = this.#job.clock.now();
    for (const slice of this.#appended.splice(0)) await this.#spool!.remove(slice);
  }

  /** The file is sent at the end, from slices that are all there. */
  async #send(): Promise<void> {
    const { output, storage, path } = this.#job;
    const slices: SpooledSlice[] = [];
    await this.#saveState();
    for await (const slice of this.#slices([])) slices.push(slice);
    await storedTarget(storage, path).take(rendered(slices, output, WHOLE_FILE, this.#told));
    for (const slice of slices) this.#count(slice);
  }

  /** The table is made of slices as they come, and gets its name when they are all there. */
  async #makeTable(): Promise<void> {
    const { output, stateFolder, storage, path, note } = this.#job;
    const pass = new TablePass(join(stateFolder, "content"), storage.addressOf(path), output, this.#told);
    await this.#saveState();
    try {
      for await (const slice of this.#slices([], pass.look)) await pass.take(slice);
      const table = await pass.end();
      if (table.found !== undefined) noteRenamed(table.found.columns, output, note);
      const isThere = table.path !== undefined && await storage.adopt?.(table.path, path);
      if (!isThere) await storedTarget(storage, path).take(table.bytes);
    } finally {
      await pass.close();
    }
    for (const slice of pass.slices) this.#count(slice);
  }

  #slices(covered: DayRange[], look?: LookAtSlice): AsyncIterable<SpooledSlice> {
    return fetchSlices(this.#client, this.#query, {
      ...this.#job,
      spool: this.#spool!,
      covered,
      look,
      inOrder: true,
      onShortened: (lastDay) => void (this.#lastDay = lastDay),
      onRequest: () => void this.#done.requests++,
    });
  }

  get #told(): RenderOptions {
    return {
      onDropped: (events, bytes) => {
        this.#done.duplicates += events;
        this.#done.events -= events;
        this.#done.bytes -= bytes;
      },
      onEncoded: (report) => changedNotes(report).forEach((line) => this.#job.note?.(line)),
    };
  }

  #count(slice: SpooledSlice): void {
    this.#done.events += slice.events;
    this.#done.bytes += slice.bytes;
    if (slice.isOpen) this.#openDay ??= slice.to;
  }

  async #readState(): Promise<void> {
    const { stateFolder, restart, storage, path } = this.#job;
    const before = restart ? undefined : await readState(this.#state, WRITTEN);
    if (before === undefined) {
      await removeFile(join(stateFolder, "spool"));
      await removeFile(join(stateFolder, "content"));
      return await this.#saveState();
    }
    checkSameExport(before, this.#written.query, this.#written.output, storage.addressOf(path), "file");
    const isThere = (await fileInfo(join(stateFolder, "content")))?.sizeBytes ?? 0;
    // Without its content the file has to be made from its beginning.
    if (isThere < before.bytes) return;
    this.#written = before;
    Object.assign(this.#done, before.counted);
  }

  #saveState(): Promise<void> {
    return writeState(this.#state, WRITTEN, this.#written);
  }
}
