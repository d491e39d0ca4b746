/** Parts of files, and the order of folders. */
import { promises as fs } from "node:fs";
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
}

/** The entries of a folder, in the order of their names as code units, which does not depend on the locale. */
export async function folderEntries(path: string): Promise<FolderEntry[]> {
  const entries = await fs.readdir(path, { withFileTypes: true });
  const found = await Promise.all(entries.map(async (entry) => {
    const full = path === "." ? entry.name : join(path, entry.name);
    const stats = entry.isSymbolicLink() ? await fs.stat(full).catch(() => undefined) : entry;
    return {
      name: entry.name,
      path: full,
      isFolder: stats?.isDirectory() ?? false,
      isFile: stats?.isFile() ?? false,
    };
  }));
  return found.sort((a, b) => a.name < b.name ? -1 : 1);
}
