/** An export to a folder: a file for each day, week or month, and a manifest that says what is there. */
import type { Client } from "../../client/types.ts";
import { inputError } from "../../errors.ts";
import { checksum } from "../../runtime/checksum.ts";
import { join, removeFile } from "../../runtime/files.ts";
import { lockOutput } from "../storage/lock.ts";
import type { Storage } from "../storage/storage.ts";
import { byFirstDay, type DayRange, daysWithout } from "./days.ts";
import { fetchSlices, type FetchSlicesOptions } from "./fetch_slices.ts";
import { type FoundColumns, foundColumns } from "./found_columns.ts";
import {
  checkSameExport,
  type Manifest,
  MANIFEST_NAME,
  MANIFEST_VERSION,
  type ManifestFile,
  type ManifestOutput,
  readManifest,
  writeManifest,
} from "./manifest.ts";
import { MissingDaysError } from "./missing_days.ts";
import { extensionOf, needsAllColumns } from "./output_format.ts";
import { type ExportQuery, queryFingerprint, type RecordedQuery, recordedQuery } from "./query.ts";
import { rendered, WHOLE_FILE } from "./render.ts";
import type { ExportClock } from "./slice_tries.ts";
import { type FileNaming, pathPrefix, unitPath, unitsOf } from "./split.ts";
import { Spool, type SpooledSlice } from "./spool.ts";
import type { ExportSummary } from "./summary.ts";
import { makeStateFolder } from "./target.ts";

const BUCKET_SAVE_MS = 5000;

export interface FolderExport extends Pick<FetchSlicesOptions, "concurrency" | "sliceDays" | "progress" | "signal"> {
  storage: Storage;
  /** Where what is not written yet is kept: in the folder itself, or for a bucket somewhere on this machine. */
  stateFolder: string;
  /** The user's own folder for the locks of buckets. */
  locksFolder: string;
  output: ManifestOutput;
  clock: ExportClock;
  /** The program's name and version, for the manifest. */
  generator: string;
  /** Replaces an export of another kind that is in the folder. */
  restart?: boolean;
  /** Goes on from the manifest's last day. */
  sinceLast?: boolean;
  note?(line: string): void;
}

/**
 * Exports the days of the query that are not in the folder yet.
 *
 * @throws MpError (input) when the folder holds something else, (failure) when another program is writing it, and the
 * cause when days are missing; what is there then stays, and the same call goes on.
 */
export async function exportToFolder(client: Client, query: ExportQuery, job: FolderExport): Promise<ExportSummary> {
  const lock = await lockOutput(job.storage, job.locksFolder);
  try {
    await makeStateFolder(job.storage, job.stateFolder, job.stateFolder);
    const folder = new FolderJob(client, query, job);
    const summary = await folder.run();
    await removeFile(job.stateFolder).catch(() => {});
    return summary;
  } finally {
    await lock.release();
  }
}

class FolderJob {
  readonly #client: Client;
  readonly #query: ExportQuery;
  readonly #job: FolderExport;
  readonly #naming: FileNaming;
  readonly #recorded: RecordedQuery;
  #manifest!: Manifest;
  #spool!: Spool;
  #columns: FoundColumns | undefined;
  #lastDay: string;
  readonly #startedMs: number;
  #savedMs = -Infinity;
  /** Slices that wait for the rest of their file. */
  #waiting: SpooledSlice[] = [];
  #written = { events: 0, bytes: 0, files: 0, unchanged: 0, duplicates: 0, requests: 0 };

  constructor(client: Client, query: ExportQuery, job: FolderExport) {
    this.#client = client;
    this.#query = query;
    this.#job = job;
    this.#naming = { ...job.output, extension: extensionOf(job.output) };
    this.#recorded = recordedQuery(client, query);
    this.#lastDay = query.to;
    this.#startedMs = job.clock.now();
  }

  async run(): Promise<ExportSummary> {
    const { clock, concurrency, sliceDays, progress, signal, note, output } = this.#job;
    this.#manifest = await this.#openManifest();
    // Before any file is there, so that none is ever unknown.
    if (this.#manifest.files.length === 0) await this.#save();
    const fingerprint = `${queryFingerprint(this.#recorded)} ${output.split}`;
    this.#spool = await Spool.open(join(this.#job.stateFolder, "spool"), fingerprint, "gzip");
    const covered = await this.#covered();
    if (needsAllColumns(output)) this.#columns = foundColumns(this.#manifest.found_columns);
    const slices = fetchSlices(this.#client, this.#query, {
      spool: this.#spool,
      covered,
      split: output.split,
      clock,
      concurrency,
      sliceDays,
      progress,
      signal,
      note,
      onShortened: (lastDay) => void (this.#lastDay = lastDay),
      onRequest: () => void this.#written.requests++,
    });
    try {
      for await (const slice of slices) {
        this.#waiting.push(slice);
        if (this.#columns === undefined) await this.#writeCompleteUnits();
        else await this.#columns.observe(slice);
      }
      await this.#writeAll();
    } catch (error) {
      await this.#noteMissing(error);
      await this.#leaveNoTrace();
      throw error;
    }
    return await this.#complete();
  }

  async #openManifest(): Promise<Manifest> {
    const { storage, output, restart, sinceLast } = this.#job;
    const before = await readManifest(storage);
    if (before === undefined) {
      await this.#refuseStrangers();
      return this.#newManifest([]);
    }
    if (restart) return this.#newManifest(before.files.map(({ path }) => path).concat(before.stale ?? []));
    const { from_date, to_date } = before.query;
    // A range that grows is the point of --since-last, and the only difference that it makes.
    const range = sinceLast ? { from_date, to_date } : {};
    checkSameExport(before, { ...this.#recorded, ...range }, output, storage.address);
    const query = { ...this.#recorded, from_date, to_date: later(to_date, this.#recorded.to_date) };
    return { ...before, query: sinceLast ? query : this.#recorded, complete: false };
  }

  #newManifest(stale: string[]): Manifest {
    const now = this.#now();
    return {
      mp_export: MANIFEST_VERSION,
      generator: this.#job.generator,
      query: this.#recorded,
      output: this.#job.output,
      complete: false,
      created_at: now,
      updated_at: now,
      events: 0,
      files: [],
      stale: stale.length === 0 ? undefined : stale,
    };
  }

  /** Files that no manifest knows are not overwritten. */
  async #refuseStrangers(): Promise<void> {
    const { storage, output } = this.#job;
    const wanted = new Set(unitsOf(this.#query, output.split).map((unit) => unitPath(unit, this.#naming)));
    for await (const { path } of storage.list(pathPrefix(this.#naming))) {
      if (!wanted.has(path)) continue;
      throw inputError(
        `Cannot export to ${JSON.stringify(storage.address)}: it has ${JSON.stringify(path)}, which no manifest knows`,
        "choose another folder, or move the file away",
        "unknown_file",
      );
    }
  }

  /** The days that are there. A file that is gone, has another size, or was not over, is written again as a whole. */
  async #covered(): Promise<DayRange[]> {
    const { storage, sinceLast, output } = this.#job;
    const sizes = new Map<string, number>();
    for await (const { path, sizeBytes } of storage.list(pathPrefix(this.#naming))) sizes.set(path, sizeBytes);
    const isThere = ({ path, bytes }: ManifestFile) => sizes.get(path) === bytes;
    const there = new Map(this.#manifest.files.filter(isThere).map((file) => [file.path, file]));
    this.#manifest.files = [...there.values()];
    if (sinceLast) return [];
    return unitsOf(this.#query, output.split).filter((unit) => {
      const file = there.get(unitPath(unit, this.#naming));
      return file !== undefined && file.open === undefined && file.from <= unit.from && file.to >= unit.to;
    });
  }

  /** Writes the files all of whose days have come. */
  async #writeCompleteUnits(): Promise<void> {
    const range = { from: this.#query.from, to: this.#lastDay };
    for (const unit of unitsOf(this.#query, this.#job.output.split)) {
      const own = this.#waiting.filter(({ from, to }) => from >= unit.from && to <= unit.to);
      if (own.length === 0) continue;
      const needed = { from: unit.from, to: unit.to > range.to ? range.to : unit.to };
      if (daysWithout(needed, own).length === 0) await this.#write({ ...unit, to: needed.to }, own);
    }
  }

  async #writeAll(): Promise<void> {
    if (this.#columns !== undefined) {
      this.#manifest.found_columns = this.#columns.columns();
      await this.#save();
    }
    await this.#writeCompleteUnits();
  }

  async #write(unit: DayRange, slices: SpooledSlice[]): Promise<void> {
    const { storage, output, clock } = this.#job;
    const path = unitPath(unit, this.#naming);
    const sum = checksum();
    const dropped = { events: 0, bytes: 0 };
    let bytes = 0;
    slices.sort(byFirstDay);
    const file = await storage.create(path);
    try {
      const onDropped = (events: number, bytes: number) => {
        dropped.events += events;
        dropped.bytes += bytes;
      };
      const options = { columns: this.#manifest.found_columns, onDropped };
      for await (const chunk of rendered(slices, output, WHOLE_FILE, options)) {
        sum.update(chunk);
        bytes += chunk.length;
        await file.write(chunk);
      }
      const before = this.#manifest.files.find((one) => one.path === path);
      const isSame = before !== undefined && before.bytes === bytes && before.crc32 === sum.hex();
      // An unchanged file keeps its time, for those who copy what is new.
      if (isSame) await file.abort();
      else await file.commit();
      if (isSame) this.#written.unchanged++;
    } catch (error) {
      await file.abort().catch(() => {});
      throw error;
    }
    const events = slices.reduce((all, one) => all + one.events, 0) - dropped.events;
    const entry: ManifestFile = {
      path,
      from: unit.from,
      to: unit.to,
      events,
      bytes,
      crc32: sum.hex(),
      open: slices.some(({ isOpen }) => isOpen) || undefined,
      fetched_at: new Date(clock.now()).toISOString(),
    };
    const others = this.#manifest.files.filter((one) => one.path !== path);
    this.#manifest.files = [...others, entry].sort(byFirstDay);
    await this.#saveInPassing();
    this.#waiting = this.#waiting.filter((one) => !slices.includes(one));
    for (const slice of slices) await this.#spool.remove(slice);
    this.#written.events += events;
    this.#written.bytes += slices.reduce((all, one) => all + one.bytes, 0) - dropped.bytes;
    this.#written.duplicates += dropped.events;
    this.#written.files++;
  }

  /** The manifest says what is there and what is missing, unless it cannot be written either. */
  async #noteMissing(error: unknown): Promise<void> {
    if (error instanceof MissingDaysError) {
      this.#manifest.missing = error.missing.map(({ from, to, error }) => ({ from, to, reason: error.message }));
    }
    await this.#save().catch(() => {});
  }

  /** An export that was refused is as if it had never been. */
  async #leaveNoTrace(): Promise<void> {
    const { files, stale } = this.#manifest;
    if (files.length > 0 || stale !== undefined || this.#spool.slices.length > 0) return;
    await this.#job.storage.remove(MANIFEST_NAME).catch(() => {});
    await removeFile(this.#job.stateFolder).catch(() => {});
  }

  async #complete(): Promise<ExportSummary> {
    const { storage } = this.#job;
    const current = new Set([MANIFEST_NAME, ...this.#manifest.files.map(({ path }) => path)]);
    for (const path of this.#manifest.stale ?? []) {
      if (!current.has(path)) await storage.remove(path);
    }
    this.#manifest = { ...this.#manifest, complete: true, missing: undefined, stale: undefined };
    await this.#save();
    const open = this.#manifest.files.filter((file) => file.open && file.from <= this.#query.to);
    return {
      ...this.#written,
      from: this.#query.from,
      to: this.#lastDay,
      totalEvents: this.#manifest.events,
      totalFiles: this.#manifest.files.length,
      elapsedMs: this.#job.clock.now() - this.#startedMs,
      openDay: open[0]?.to,
    };
  }

  /** In a bucket every change is a request, so that they are collected; what is not listed is fetched again. */
  async #saveInPassing(): Promise<void> {
    const isDue = this.#job.clock.now() - this.#savedMs >= BUCKET_SAVE_MS;
    if (this.#job.storage.folder !== undefined || isDue) await this.#save();
  }

  async #save(): Promise<void> {
    this.#savedMs = this.#job.clock.now();
    const events = this.#manifest.files.reduce((all, file) => all + file.events, 0);
    this.#manifest = { ...this.#manifest, events, updated_at: this.#now() };
    await writeManifest(this.#job.storage, this.#manifest);
  }

  #now(): string {
    return new Date(this.#job.clock.now()).toISOString();
  }
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}
