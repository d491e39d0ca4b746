/** Proves that a file can be written, before anything is done whose result it is for. */
import { constants, promises as fs } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { inputError } from "../../errors.ts";
import { descriptorOf } from "./descriptors.ts";
import { fileInfo, realPath } from "./files.ts";
import { writingFile } from "./write_fault.ts";

/**
 * Tries what writing the file takes, and leaves nothing behind: a file beside it is made and removed.
 *
 * @throws MpError (input) for a folder, for a path in a folder that is not there, and where this user may not write.
 */
export async function proveWritable(path: string): Promise<void> {
  await writingFile(path, tryToWrite(path));
}

/** Pipes whose readers would take it for the end if they were closed before anything is written. */
const heldPipes: fs.FileHandle[] = [];

/**
 * Proves that somebody reads a named pipe, and keeps it open until this process ends. For any other file it does nothing.
 *
 * @throws MpError (input) when nobody does: to write into it would wait forever.
 */
export async function proveRead(path: string): Promise<void> {
  const info = await fs.stat(path).catch(() => undefined); // expected: whatever it is, it is no pipe
  if (!info?.isFIFO() || descriptorOf(path) !== undefined) return;
  try {
    heldPipes.push(await fs.open(path, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch (error) {
    if ((error as { code?: string }).code !== "ENXIO") throw error;
    throw inputError(
      `Cannot write ${JSON.stringify(path)}: nobody reads the named pipe`,
      "start its reader first",
      "unread_pipe",
    );
  }
}

async function tryToWrite(path: string): Promise<void> {
  const refused = (state: string) =>
    inputError(`Cannot write ${JSON.stringify(path)}: ${state}`, undefined, "unwritable_file");
  const target = await realPath(path);
  if (descriptorOf(target) !== undefined) return;
  const info = await fileInfo(target);
  if (info?.isFolder) throw refused("it is a folder");
  // A device or a named pipe: to open it would wait for its reader.
  if (info !== undefined && !info.isRegular) return await fs.access(target, constants.W_OK);
  if (/[/\\]$/.test(path) || await fileInfo(dirname(target)) === undefined) throw refused("no such folder");
  const trial = join(dirname(target), `.${randomBytes(6).toString("hex")}.tmp`);
  await (await fs.open(trial, "wx", 0o600)).close();
  await fs.rm(trial);
}
