/** An export to a folder: a file for each day, week or month, and a manifest that says what is there. */
import type { Client } from "../../client/types.ts";
import { alsoFailed } from "../../errors.ts";
import { saving } from "./saving.ts";
import { join, removeFile } from "../../runtime/files/files.ts";
import { lockOutput } from "../../storage/lock.ts";
import type { Storage } from "../../storage/storage.ts";
import { removeLeftovers } from "../leftovers.ts";
import { addDays, byFirstDay, countDays, type DayRange, daysWithout } from "./days.ts";
import { fetchSlices } from "./fetch_slices.ts";
import { FolderColumns } from "./folder_columns.ts";
import type { FolderExport } from "./folder_export.ts";
import { FolderTables, type LookedSlice } from "./folder_tables.ts";
import { forgetOther, openManifest, strangeFile, type WantedExport } from "./folder_manifest.ts";
import { daysWithoutFile, filesThere, withWholeRequests } from "./held_days.ts";
import { type Manifest, MANIFEST_NAME, type ManifestFile, writeManifest } from "./manifest.ts";
import { MissingDaysError } from "./missing_days.ts";
import { extensionOf } from "./output_format.ts";
import { type ExportQuery, queryFingerprint, type RecordedQuery, recordedQuery } from "./query.ts";
import { isStoredSo } from "./render.ts";
import { type FileNaming, unitOf, unitPath, unitsOf } from "./split.ts";
import { Spool, type SpooledSlice } from "./spool.ts";
import type { ExportSummary } from "./summary.ts";
import { makeStateFolder } from "../target_address.ts";
import { takeApart } from "./take_apart.ts";
import { type FileContent, moveContent, writeContent } from "./write_content.ts";

/** In a bucket every change of the manifest is a request; what it does not list yet is fetched again after a crash. */
const SAVE_MS = 1000, BUCKET_SAVE_MS = 5000;
/** What an earlier run has fetched longer ago is not what is there now. */
const NEW_MS = 3_600_000;

/**
 * Exports the days of the query that are not in the folder yet.
 *
 * @throws MpError (input) when the folder holds something else, (failure) when another program is writing it, and the
 * cause when days are missing; what is there then stays, and the same call goes on.
 */
export async function exportToFolder(client: Client, query: ExportQuery, job: FolderExport): Promise<ExportSummary> {
  const { manifestStorage = job.storage } = job;
  const folder = new FolderJob(client, query, job);
  // What is refused leaves nothing.
  await folder.check();
  const lock = await lockOutput(manifestStorage, job.locksFolder, { shown: job.storage.address, note: job.note });
  try {
    await makeStateFolder(manifestStorage, job.stateFolder, job.stateFolder);
    const summary = await folder.run();
    await removeLeftovers(job.stateFolder, job.note);
    return summary;
  } finally {
    await lock.release();
  }
}

class FolderJob {
  readonly #client: Client;
  readonly #query: ExportQuery;
  readonly #job: FolderExport;
  readonly #manifestStorage: Storage;
  readonly #naming: FileNaming;
  readonly #recorded: RecordedQuery;
  #manifest!: Manifest;
  #spool!: Spool;
  #columns!: FolderColumns;
  #tables: FolderTables | undefined;
  /** Tables that wait for their columns. */
  readonly #made: LookedSlice[] = [];
  #lastDay: string;
  readonly #startedMs: number;
  #savedMs = -Infinity;
  #isSaved = true;
  /** What the manifest will list, by path. */
  readonly #files = new Map<string, ManifestFile>();
  /** Slices that wait for the rest of their file, by its first day. */
  readonly #waiting = new Map<string, SpooledSlice[]>();
  #written = { events: 0, bytes: 0, files: 0, unchanged: 0, duplicates: 0, requests: 0 };

  constructor(client: Client, query: ExportQuery, job: FolderExport) {
    this.#client = client;
    this.#query = query;
    this.#job = job;
    this.#manifestStorage = job.manifestStorage ?? job.storage;
    this.#naming = { ...job.output, extension: extensionOf(job.output) };
    this.#recorded = recordedQuery(client, query);
    this.#lastDay = query.to;
    this.#startedMs = job.clock.now();
  }

  get #writeContent(): typeof writeContent {
    return this.#job.writeContent ?? writeContent;
  }

  /** @throws MpError (input) when the folder holds something else. */
  async check(): Promise<void> {
    await openManifest(this.#wanted());
  }

  async run(): Promise<ExportSummary> {
    const { output } = this.#job;
    this.#manifest = await openManifest(this.#wanted());
    for (const file of this.#manifest.files) this.#files.set(file.path, file);
    // Before any file is there, so that none is ever unknown.
    if (this.#files.size === 0) await this.#save();
    const fingerprint = `${queryFingerprint(this.#recorded)} ${output.split}`;
    // What needs nothing but its name is kept as it will be; anything else as small as it comes.
    const isPlain = isStoredSo("plain", output) && this.#job.storage.adopt !== undefined;
    const spoolFolder = join(this.#job.stateFolder, "spool");
    if (this.#job.restart) await removeFile(spoolFolder);
    this.#spool = await Spool.open(spoolFolder, fingerprint, isPlain ? "plain" : "gzip", {
      newerThanMs: this.#job.sinceLast === undefined ? undefined : this.#startedMs - NEW_MS,
      isOutput: isPlain || isStoredSo("gzip", output),
    });
    for (const slice of this.#spool.slices) await takeApart(slice, output.split, this.#spool);
    const covered = await this.#covered();
    this.#columns = new FolderColumns(output, this.#manifest, this.#job.note);
    this.#tables = await FolderTables.open(this.#job, this.#columns.decided);
    const slices = fetchSlices(this.#client, this.#query, {
      ...this.#job,
      spool: this.#spool,
      covered,
      look: this.#columns.look,
      lookAtUnits: this.#tables?.look,
      split: output.split,
      breakBefore: this.#job.sinceLast?.nextLookBackFrom,
      keepsToFiles: this.#manifest.days === "project",
      onForeignDays: () => void (this.#manifest.days = "project"),
      onShortened: (lastDay) => void (this.#lastDay = lastDay),
      onRequest: () => void this.#written.requests++,
    });
    try {
      for await (const slice of saving(slices, SAVE_MS, () => this.#isSaved ? undefined : this.#save())) {
        const looked = this.#tables?.takeLooked(slice);
        if (looked?.isMade) await this.#takeMade(looked);
        else await this.#takeSlices(await takeApart(slice, output.split, this.#spool, looked?.units));
      }
      await this.#writeAll();
      await this.#addColumns();
    } catch (error) {
      const ended = this.#noteMissing(error).then(() => this.#leaveNoTrace());
      throw await ended.then(() => error, (further) => alsoFailed(error, further));
    } finally {
      await this.#tables?.close();
    }
    return await this.#complete();
  }

  async #takeSlices(slices: readonly SpooledSlice[]): Promise<void> {
    for (const slice of slices) {
      const unit = unitOf(slice.from, this.#job.output.split, this.#query);
      this.#waiting.set(unit.from, [...this.#waiting.get(unit.from) ?? [], slice]);
      if (this.#columns.areSought) await this.#columns.observe(slice);
      else await this.#writeIfComplete(unit.from);
    }
  }

  /** Tables get their names when their columns are known. */
  async #takeMade(looked: LookedSlice): Promise<void> {
    this.#columns.absorb(looked);
    if (this.#columns.areSought) this.#made.push(looked);
    else await this.#writeMade(looked);
  }

  async #writeMade(looked: LookedSlice): Promise<void> {
    const { storage, output } = this.#job;
    const { slice, units } = looked;
    const together = units.length > 1 ? { from: slice.from, to: slice.to } : undefined;
    const others = new Set<string>();
    for (const [index, unit] of units.entries()) {
      const made = await this.#tables!.finish(looked, index, this.#columns.decided!);
      if (made === undefined) {
        others.add(unit.from);
        continue;
      }
      const path = unitPath(unit, this.#naming);
      const { path: from, report, ...content } = made;
      if (!this.#isUnchanged(path, content)) await moveContent(storage, from, path);
      this.#columns.onEncoded(report);
      await this.#list(path, { ...unit, open: unit.isOpen || undefined, together }, content);
      this.#written.events += unit.events;
      this.#written.bytes += unit.bytes;
    }
    // What the columns do not fit that were assumed is made of the events again.
    const parts = others.size > 0 ? await takeApart(slice, output.split, this.#spool, units) : [slice];
    for (const part of parts) {
      if (others.has(part.from)) await this.#write(unitOf(part.from, output.split, this.#query), [part]);
      else await this.#spool.remove(part);
    }
  }

  #wanted(): WantedExport {
    const { storage, otherStorage, output, generator, restart = false, sinceLast, mayExtend = false } = this.#job;
    return {
      places: { storage, manifestStorage: this.#manifestStorage, otherStorage },
      days: this.#query,
      recorded: this.#recorded,
      output,
      naming: this.#naming,
      generator,
      now: this.#now(),
      restart,
      // A range that grows is the only difference that these two make.
      canGrow: sinceLast !== undefined || mayExtend,
    };
  }

  /** The days that are there. A file that is gone, has another size, or was not over, is written again as a whole. */
  async #covered(): Promise<DayRange[]> {
    const { storage, sinceLast, output } = this.#job;
    const there = await filesThere(storage, this.#manifest.files);
    this.#files.clear();
    for (const file of there) this.#files.set(file.path, file);
    const lookBackFrom = sinceLast?.lookBackFrom ?? addDays(this.#query.to, 1);
    const files = there.filter(({ open, to }) => !open && to < lookBackFrom);
    const spooled = this.#spool.slices.filter(({ isOpen, from, to }) =>
      !isOpen && from >= this.#query.from && to <= this.#query.to
    );
    const kept = new Set<DayRange>(withWholeRequests<ManifestFile | SpooledSlice>([...files, ...spooled]));
    for (const slice of this.#spool.slices) {
      if (!kept.has(slice)) await this.#spool.remove(slice);
    }
    return unitsOf(this.#query, output.split).filter((unit) => {
      const file = this.#files.get(unitPath(unit, this.#naming));
      return file !== undefined && kept.has(file) && file.from <= unit.from && file.to >= unit.to;
    });
  }

  /** Writes a file when all of its days have come. */
  async #writeIfComplete(firstDay: string): Promise<void> {
    const unit = unitOf(firstDay, this.#job.output.split, this.#query);
    const needed = { from: unit.from, to: unit.to > this.#lastDay ? this.#lastDay : unit.to };
    const slices = this.#waiting.get(firstDay) ?? [];
    const days = slices.reduce((sum, slice) => sum + countDays(slice), 0);
    if (days < countDays(needed) || daysWithout(needed, slices).length > 0) return;
    await this.#write({ ...unit, to: needed.to }, slices);
    this.#waiting.delete(firstDay);
  }

  async #writeAll(): Promise<void> {
    if (this.#columns.decide()) await this.#renewEmptyFiles();
    this.#made.sort((one, other) => byFirstDay(one.slice, other.slice));
    for (const looked of this.#made.splice(0)) await this.#writeMade(looked);
    for (const firstDay of [...this.#waiting.keys()].sort()) await this.#writeIfComplete(firstDay);
    this.#columns.noteAll();
  }

  async #addColumns(): Promise<void> {
    const table = { ...this.#job, columns: this.#columns, files: this.#files, save: () => this.#save() };
    const { addColumns = false } = this.#job;
    if (!addColumns && this.#columns.earlier === undefined) return;
    // Loaded for those who rewrite: a reader of Parquet is large.
    const { rewriteTable } = await import("./rewrite_table.ts");
    await rewriteTable(table, addColumns);
  }

  /** Files that are there before the columns are decided have no events; they get the columns. */
  async #renewEmptyFiles(): Promise<void> {
    const { storage, output } = this.#job;
    const schema = this.#columns.decided;
    await this.#save();
    for (const [path, file] of this.#files) {
      const content = await this.#writeContent(storage, path, [], output, { schema, isThere: () => false });
      this.#files.set(path, { ...file, ...content });
      await this.#saveInPassing(true);
    }
  }

  async #write(unit: DayRange, slices: SpooledSlice[]): Promise<void> {
    const path = unitPath(unit, this.#naming);
    const dropped = { events: 0, bytes: 0 };
    slices.sort(byFirstDay);
    const content = await this.#writeContent(this.#job.storage, path, slices, this.#job.output, {
      schema: this.#columns.ofNextFile,
      onEncoded: this.#columns.onEncoded,
      onDropped: (events, bytes) => {
        dropped.events += events;
        dropped.bytes += bytes;
      },
      isThere: (content) => this.#isUnchanged(path, content),
    });
    const events = slices.reduce((all, one) => all + one.events, 0) - dropped.events;
    await this.#list(path, {
      from: unit.from,
      to: unit.to,
      events,
      open: slices.some(({ isOpen }) => isOpen) || undefined,
      together: slices.find(({ together }) => together !== undefined)?.together,
    }, content);
    for (const slice of slices) await this.#spool.remove(slice);
    this.#written.events += events;
    this.#written.bytes += slices.reduce((all, one) => all + one.bytes, 0) - dropped.bytes;
    this.#written.duplicates += dropped.events;
  }

  /** Lists a file that is there. */
  async #list(
    path: string,
    { from, to, events, open, together }: Pick<ManifestFile, "from" | "to" | "events" | "open" | "together">,
    content: FileContent,
  ): Promise<void> {
    const entry: ManifestFile = { path, from, to, events, ...content, open, together, fetched_at: this.#now() };
    const before = this.#files.get(path);
    this.#files.set(path, entry);
    this.#isSaved = false;
    this.#written.files++;
    // A file that has changed is not to be taken for the one that is listed, which can be as long.
    await this.#saveInPassing(before !== undefined && before.crc32 !== entry.crc32);
  }

  /** An unchanged file keeps its time, for those who copy what is new. */
  #isUnchanged(path: string, { bytes, crc32 }: FileContent): boolean {
    const before = this.#files.get(path);
    const isSame = before !== undefined && before.bytes === bytes && before.crc32 === crc32;
    if (isSame) this.#written.unchanged++;
    return isSame;
  }

  /** The manifest says what is there and what is missing. */
  async #noteMissing(error: unknown): Promise<void> {
    if (error instanceof MissingDaysError) {
      this.#manifest.missing = error.missing.map(({ from, to, error }) => ({ from, to, reason: error.message }));
    }
    await this.#save();
  }

  /** An export that was refused is as if it had never been. */
  async #leaveNoTrace(): Promise<void> {
    const { stale } = this.#manifest;
    if (this.#files.size > 0 || stale !== undefined || this.#spool.slices.length > 0) return;
    // A run that was killed has left files that no manifest lists yet: without one they would seem to be a stranger's.
    if (await strangeFile(this.#wanted()) !== undefined) return;
    await this.#manifestStorage.remove(MANIFEST_NAME);
    await removeFile(this.#job.stateFolder);
  }

  async #complete(): Promise<ExportSummary> {
    const { storage } = this.#job;
    for (const path of this.#manifest.stale ?? []) {
      if (path !== MANIFEST_NAME && !this.#files.has(path)) await storage.remove(path);
    }
    await forgetOther(this.#wanted().places);
    const missing = daysWithoutFile({ ...this.#manifest, files: [...this.#files.values()] })
      .map((days) => ({ ...days, reason: days.from > this.#lastDay ? "not begun" : "not fetched" }));
    const complete = missing.length === 0;
    this.#manifest = { ...this.#manifest, complete, missing: complete ? undefined : missing, stale: undefined };
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
      others: this.#columns.others,
    };
  }

  async #saveInPassing(isUrgent: boolean): Promise<void> {
    const { storage, clock } = this.#job;
    const pauseMs = storage.stateFolder === undefined ? BUCKET_SAVE_MS : SAVE_MS;
    if (isUrgent || clock.now() - this.#savedMs >= pauseMs) await this.#save();
  }

  async #save(): Promise<void> {
    this.#savedMs = this.#job.clock.now();
    const files = [...this.#files.values()].sort(byFirstDay);
    const events = files.reduce((all, file) => all + file.events, 0);
    const { decided: schema, earlier: earlier_schema } = this.#columns ?? {};
    const columns = this.#columns === undefined ? {} : { schema, earlier_schema };
    this.#manifest = { ...this.#manifest, ...columns, files, events, updated_at: this.#now() };
    await writeManifest(this.#manifestStorage, this.#manifest);
    this.#isSaved = true;
  }

  #now(): string {
    return new Date(this.#job.clock.now()).toISOString();
  }
}
