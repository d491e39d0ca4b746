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
