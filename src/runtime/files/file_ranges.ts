/** Parts of files, and the order of folders. */
import { promises as fs, type Stats } from "node:fs";
import { join } from "node:path";

/**
 * The bytes from `start` up to, not including, `end`; fewer where the file ends before.
 *
 * The file is opened for each part: parts are large and few, and nobody has to close anything.
 */
export async function readFileRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const handle = await fs.open(path, "r");
  try {
    const bytes = new Uint8Array(Math.max(0, end - start));
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
  const entries = await fs.readdir(path, { withFileTypes: true });
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
