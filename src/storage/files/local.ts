/** A folder of this machine as a storage. */
import { inputError, MpError } from "../../errors.ts";
import { attempted, readFault, unlessUnseen, writeFault } from "../../runtime/files/file_faults.ts";
import {
  basename,
  dirname,
  type FileInfo,
  fileInfo,
  join,
  makeFolder,
  openSink,
  readTextFile,
  realPath,
  removeFile,
  renameFile,
  takesBytesAsTheyCome,
} from "../../runtime/files/files.ts";
import { randomUUID } from "../../runtime/hash.ts";
import { isProcessAlive, processId } from "../../runtime/process.ts";
import { adoptFile } from "../../runtime/files/resumable_file.ts";
import { namesIn, readFileBetween, setMode, syncFile, syncFolder } from "../../runtime/files/stored_files.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";
import { LOCK_NAME } from "../lock.ts";
import type { Storage, StoredFile, StoredInfo } from "../storage.ts";
import { writeWhole } from "../write_whole.ts";

/** What a file is called while it is written: its name, the process that writes it, and a part of chance. */
const LEFTOVER = /^(.+)\.(\d+)\.[0-9a-f]{8}\.part$/s;
const isOutput = (name: string): boolean => !LEFTOVER.test(name) && name !== LOCK_NAME;

/**
 * The folder as a storage; it is made with the first file.
 *
 * @param partsIn another folder of the same disk, for files that are being written. Default: beside the files themselves
 */
export function localStorage(address: string, partsIn?: string): Storage {
  const folder = address === "" ? "." : address.replace(/(?<=.)[/\\]+$/, "");
  const at = (path: string) => join(folder, checkedPath(path, folder));
  const leftovers: Leftovers = new Map();
  const create: Storage["create"] = (path, options) => createFile(at(path), { ...options, partsIn }, leftovers);

  return {
    address: folder,
    folder,
    addressOf: at,
    async info(path) {
      const info = await reading(at(path), fileInfo(at(path)));
      return info === undefined || info.isFolder ? undefined : storedInfo(info);
    },
    list: (prefix = "") => listed(folder, prefix),
    read: (path, range) => bytesOf(at(path), range),
    readText: (path) => reading(at(path), readTextFile(at(path))),
    async writeText(path, text) {
      await writeWhole(await create(path), (file) => file.write(new TextEncoder().encode(text)));
    },
    create,
    withPartsIn: (folder) => localStorage(address, folder),
    stateFolder: (path) => path === undefined ? join(folder, ".mp-export") : `${at(path)}.mp-export`,
    adopt: (from, path) => writingFile(at(path), adopt(from, at(path), leftovers)),
    remove: (path) => writingFile(at(path), removeFile(at(path))),
  };
}

/** A file of this machine that is being written. */
export interface LocalFile extends StoredFile {
  /** Where what was written is after `abort`, if it was to be kept. */
  kept?: string;
}

/**
 * Begins a file, which has a name of its own beside its path until it is committed: two processes that write one file do
 * not disturb each other, and what one that was killed has left is removed.
 *
 * @param options `mode` is that of a new file; with `keepsPart`, what was written is called `<path>.part` after `abort`; with
 * `partsIn`, it is in that folder until it is committed
 */
export function createFile(
  path: string,
  options: { mode?: number; keepsPart?: boolean; partsIn?: string } = {},
  leftovers: Leftovers = new Map(),
): Promise<LocalFile> {
  return writingFile(path, begin(path, options, leftovers));
}

/** What was left in each folder when a file of it was first written, by the names of the files it was to become. */
type Leftovers = Map<string, Map<string, string[]>>;

/** Removes what dead writers have left of a file. A folder of many files is read once. */
async function cleanUp(target: string, leftovers: Leftovers, parent = dirname(target)): Promise<void> {
  let left = leftovers.get(parent);
  if (left === undefined) {
    // A user may be allowed to write to a folder and not to read it.
    leftovers.set(parent, left = leftoversOf((await unlessUnseen(namesIn(parent)))?.files ?? []));
  }
  const names = left.get(basename(target)) ?? [];
  left.delete(basename(target));
  for (const name of names) {
    // A process of this number that is not this one may be a living writer.
    if (isWriting(name) || isOther(Number(LEFTOVER.exec(name)?.[2]))) continue;
    await attempted(removeFile(join(parent, name)));
  }
}

function leftoversOf(names: readonly string[]): Map<string, string[]> {
  const left = new Map<string, string[]>();
  for (const name of names) {
    const whole = LEFTOVER.exec(name)?.[1];
    if (whole !== undefined) left.set(whole, [...left.get(whole) ?? [], name]);
  }
  return left;
}

/** The names of the files that this process is writing. */
const writing = new Set<string>();
const isWriting = (name: string): boolean => writing.has(name);
const isOther = (pid: number): boolean => pid !== processId() && isProcessAlive(pid);

async function begin(
  shown: string,
  { mode, keepsPart = false, partsIn }: { mode?: number; keepsPart?: boolean; partsIn?: string },
  leftovers: Leftovers,
): Promise<LocalFile> {
  const { target, before } = await prepared(shown);
  if (await takesBytesAsTheyCome(target)) return await beginDevice(shown, target);
  const parts = partsIn ?? dirname(target);
  if (partsIn !== undefined) await makeFolder(partsIn);
  await cleanUp(target, leftovers, parts);
  const name = `${basename(target)}.${processId()}.${randomUUID().slice(0, 8)}.part`;
  const own = join(parts, name);
  const sink = await openSink(own, { mode: mode ?? before?.mode, flag: "wx" });
  writing.add(name);
  let isOpen = true;
  let hasContent = false;
  const close = async () => {
    if (isOpen) await sink.close();
    isOpen = false;
  };
  const file: LocalFile = {
    write(bytes) {
      hasContent ||= bytes.length > 0;
      return writingFile(shown, sink.write(bytes));
    },
    commit: () =>
      writingFile(
        shown,
        (async () => {
          await sink.sync();
          await close();
          // The mode of a new file is cut by the user's mask; one that was there keeps its own.
          if (before !== undefined && mode === undefined) await setMode(own, before.mode);
          await renameFile(own, target);
          writing.delete(name);
          await syncFolder(dirname(target));
        })(),
      ),
    async abort() {
      await attempted(close());
      if (!writing.delete(name)) return;
      if (!keepsPart || !hasContent) return await removeFile(own);
      file.kept = `${target}.part`;
      await renameFile(own, file.kept);
    },
  };
  return file;
}

async function adopt(from: string, shown: string, leftovers: Leftovers): Promise<boolean> {
  const { target, before } = await prepared(shown);
  if (before !== undefined && !before.isRegular) return false;
  await cleanUp(target, leftovers);
  await syncFile(from);
  try {
    await adoptFile(from, target);
  } catch (cause) {
    // A link may lead to another file system.
    if ((cause as { code?: string }).code === "EXDEV") return false;
    throw cause;
  }
  await syncFolder(dirname(target));
  return true;
}

/** Where a file goes, and what is there. */
async function prepared(shown: string): Promise<{ target: string; before: FileInfo | undefined }> {
  await makeFolderOf(shown);
  // A link goes on pointing to its file.
  const target = await realPath(shown);
  const before = await fileInfo(target);
  if (before?.isFolder) {
    throw inputError(`Cannot write ${JSON.stringify(shown)}: it is a folder`, undefined, "unwritable_file");
  }
  return { target, before };
}

/** What is no file, such as `/dev/null` or a named pipe, takes the bytes as they come. */
async function beginDevice(shown: string, target: string): Promise<StoredFile> {
  const sink = await openSink(target, { flag: "w" });
  return {
    write: (bytes) => writingFile(shown, sink.write(bytes)),
    commit: () => writingFile(shown, sink.close()),
    abort: () => attempted(sink.close()),
  };
}

async function makeFolderOf(path: string): Promise<void> {
  const parent = dirname(path);
  try {
    await makeFolder(parent);
  } catch (cause) {
    const isFile = (cause as { code?: string }).code === "EEXIST" || (cause as { code?: string }).code === "ENOTDIR";
    const state = isFile ? "a file is in its place" : writeFault(cause);
    throw inputError(`Cannot make the folder ${JSON.stringify(parent)}: ${state}`, undefined, "unwritable_folder");
  }
}

/** All files below a folder, in the order of their whole paths, as a bucket lists them. */
async function* listed(folder: string, prefix: string): AsyncGenerator<{ path: string } & StoredInfo> {
  const slash = prefix.lastIndexOf("/");
  const start = slash < 0 ? "" : prefix.slice(0, slash + 1);
  if (start !== "") checkedPath(start.slice(0, -1), folder);
  yield* below(start);

  async function* below(parent: string): AsyncGenerator<{ path: string } & StoredInfo> {
    const place = parent === "" ? folder : join(folder, parent);
    const { files, folders } = await reading(place, namesIn(place));
    const names = [...files.filter(isOutput), ...folders.map((name) => `${name}/`)].sort(byBytes);
    for (const name of names) {
      const path = parent + name;
      if (name.endsWith("/")) {
        if (path.startsWith(prefix) || prefix.startsWith(path)) yield* below(path);
      } else if (path.startsWith(prefix)) {
        const info = await reading(join(folder, path), fileInfo(join(folder, path)));
        if (info?.isRegular) yield { path, ...storedInfo(info) };
      }
    }
  }
}

async function* bytesOf(path: string, range: { start?: number; end?: number } = {}): AsyncGenerator<Uint8Array> {
  try {
    yield* readFileBetween(path, range.start, range.end);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

const storedInfo = ({ sizeBytes, modifiedMs }: FileInfo): StoredInfo => ({
  sizeBytes,
  version: `${sizeBytes}-${Math.floor(modifiedMs)}`,
});

async function reading<T>(path: string, action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): unknown {
  const state = readFault(cause);
  if (cause instanceof MpError || state === undefined) return cause;
  const isMissing = state === "no such file";
  return new MpError(`Cannot read ${JSON.stringify(path)}: ${state}`, {
    category: isMissing ? "not_found" : "input",
    code: isMissing ? "missing_file" : "unreadable_file",
    cause,
  });
}

/** A path that stays in the folder: it may come from a manifest that anyone has written. */
function checkedPath(path: string, folder: string): string {
  const parts = path.split(/[/\\]/);
  // deno-lint-ignore no-control-regex -- a zero byte ends a path for the system
  if (!parts.some((part) => part === "" || part === "." || part === "..") && !/\x00|^[A-Za-z]:/.test(path)) return path;
  throw inputError(
    `Cannot use the path ${JSON.stringify(path)}: it leads out of ${JSON.stringify(folder)}`,
    undefined,
    "bad_path",
  );
}

/** Names in the order of their UTF-8 bytes, which is that of their code points. */
function byBytes(one: string, other: string): number {
  const [a, b] = [new TextEncoder().encode(one), new TextEncoder().encode(other)];
  for (let index = 0; index < a.length && index < b.length; index++) {
    if (a[index] !== b[index]) return a[index]! - b[index]!;
  }
  return a.length - b.length;
}
