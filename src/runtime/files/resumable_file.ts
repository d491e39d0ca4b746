/** A file that is written in several runs of a program. */
import { randomBytes } from "node:crypto";
import { constants, promises as fs } from "node:fs";
import { dirname, join } from "node:path";
import { BulkFile } from "./bulk_file.ts";
import { unlessUnseen } from "./file_faults.ts";
import { type FileSink, realPath } from "./files.ts";

/**
 * Opens a file to go on after its first `keepBytes`; what comes after them is cut off. It is made when it is not there.
 * Fails when it is shorter than that, and when a link is in its place: its name is one that others can foresee.
 */
export async function openResumable(path: string, keepBytes: number, mode = 0o644): Promise<FileSink> {
  // Windows has no such flag.
  const { O_RDWR, O_CREAT, O_NOFOLLOW = 0 } = constants;
  const handle = await fs.open(path, O_RDWR | O_NOFOLLOW | (keepBytes === 0 ? O_CREAT : 0), mode);
  try {
    const { size } = await handle.stat();
    if (size < keepBytes) throw new Error(`${path} has ${size} bytes, and not ${keepBytes}`);
    await handle.truncate(keepBytes);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return new BulkFile(path, handle, { position: keepBytes });
}

/**
 * Gives a finished file its name, in place of one that was there, whose permissions it keeps; else it gets those of
 * a new file. A link goes on pointing to its file. Both must be on one file system.
 */
export async function adoptFile(from: string, to: string): Promise<void> {
  const target = await realPath(to);
  const before = await unlessUnseen(fs.stat(target));
  await fs.chmod(from, before === undefined ? await newFileMode(target) : before.mode & 0o777);
  await fs.rename(from, target);
}

/** The permissions that a new file gets there. Deno does not tell the user's mask to a program with few permissions. */
async function newFileMode(target: string): Promise<number> {
  const trial = join(dirname(target), `.${randomBytes(6).toString("hex")}.tmp`);
  const handle = await fs.open(trial, "wx", 0o644);
  try {
    return (await handle.stat()).mode & 0o777;
  } finally {
    await handle.close();
    await fs.rm(trial);
  }
}
