/** Parts of files, and the order of folders. */
import { closeSync, openSync, promises as fs, readdirSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";

/** Larger parts are read without stopping everything else. */
const LARGE_BYTES = 8 * 1024 * 1024;

/**
 * The bytes from `start` up to, not including, `end`; fewer where the file ends before.
 *
 * The file is opened for each part: nobody has to close anything. What is not large is read at once, which takes a tenth of
 * the time that it takes to wait for it.
 */
export async function readFileRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, end - start));
  if (bytes.length > LARGE_BYTES) return await readLarge(path, start, bytes);
  const file = openSync(path, "r");
  try {
    let length = 0;
    while (length < bytes.length) {
      const count = readSync(file, bytes, length, bytes.length - length, start + length);
      if (count === 0) break;
      length += count;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

async function readLarge(path: string, start: number, bytes: Uint8Array): Promise<Uint8Array> {
  const handle = await fs.open(path, "r");
  try {
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, start + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}

/** What a folder holds. */
export interface FolderEntry {
  name: string;
  path: string;
  /** Links are followed; a link to nothing is neither. */
  isFolder: boolean;
  isFile: boolean;
  /** Why a link could not be followed: the error of the file system. */
  linkFault?: unknown;
}

/** The entries of a folder, in the order of their names as code units, which does not depend on the locale. */
export async function folderEntries(path: string): Promise<FolderEntry[]> {
  const entries = readdirSync(path, { withFileTypes: true });
  const found = await Promise.all(entries.map(async (entry) => {
    const full = path === "." ? entry.name : join(path, entry.name);
    const [stats, linkFault] = entry.isSymbolicLink() ? await followed(full) : [entry];
    return {
      name: entry.name,
      path: full,
      isFolder: stats?.isDirectory() ?? false,
      isFile: stats?.isFile() ?? false,
      linkFault,
    };
  }));
  return found.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** What a link leads to, or why it cannot be followed, which is for the caller to judge. */
async function followed(path: string): Promise<[Stats] | [undefined, unknown]> {
  try {
    return [await fs.stat(path)];
  } catch (error) {
    return [undefined, error];
  }
}
