/** From what was typed to the files, pipes and objects that records are read from. */
import { inputError } from "../../errors.ts";
import { type FileInfo, fileInfo, readFileStream, realPath } from "../../runtime/files/files.ts";
import { readFault } from "../../runtime/files/file_faults.ts";
import { readFileViews } from "../../runtime/files/file_views.ts";
import { folderEntries, readFileRange } from "../../runtime/files/file_ranges.ts";
import { filesBelow, type FoundPath, isPattern, matches, type OnSkip, type PatternMatch } from "./read_folders.ts";
import { objectSources } from "./read_objects.ts";
import { pathColumnFinder } from "./path_columns.ts";
import { type RecordSource, STANDARD_INPUT } from "./record_source.ts";
import { LakeTables } from "./tables/lake_tables.ts";
import type { TablePlace } from "./tables/table_place.ts";
import { readError, unreadableError, type UnreadableSource, UnreadableSourceError } from "./unreadable_source.ts";
import { isRemoteAddress } from "../../storage/registry.ts";
import type { Storage } from "../../storage/storage.ts";

/** What opening sources needs besides the paths. */
export interface OpenOptions {
  /** Opens addresses of storages, such as `s3://…`. Without it they are refused. */
  openStorage?(address: string): Promise<Storage>;
  /** Files that are written meanwhile: they are skipped where a folder or a pattern has them. */
  outputs?: readonly string[];
  /** Called with each file that is skipped in a folder, or found again. */
  onSkip?: OnSkip;
  /**
   * Called with each file and folder that a folder or a pattern has and that cannot be read; the others are opened. Without it,
   * and where there are no others, they are an error, as a path that was named always is.
   */
  onUnreadable?(source: UnreadableSource): void;
}

/**
 * Files as sources, in the order in which they are named; those of a folder, a pattern such as `data/*.csv.gz`, or a
 * prefix in a bucket are sorted. `-` is standard input.
 *
 * @throws MpError (input) for a path where nothing is or that cannot be read, and for a folder or pattern without a file.
 */
export async function openSources(
  paths: readonly string[],
  standardInput: { stream(): ReadableStream<Uint8Array> },
  { openStorage, outputs = [], onSkip = () => {}, onUnreadable }: OpenOptions = {},
): Promise<RecordSource[]> {
  const written = new Set(await Promise.all(outputs.map(realPath)));
  const sources: RecordSource[] = [];
  const columnsOf = pathColumnFinder(async (path) => await fileInfo(path) !== undefined);
  // What the log of a table says of its columns counts, whatever the path says.
  const withPathColumns = async (source: RecordSource): Promise<RecordSource> =>
    source.tableColumns
      ? source
      : { ...source, columns: await columnsOf(source.identity?.address ?? await realPath(source.name)) };
  const unreadable: UnreadableSource[] = [];
  const taken = new Set<string>();
  const tables = new LakeTables(FILE_TABLES);
  const add = (source: RecordSource) => {
    const address = source.identity?.address ?? source.name;
    // Whoever names a file twice wants it twice; one that a folder or a pattern finds again was meant once.
    const isNamed = !source.isFound && source.identity !== undefined;
    if (taken.has(address) && !isNamed) return onSkip(source.name, "named twice");
    taken.add(address);
    sources.push(source);
  };
  for (const path of paths) {
    if (path === "-") add(standardInputSource(standardInput));
    else if (isRemoteAddress(path)) {
      if (openStorage === undefined) throw inputError(`Cannot read ${path}: this command reads files`);
      for await (const source of objectSources(path, openStorage, onSkip)) add(source);
    } else {
      for await (const source of fileSources(path, written, tables, onSkip)) {
        if ("open" in source) add(await withPathColumns(source));
        else unreadable.push(source);
      }
    }
  }
  if (unreadable.length > 0 && (onUnreadable === undefined || sources.length === 0)) throw unreadableError(unreadable);
  for (const source of unreadable) onUnreadable?.(source);
  if (sources.length > 0 || paths.length === 0) return sources;
  // All that was named is what a table has removed.
  throw inputError(`Cannot read ${paths.join(", ")}: not in the Delta table any more`, undefined, "no_match");
}

/** The file of a path, or those in a folder or of a pattern; and what of them cannot be read. */
async function* fileSources(
  path: string,
  written: ReadonlySet<string>,
  tables: LakeTables,
  onSkip: OnSkip,
): AsyncGenerator<RecordSource | UnreadableSource, void> {
  const info = await namedInfo(path);
  if (info !== undefined && !info.isFolder) return yield* tables.only(one(fileSource(path, info)), undefined, onSkip);
  if (info === undefined && !isPattern(path)) throw inputError(`Cannot read ${JSON.stringify(path)}: no such file`);
  let count = 0;
  const found: AsyncIterable<PatternMatch> | PatternMatch[] = info === undefined
    ? matches(path, onSkip)
    : [{ path, isFolder: true }];
  const sourcesOf = async function* (match: PatternMatch): AsyncGenerator<RecordSource | UnreadableSource, void> {
    const folder = match.path.replace(/(.)\/+$/, "$1");
    const below = match.isFolder ? filesBelow(folder, onSkip) : [match];
    for await (const file of below) {
      if (info !== undefined && file.fault !== undefined && file.path === folder) {
        throw new UnreadableSourceError(path, file.fault);
      }
      if (file.fault === undefined && written.size > 0 && written.has(await realPath(file.path))) {
        onSkip(file.path, "this import writes it");
        continue;
      }
      yield await foundSource(file);
    }
  };
  for await (const match of found) {
    const folder = match.isFolder ? FILE_TABLES.pathOf(await realPath(match.path)) : undefined;
    for await (const source of tables.only(sourcesOf(match), folder, onSkip)) {
      count++;
      yield source;
    }
  }
  if (count > 0) return;
  throw inputError(`Cannot read ${JSON.stringify(path)}: there is no file with records in it`, undefined, "no_match");
}

async function* one<T>(value: Promise<T>): AsyncGenerator<T, void> {
  yield await value;
}

/** Tables in the file system. */
const FILE_TABLES: TablePlace = {
  addressOf: (path) => path === "" ? "/" : path,
  pathOf: (address) => (/^[A-Za-z]:\\/.test(address) ? address.replaceAll("\\", "/") : address).replace(/\/+$/, ""),
  hasFolder: async (path) => await seen(async () => (await fileInfo(path))?.isFolder) ?? false,
  names: async (folder) => (await folderEntries(`${folder}/`)).map(({ name }) => name),
  async source(path) {
    const info = await infoOf(path);
    return info === undefined ? undefined : await fileSource(path, info);
  },
};

/** Undefined where this user may not look: nothing says then that there is a table. */
async function seen<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (readFault(error) === undefined) throw error;
    return undefined;
  }
}

async function foundSource({ path, fault }: FoundPath): Promise<RecordSource | UnreadableSource> {
  if (fault !== undefined) return { source: path, reason: fault };
  try {
    const info = await infoOf(path);
    return { ...await fileSource(path, info), isFound: true };
  } catch (error) {
    if (!(error instanceof UnreadableSourceError)) throw error;
    return { source: path, reason: error.reason };
  }
}

/** @throws UnreadableSourceError for a file that is not there or that may not be read. */
async function fileSource(path: string, info: FileInfo | undefined): Promise<RecordSource> {
  if (info === undefined) throw new UnreadableSourceError(path, "no such file");
  const { sizeBytes, modifiedMs, isRegular } = info;
  // A named pipe, or `<(…)` of a shell: nobody can say what is in it before it is read, or read it twice.
  if (!isRegular) return { name: path, open: () => readingFile(path, readFileStream(path)) };
  const identity = { address: await realPath(path), sizeBytes, version: `${sizeBytes}-${modifiedMs}` };
  const source = openedFile({ name: path, sizeBytes, identity });
  // Whether it can be read is known before anything is done with the others.
  await source.slice!(0, 0);
  return source;
}

/** What is known of a source that can be opened again: by another thread, too. */
export type FileFacts = Omit<RecordSource, "open" | "slice">;

/** What is known of a source, if it is a file that can be read more than once. */
export function factsOfFile({ open: _, slice, ...facts }: RecordSource): FileFacts | undefined {
  return slice === undefined || facts.identity === undefined || isRemoteAddress(facts.name) ? undefined : facts;
}

/** The source of a file that was opened before. */
export function openedFile(facts: FileFacts): RecordSource {
  const path = facts.name;
  return {
    ...facts,
    open: () => readingFile(path, readFileViews(path)),
    async slice(start, end) {
      try {
        return await readFileRange(path, start, end);
      } catch (error) {
        throw readError(path, error);
      }
    },
  };
}

/** The bytes of a file, with the errors of the file system in words. */
async function* readingFile(path: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* bytes;
  } catch (error) {
    throw readError(path, error);
  }
}

async function infoOf(path: string): Promise<FileInfo | undefined> {
  try {
    return await fileInfo(path);
  } catch (error) {
    throw readError(path, error);
  }
}

/** Of what was typed; undefined for a pattern, unless there is a file of that name. */
async function namedInfo(path: string): Promise<FileInfo | undefined> {
  try {
    return await infoOf(path);
  } catch (error) {
    if (!isPattern(path) || !(error instanceof UnreadableSourceError)) throw error;
    return undefined;
  }
}

const standardInputSource = (standardInput: { stream(): ReadableStream<Uint8Array> }): RecordSource => ({
  name: STANDARD_INPUT,
  open: () => standardInput.stream(),
});

/**
 * One file, or standard input, for what is taken as a whole. See `openSources`.
 *
 * @throws MpError (input) for a folder or a pattern, even if there is one file only, and for what cannot be read.
 */
export async function openSource(
  path: string,
  standardInput: { stream(): ReadableStream<Uint8Array> },
): Promise<RecordSource> {
  if (path === "-") return standardInputSource(standardInput);
  const info = await infoOf(path);
  if (info?.isFolder) {
    throw inputError(`Cannot read ${JSON.stringify(path)}: it is a folder`, "name one file in it");
  }
  return await fileSource(path, info);
}
