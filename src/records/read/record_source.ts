/** The lines of files and pipes, with the numbers that people know them by. */
import { inputError } from "../../errors.ts";
import { fileFacts, readFileStream, realPath } from "../../runtime/files/files.ts";
import { readFileViews } from "../../runtime/files/file_views.ts";
import { readFileRange } from "../../runtime/files/file_ranges.ts";
import type { Lines } from "../../streams/lines.ts";
import { filesBelow, isPattern, matches, type OnSkip } from "./read_folders.ts";
import { readRecords } from "./read_records.ts";
import { objectSources } from "./read_objects.ts";
import { isRemoteAddress } from "../../storage/registry.ts";
import type { Storage } from "../../storage/storage.ts";

/** Where records come from. */
export interface RecordSource {
  /** As it is named in messages: a path, an address, or `standard input`. */
  name: string;
  /** What is read, compressed or not, when it is known. */
  sizeBytes?: number;
  /** What it is, and when it is another one under the same name. Unset for what can be read only once. */
  identity?: SourceIdentity;
  /** The bytes. A chunk is good until the next is asked for. */
  open(): AsyncIterable<Uint8Array>;
  /** The bytes from `start` up to, not including, `end`. Unset for what can be read only once. */
  slice?(start: number, end: number): Promise<Uint8Array>;
}

/** Tells whether a source is the one that an earlier run has read. */
export interface SourceIdentity {
  /** The whole path, links resolved, or the address of an object. */
  address: string;
  sizeBytes: number;
  /** Changes when the content does: size and time of a file, the entity tag of an object. */
  version: string;
}

/** Lines that follow each other in one source. */
export interface LineBlock {
  source: RecordSource;
  /** Number of the first line in its source, from 1. */
  firstLine: number;
  /** How many lines of all sources come before it. */
  linesBefore: number;
  lines: Lines;
}

const STANDARD_INPUT = "standard input";
const OPEN_LIST = 0x5b;

/** What opening sources needs besides the paths. */
export interface OpenOptions {
  /** Opens addresses of storages, such as `s3://…`. Without it they are refused. */
  openStorage?(address: string): Promise<Storage>;
  /** Files that are written meanwhile: they are passed over where a folder or a pattern has them. */
  outputs?: readonly string[];
  /** Told of each file that is passed over in a folder, or found again. */
  onSkip?: OnSkip;
}

/**
 * Files as sources, in the order in which they are named; those of a folder, a pattern such as `data/*.csv.gz`, or a
 * prefix in a bucket are sorted. `-` is standard input.
 *
 * @throws MpError (input) for a path where nothing is, and for a folder or pattern without a file.
 */
export async function openSources(
  paths: readonly string[],
  standardInput: { stream(): ReadableStream<Uint8Array> },
  { openStorage, outputs = [], onSkip = () => {} }: OpenOptions = {},
): Promise<RecordSource[]> {
  const written = new Set(await Promise.all(outputs.map(realPath)));
  const sources: RecordSource[] = [];
  const taken = new Set<string>();
  const add = (source: RecordSource, path: string) => {
    const address = source.identity?.address ?? source.name;
    // Whoever names a file twice wants it twice; one that a folder or a pattern finds again was meant once.
    const isNamed = source.name === path && source.identity !== undefined;
    if (taken.has(address) && !isNamed) return onSkip(source.name, "named twice");
    taken.add(address);
    sources.push(source);
  };
  for (const path of paths) {
    if (path === "-") add({ name: STANDARD_INPUT, open: () => standardInput.stream() }, path);
    else if (isRemoteAddress(path)) {
      if (openStorage === undefined) throw inputError(`Cannot read ${path}: this command reads files`);
      for await (const source of objectSources(path, openStorage, onSkip)) add(source, path);
    } else for await (const file of filesOf(path, written, onSkip)) add(await fileSource(file), path);
  }
  return sources;
}

async function* filesOf(path: string, written: ReadonlySet<string>, onSkip: OnSkip): AsyncGenerator<string, void> {
  const facts = await fileFacts(path);
  if (facts !== undefined && !facts.isFolder) return yield path;
  if (facts === undefined && !isPattern(path)) throw inputError(`Cannot read ${JSON.stringify(path)}: no such file`);
  const found = facts === undefined ? await matches(path) : [{ path, isFolder: true }];
  let count = 0;
  for (const match of found) {
    const below = match.isFolder ? filesBelow(match.path.replace(/(.)\/+$/, "$1"), onSkip) : [match.path];
    for await (const file of below) {
      if (written.size > 0 && written.has(await realPath(file))) {
        onSkip(file, "this import writes it");
        continue;
      }
      count++;
      yield file;
    }
  }
  if (count > 0) return;
  throw inputError(`Cannot read ${JSON.stringify(path)}: there is no file with records in it`, undefined, "no_match");
}

async function fileSource(path: string): Promise<RecordSource> {
  const facts = await fileFacts(path);
  if (facts === undefined) throw inputError(`Cannot read ${JSON.stringify(path)}: no such file`);
  const { sizeBytes, modifiedMs, isRegular } = facts;
  // A named pipe, or `<(…)` of a shell: nobody can say what is in it before it is read, or read it twice.
  if (!isRegular) return { name: path, open: () => readFileStream(path) };
  return {
    name: path,
    sizeBytes,
    identity: { address: await realPath(path), sizeBytes, version: `${sizeBytes}-${modifiedMs}` },
    open: () => readFileViews(path),
    slice: (start, end) => readFileRange(path, start, end),
  };
}

/**
 * One file, or standard input, for what is taken as a whole. See `openSources`.
 *
 * @throws MpError (input) for a folder or a pattern, even if there is one file only.
 */
export async function openSource(
  path: string,
  standardInput: { stream(): ReadableStream<Uint8Array> },
): Promise<RecordSource> {
  if (path === "-") return { name: STANDARD_INPUT, open: () => standardInput.stream() };
  if ((await fileFacts(path))?.isFolder) {
    throw inputError(`Cannot read ${JSON.stringify(path)}: it is a folder`, "name one file in it");
  }
  return await fileSource(path);
}

/**
 * All lines of all sources, in order, decompressed where a source is compressed.
 *
 * @param onBytes told about bytes as they are read, before decompression
 * @throws MpError (input) for damaged compression, a line that is too long, and a JSON list in place of JSON Lines.
 */
export async function* lineBlocks(
  sources: readonly RecordSource[],
  onBytes?: (bytes: number) => void,
  signal?: AbortSignal,
): AsyncGenerator<LineBlock, void> {
  for await (const block of readRecords(sources, { format: "jsonl", onBytes, signal })) {
    if (block.kind !== "lines") continue;
    const { source, firstLine, recordsBefore: linesBefore, lines } = block;
    if (firstLine === 1) refuseList(lines.at(0), source);
    yield { source, firstLine, linesBefore, lines };
  }
}

function refuseList(first: Uint8Array, { name }: RecordSource): void {
  if (first[first.findIndex((byte) => byte > 0x20)] !== OPEN_LIST) return;
  throw inputError(
    `Cannot read ${name}: it is a JSON list, not JSON Lines`,
    name === STANDARD_INPUT
      ? "write one record a line: put 'jq -c .[]' before this command"
      : `write one record a line: jq -c '.[]' ${name}`,
    "json_list",
  );
}
