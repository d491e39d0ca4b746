/** What a folder of finished files needs besides `files.ts`. */
import { createReadStream, promises as fs } from "node:fs";

/** Makes the names in a folder as durable as the files' contents, where the system can. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and some network file systems refuse to sync them: the rename itself has been done.
  const handle = await fs.open(path, "r").catch(() => undefined);
  try {
    await handle?.sync().catch(() => {});
  } finally {
    await handle?.close();
  }
}

/** Returns when a file's content is on disk. */
export async function syncFile(path: string): Promise<void> {
  // Windows syncs no file that is open for reading alone.
  const handle = await fs.open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export const setMode = (path: string, mode: number): Promise<void> => fs.chmod(path, mode);

/** The names in a folder, without following links to folders, which could lead in a circle. Empty when it is not there. */
export async function namesIn(path: string): Promise<{ files: string[]; folders: string[] }> {
  const files: string[] = [];
  const folders: string[] = [];
  const entries = await fs.readdir(path, { withFileTypes: true }).catch((error: { code?: string }) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const entry of entries) (entry.isDirectory() ? folders : files).push(entry.name);
  return { files, folders };
}

/** The bytes of a file from `start` up to, not including, `end`. Each chunk has memory of its own. */
export async function* readFileBetween(path: string, start = 0, end = Infinity): AsyncGenerator<Uint8Array, void> {
  if (end > start) yield* createReadStream(path, { start, end: end - 1, highWaterMark: 256 * 1024 });
}
