/**
 * What an import remembers, so that the same command continues where a killed one stopped: a small file in the user's state
 * folder. It says up to which record everything is settled; the records behind it are sent again, with the same
 * `$insert_id`s, so that none is lost and none counts twice.
 */
import { z } from "zod";
import { inputError, MpError } from "../../errors.ts";
import { dirname, join, makeFolder, removeFile } from "../../runtime/files/files.ts";
import { sha256, sha256Hex } from "../../runtime/hash.ts";
import { damagedLock, withFileLock } from "../../runtime/files/private_files.ts";
import type { RecordSource } from "../../records/read/record_source.ts";
import { unreadableReason } from "../../records/read/unreadable_source.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";
import { localState, readState, type StateFormat, type StatePlace, unusableState, writeState } from "../state_file.ts";
import type { Settled } from "./deliver.ts";
import { emptySummary } from "./delivery_summary.ts";

/** What makes an import the same one as another. */
export interface ImportIdentity {
  /** The region, or the address of the server. */
  host: string;
  /** What tells its project from others; see `targetProject`. */
  project: string;
  kind: string;
  /** How records are read and changed, as JSON. */
  recipe: unknown;
}

/** A source as it was when the import began. */
interface SourceMark {
  address: string;
  bytes: number;
  version: string;
  /** Hash of its first bytes: a file may be rewritten within one tick of the clock. */
  head: string;
}

/** Where rejected records go, and how much of it belongs to what is settled. */
export interface RejectsMark {
  path: string;
  bytes: number;
}

interface CheckpointFile {
  identity: ImportIdentity;
  sources: SourceMark[];
  settled: Settled;
  rejects?: RejectsMark;
}

const CHECKPOINT: StateFormat<CheckpointFile> = {
  marker: "mp_import",
  version: 1,
  hint: "--restart starts over and replaces it; or name another file with --checkpoint-file",
  code: "bad_checkpoint",
  schema() {
    const count = z.int();
    return z.object({
      identity: z.unknown(),
      sources: z.array(z.object({ address: z.string(), bytes: count, version: z.string(), head: z.string() })),
      settled: z.object({ records: count, summary: z.looseObject({ read: count }) }),
      rejects: z.object({ path: z.string(), bytes: count }).optional(),
    });
  },
};

const SAVE_EVERY_MS = 1000;
const HEAD_BYTES = 64 * 1024;
const HASH_CHARACTERS = 24;

/** What an earlier run left behind. */
export interface CheckpointState {
  settled: Settled;
  rejects?: RejectsMark;
}

/** The state of an import that is running. */
export class Checkpoint {
  /** What an earlier run has settled; undefined at a first run. */
  readonly earlier: CheckpointState | undefined;
  readonly #place: StatePlace;
  readonly #now: () => number;
  readonly #info: Omit<CheckpointFile, "settled" | "rejects">;
  #unsaved: { settled: Settled; rejects?: RejectsMark; sync(): Promise<void> } | undefined;
  #savedAtMs: number;
  #settledRecords: number;

  constructor(
    place: StatePlace,
    now: () => number,
    info: Omit<CheckpointFile, "settled" | "rejects">,
    earlier: CheckpointState | undefined,
  ) {
    this.#place = place;
    this.#now = now;
    this.#info = info;
    this.earlier = earlier;
    this.#savedAtMs = now();
    this.#settledRecords = earlier?.settled.records ?? 0;
  }

  /** Writes down where rejected records will be, even while there are none: a later run has to know that file. */
  async begin(rejects: RejectsMark): Promise<void> {
    const settled = this.earlier?.settled ?? { records: 0, summary: emptySummary() };
    this.#unsaved = { settled, rejects, sync: () => Promise.resolve() };
    await this.save();
  }

  /**
   * Takes what is settled, and writes it down when the last time is a second ago.
   *
   * @param sync makes sure that the rejected records are on disk before the file says so
   */
  async settle(settled: Settled, rejects: RejectsMark | undefined, sync: () => Promise<void>): Promise<void> {
    this.#settledRecords = settled.records;
    this.#unsaved = { settled, rejects, sync };
    if (this.#now() - this.#savedAtMs >= SAVE_EVERY_MS) await this.save();
  }

  /** Writes down what is not yet written. */
  async save(): Promise<void> {
    if (this.#unsaved === undefined) return;
    const { settled, rejects, sync } = this.#unsaved;
    this.#unsaved = undefined;
    await sync();
    await writeState(this.#place, CHECKPOINT, { ...this.#info, settled, rejects });
    this.#savedAtMs = this.#now();
  }

  /** Writes down where the import has stopped; of one that has done nothing, nothing stays. */
  async stop(rejects: RejectsMark | undefined): Promise<void> {
    if (this.#settledRecords > 0 || rejects?.bytes) return await this.save();
    this.#unsaved = undefined;
    await this.#place.remove();
  }
}

export interface CheckpointOptions {
  /** The file; default one in `folder` whose name follows from what is imported. */
  path?: string;
  folder: string;
  /** Start over, whatever an earlier run has settled. */
  restart: boolean;
  now(): number;
  /** Called with a lock that was damaged. */
  note?(line: string): void;
}

/**
 * Runs an import with its checkpoint, while no other process runs the same one. The checkpoint stays until `run` has
 * returned: whoever is killed before has not been told how it ended, and goes on with the same command.
 *
 * @throws MpError (failure) when another process does, (input) when a source has changed since the run that stopped, or the
 * file is of another import.
 */
export async function withCheckpoint<T>(
  identity: ImportIdentity,
  sources: readonly RecordSource[],
  { path, folder, restart, now, note }: CheckpointOptions,
  run: (checkpoint: Checkpoint) => Promise<T>,
): Promise<T> {
  const marks = await Promise.all(sources.map(markOf));
  const file = path ?? join(folder, `${nameOf(identity, marks)}.json`);
  const place = localState(file);
  await writingFile(file, makeFolder(dirname(file), 0o700));
  const locked = async (): Promise<{ value: T } | { error: unknown }> => {
    try {
      const earlier = restart ? undefined : await read(place, identity, marks);
      const value = await run(new Checkpoint(place, now, { identity, sources: marks }, earlier));
      await place.remove();
      return { value };
    } catch (error) {
      return { error };
    } finally {
      // It is still held, and everything is done; whoever comes now makes a new one.
      // expected: any fault (Windows removes no file that is open), since an empty file that stays harms nothing
      await removeFile(lockOf(file)).catch(() => {});
    }
  };
  // Beside a file that the user names lies what is theirs.
  const onDamaged = (lock: string) => note?.(damagedLock(lock));
  const lockOptions = path === undefined ? { timeoutMs: 0, onDamaged } : { timeoutMs: 0 };
  // What fails in here is the lock; what the import throws is no fault of its file.
  const outcome = (await writingFile(file, withFileLock(lockOf(file), locked, lockOptions)))?.value;
  if (outcome !== undefined && "error" in outcome) throw outcome.error;
  if (outcome !== undefined) return outcome.value;
  throw new MpError("Cannot import: another mp is importing the same files", {
    category: "failure",
    code: "import_locked",
    hint: "wait until it has ended; --no-checkpoint does without",
  });
}

const lockOf = (path: string): string => `${path}.lock`;

/** All files that an import with this checkpoint may make, the journal of its lock included. */
export const checkpointFiles = (path: string): string[] => [path, lockOf(path), `${lockOf(path)}-journal`];

/** Whether an import of these sources can remember where it was: a pipe is read only once. */
export function canResume(sources: readonly RecordSource[]): boolean {
  return sources.length > 0 && sources.every(({ identity }) => identity !== undefined);
}

async function markOf(source: RecordSource): Promise<SourceMark> {
  const { address, sizeBytes, version } = source.identity as NonNullable<RecordSource["identity"]>;
  const hash = sha256();
  hash.update(await headOf(source, sizeBytes) ?? "");
  return { address, bytes: sizeBytes, version, head: hash.hex().slice(0, HASH_CHARACTERS) };
}

/** Undefined for a file that has gone since its folder was listed: reading says so, and goes on with the others. */
async function headOf(source: RecordSource, sizeBytes: number): Promise<Uint8Array | undefined> {
  try {
    return await source.slice?.(0, Math.min(HEAD_BYTES, sizeBytes));
  } catch (error) {
    if (!source.isFound || unreadableReason(error) === undefined) throw error;
  }
}

function nameOf(identity: ImportIdentity, marks: readonly SourceMark[]): string {
  return sha256Hex(JSON.stringify([identity, marks.map(({ address }) => address)])).slice(0, HASH_CHARACTERS);
}

async function read(
  place: StatePlace,
  identity: ImportIdentity,
  marks: readonly SourceMark[],
): Promise<CheckpointState | undefined> {
  const file = await readState(place, CHECKPOINT);
  if (file === undefined) return undefined;
  if (JSON.stringify(file.identity) !== JSON.stringify(identity) || addresses(file.sources) !== addresses(marks)) {
    throw unusableState(place, CHECKPOINT, "it is of another import");
  }
  const records = file.settled.records;
  for (const [index, mark] of marks.entries()) {
    const before = file.sources[index] as SourceMark;
    if (mark.bytes === before.bytes && mark.version === before.version && mark.head === before.head) continue;
    throw inputError(
      `Cannot go on with the import of ${mark.address}: it has changed since`,
      `--restart starts over, which changes nothing for events that are there already; where the file has only grown, ` +
        `--skip-lines ${records} goes on`,
      "source_changed",
    );
  }
  return { settled: file.settled, rejects: file.rejects };
}

const addresses = (marks: readonly SourceMark[]): string => JSON.stringify(marks.map(({ address }) => address));
