/** Files, on both runtimes. Everything here is `node:fs` underneath, which Deno and Bun both carry. */
import { createReadStream, promises as fs, readlinkSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { randomBytes } from "node:crypto";
import { BulkFile } from "./bulk_file.ts";
import { descriptorOf, openDescriptor } from "./descriptors.ts";
import { attempted, NotAFileError, unlessUnseen } from "./file_faults.ts";

export { basename, dirname, join, resolve } from "node:path";

/** What is known about a file or folder without opening it. */
export interface FileInfo {
  sizeBytes: number;
  /** Permission bits, such as 0o600. On Windows they say nothing about other users. */
  mode: number;
  /** The number of the user whose it is. */
  owner: number;
  isFolder: boolean;
  /** False for folders, devices and pipes. */
  isRegular: boolean;
  modifiedMs: number;
}

/** The device that is an empty file to who reads it. */
const NOTHING = "/dev/null";

/** A look at a name of the file system: waiting for it elsewhere takes ten times as long as it does itself. */
function looked<T>(look: () => T): Promise<T> {
  return new Promise((resolve) => resolve(look()));
}

/** What is known of a path, or undefined when nothing is there. */
export async function fileInfo(path: string): Promise<FileInfo | undefined> {
  try {
    const stats = await looked(() => statSync(path));
    return {
      sizeBytes: stats.size,
      mode: stats.mode & 0o777,
      owner: stats.uid,
      isFolder: stats.isDirectory(),
      isRegular: stats.isFile(),
      modifiedMs: stats.mtimeMs,
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const MOST_LINKS = 40;

/**
 * Where links lead to, also one that leads to a file which is not there yet. The path itself where nothing is there, for
 * what is neither file nor folder, and for a descriptor: behind its link is no name to go by.
 */
export async function realPath(path: string): Promise<string> {
  const info = await unlessUnseen(looked(() => statSync(path)));
  let place = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const at = place;
    if (descriptorOf(at) !== undefined) return at;
    const target = await unlessUnseen(looked(() => readlinkSync(at)));
    if (target === undefined) break;
    const parent = dirname(at);
    place = resolve(await unlessUnseen(looked(() => realpathSync.native(parent))) ?? parent, target);
  }
  if (info === undefined) return place;
  if (!info.isFile() && !info.isDirectory()) return path;
  return await unlessUnseen(looked(() => realpathSync.native(path))) ?? path;
}

/** Whether a path is written to as it is, and never replaced: a device, a named pipe, or a descriptor of this process. */
export async function takesBytesAsTheyCome(path: string): Promise<boolean> {
  const target = await realPath(path);
  if (descriptorOf(target) !== undefined) return true;
  const stats = await unlessUnseen(fs.stat(target));
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}

/** Whether a folder that is there is on another disk, as one that is mounted is. */
export async function isOnOtherDisk(folder: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([folder, other].map((path) => unlessUnseen(fs.stat(path, { bigint: true }))));
  return a !== undefined && b !== undefined && a.dev !== b.dev;
}

/** Whether two paths lead to one regular file, by whatever links. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => unlessUnseen(fs.stat(path, { bigint: true }))));
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino;
}

/**
 * A whole text file, or undefined when it is not there. A shell's `<(command)` is one too.
 *
 * @throws NotAFileError for a device or a named pipe, which could be read forever, or not begin.
 */
export async function readTextFile(path: string): Promise<string | undefined> {
  try {
    const stats = await fs.stat(path);
    if (stats.isFIFO() && descriptorOf(path) === undefined) throw new NotAFileError("named pipe");
    if (stats.isCharacterDevice() && descriptorOf(path) === undefined && path !== NOTHING) {
      throw new NotAFileError("device");
    }
    return await fs.readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The bytes of a file as a web stream, in chunks of 256 KiB. Errors surface when it is read. */
export function readFileStream(path: string): ReadableStream<Uint8Array> {
  return Readable.toWeb(createReadStream(path, { highWaterMark: 256 * 1024 })) as unknown as ReadableStream<Uint8Array>;
}

/**
 * Replaces a file in one step: readers see the old content or the new, never half of it. The new
 * content is on disk before the name moves, so that a power cut leaves one of the two. A file that was there keeps its
 * permissions, unless a mode is given; a link goes on pointing to it. What takes bytes as they come is written to.
 *
 * @param options `isOnlyWriter`: no other process writes the file, so that a temporary file beside it is what one that was
 * killed has left, and is replaced
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  options: { mode?: number; isOnlyWriter?: boolean } = {},
): Promise<void> {
  const target = await realPath(path);
  if (await takesBytesAsTheyCome(target)) return await writeThrough(target, content);
  const before = await unlessUnseen(fs.stat(target));
  const mode = options.mode ?? (before === undefined ? 0o644 : before.mode & 0o777);
  const temporary = options.isOnlyWriter
    ? leftoverOf(target)
    : join(dirname(target), `.${randomBytes(6).toString("hex")}.tmp`);
  const handle = await openNew(temporary, mode, options.isOnlyWriter);
  try {
    // The mode of a new file is cut by the user's mask; one that was there keeps its own.
    if (before !== undefined && options.mode === undefined) await handle.chmod(mode);
    await handle.writeFile(content);
    await handle.sync();
    await handle.close();
    await fs.rename(temporary, target);
  } catch (error) {
    await attempted(handle.close());
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

/** What a process leaves that is killed while it writes a file as the only one. */
const leftoverOf = (target: string): string => join(dirname(target), `.${basename(target)}.tmp`);

async function openNew(path: string, mode: number, replaces = false): Promise<fs.FileHandle> {
  try {
    return await fs.open(path, "wx", mode);
  } catch (error) {
    if (!replaces || (error as { code?: string }).code !== "EEXIST") throw error;
    await fs.rm(path);
    return await fs.open(path, "wx", mode);
  }
}

/** Removes a file that this process alone writes, and what an earlier one that was killed has left beside it. */
export async function removeAtomically(path: string): Promise<void> {
  await fs.rm(leftoverOf(await realPath(path)), { force: true });
  await fs.rm(path, { force: true });
}

async function writeThrough(target: string, content: string | Uint8Array): Promise<void> {
  const sink = await openSink(target);
  try {
    await sink.write(typeof content === "string" ? new TextEncoder().encode(content) : content);
  } finally {
    await sink.close();
  }
}

/** An open file that takes bytes in order. */
export interface FileSink {
  write(bytes: Uint8Array): Promise<void>;
  /** Returns when what was written is on disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file for writing; `flag` is `w` (replace), `a` (append) or `wx` (must be new). A descriptor is as it is. */
export async function openSink(
  path: string,
  options: { mode?: number; flag?: "w" | "a" | "wx" } = {},
): Promise<FileSink> {
  const descriptor = descriptorOf(path);
  if (descriptor !== undefined) return await openDescriptor(path, descriptor);
  const flag = options.flag ?? "w";
  const handle = await fs.open(path, flag, options.mode ?? 0o644);
  return new BulkFile(path, handle, { appends: flag === "a" });
}

export async function makeFolder(path: string, mode?: number): Promise<void> {
  await fs.mkdir(path, { recursive: true, mode });
}

/** A new, empty, private folder under the system's temporary folder. */
export async function makeTemporaryFolder(prefix: string): Promise<string> {
  const { tmpdir } = await import("node:os");
  return await fs.mkdtemp(join(tmpdir(), prefix));
}

export const renameFile = (from: string, to: string): Promise<void> => fs.rename(from, to);
export const removeFile = (path: string): Promise<void> => fs.rm(path, { force: true, recursive: true });
export const listFolder = (path: string): Promise<string[]> => fs.readdir(path);

function isMissing(error: unknown): boolean {
  const code = (error as { code?: string } | undefined)?.code;
  return code === "ENOENT" || code === "ENOTDIR";
}
