/** What a folder of finished files needs besides `files.ts`. */
import { createReadStream, promises as fs } from "node:fs";

/** Windows opens no folders, and a user may be allowed to write to one and not to read it. */
const NO_FOLDERS_OPENED = ["EISDIR", "EACCES", "EPERM"];
/** Some network file systems refuse to sync folders: the rename itself has been done. */
const NO_FOLDERS_SYNCED = ["EINVAL", "EBADF", "EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EISDIR"];

async function unlessCode<T>(operation: Promise<T> | undefined, codes: readonly string[]): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (codes.includes((error as { code?: string }).code ?? "")) return undefined;
    throw error;
  }
}

/** Makes the names in a folder as durable as the files' contents, where the system can. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await unlessCode(fs.open(path, "r"), NO_FOLDERS_OPENED);
  try {
    await unlessCode(handle?.sync(), NO_FOLDERS_SYNCED);
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
