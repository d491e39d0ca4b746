/** Opens the manifest of a folder that is exported to: the one that is there, or a new one. */
import { inputError } from "../../errors.ts";
import { join, removeFile } from "../../runtime/files/files.ts";
import { LOCK_NAME } from "../../storage/lock.ts";
import type { Storage } from "../../storage/storage.ts";
import { type DayRange, laterDay } from "./days.ts";
import { checkSameExport, type Manifest, MANIFEST_NAME, type ManifestOutput, readManifest } from "./manifest.ts";
import type { RecordedQuery } from "./query.ts";
import { type FileNaming, pathPrefix, unitPath, unitsOf } from "./split.ts";

export interface FolderPlaces {
  /** Where the files are. */
  storage: Storage;
  /** Where the manifest is: the storage itself, or for a table another one beside it. */
  manifestStorage: Storage;
  /** Where the manifest of an export in another form is, if the folder has one. */
  otherStorage?: Storage;
}

export interface WantedExport {
  places: FolderPlaces;
  /** The days that are wanted. */
  days: DayRange;
  recorded: RecordedQuery;
  output: ManifestOutput;
  naming: FileNaming;
  generator: string;
  /** By RFC 3339. */
  now: string;
  restart: boolean;
  /** Whether the range may be another than that of the export that is there. */
  canGrow: boolean;
}

/** @throws MpError (input) when the folder holds something else, and what it has is not to be replaced. */
export async function openManifest(wanted: WantedExport): Promise<Manifest> {
  const { places, recorded, output, restart, canGrow } = wanted;
  const { storage, manifestStorage, otherStorage } = places;
  const before = await readManifest(manifestStorage);
  const other = otherStorage && await readManifest(otherStorage);
  if (restart && (before !== undefined || other !== undefined)) {
    return newManifest(
      wanted,
      [before, other].flatMap((one) => [
        ...one?.files.map(({ path }) => path) ?? [],
        ...one?.stale ?? [],
      ]),
    );
  }
  if (other !== undefined) {
    checkSameExport(other, { ...recorded, ...rangeOf(other) }, output, storage.address);
    throw olderTable(storage);
  }
  if (before === undefined) {
    await refuseStrangers(wanted);
    return newManifest(wanted, []);
  }
  const range = rangeOf(before);
  checkSameExport(before, canGrow ? { ...recorded, ...range } : recorded, output, storage.address);
  if (output.format !== "jsonl" && before.schema === undefined && before.events > 0) throw olderTable(storage);
  const query = { ...recorded, ...range, to_date: laterDay(range.to_date, recorded.to_date) };
  return { ...before, query: canGrow ? query : recorded, complete: false };
}

/** Removes the manifest of an export in another form, which has been replaced, and its lock. */
export async function forgetOther({ storage, otherStorage }: FolderPlaces): Promise<void> {
  if (otherStorage === undefined || await otherStorage.readText(MANIFEST_NAME) === undefined) return;
  await otherStorage.remove(MANIFEST_NAME);
  // Readers of a table stumble over it.
  if (otherStorage === storage && storage.folder !== undefined) await removeFile(join(storage.folder, LOCK_NAME));
}

/** A file that no manifest knows and that is in the way: one with the name of a file of this export, or one of a table. */
export async function strangeFile(
  { places: { storage }, days, output, naming }: Pick<WantedExport, "places" | "days" | "output" | "naming">,
): Promise<string | undefined> {
  const isTable = output.format !== "jsonl";
  const names = new Set(unitsOf(days, output.split).map((unit) => unitPath(unit, naming)));
  for await (const { path } of storage.list(isTable ? "" : pathPrefix(naming))) {
    if (names.has(path) || (isTable && path.endsWith(naming.extension))) return path;
  }
  return undefined;
}

const rangeOf = ({ query: { from_date, to_date } }: Manifest) => ({ from_date, to_date });

function olderTable({ address }: Storage) {
  return inputError(
    `Cannot export to ${
      JSON.stringify(address)
    }: an earlier version of mp has made it, and its files may differ in columns`,
    "choose another folder, or replace the whole export with --restart",
    "other_export",
  );
}

function newManifest({ generator, recorded, output, now }: WantedExport, stale: string[]): Manifest {
  return {
    generator,
    query: recorded,
    output,
    complete: false,
    created_at: now,
    updated_at: now,
    events: 0,
    files: [],
    stale: stale.length === 0 ? undefined : stale,
  };
}

/** Files that no manifest knows are not overwritten, and no others put beside them that readers would take for one table. */
async function refuseStrangers(wanted: WantedExport): Promise<void> {
  const { storage, manifestStorage } = wanted.places;
  const path = await strangeFile(wanted);
  if (path === undefined) return;
  throw inputError(
    `Cannot export to ${JSON.stringify(storage.address)}: it has ${JSON.stringify(path)}, which no manifest knows`,
    manifestStorage === storage
      ? "choose another folder, or move the file away"
      : `choose another folder; if this one was moved, move its manifest too, to ${manifestStorage.address}`,
    "unknown_file",
  );
}
