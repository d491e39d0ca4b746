/** Folders beside outputs, whose content is believed when a job is gone on with. */
import { promises as fs } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { inputError } from "../../errors.ts";

const OTHERS_MAY_WRITE = 0o022;

/**
 * Makes a folder for this user alone. One that is there must be as one that is made now would be: of the same owner,
 * and not open to others. Where a file system knows no owners and no permissions, both look alike.
 *
 * @throws MpError (input) when somebody else may have put something into it.
 */
export async function makeOwnFolder(path: string): Promise<void> {
  await fs.mkdir(dirname(path), { recursive: true });
  try {
    return await fs.mkdir(path, { mode: 0o700 });
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  }
  const there = await fs.lstat(path);
  if (there.isSymbolicLink()) throw strange(path, "it is a link");
  if (!there.isDirectory()) throw strange(path, "it is a file");
  if (process.platform === "win32") return;
  // In the folder itself: with it goes what is left when the process is killed here.
  const trial = await fs.mkdtemp(join(path, ".trial-")).catch((error: { code?: string }) => {
    throw error.code === "EACCES" && process.getuid?.() !== there.uid
      ? strange(path, "it belongs to another user")
      : error;
  });
  try {
    const { uid, mode } = await fs.stat(trial);
    if (there.uid !== uid) throw strange(path, "it belongs to another user");
    if ((there.mode & ~mode & OTHERS_MAY_WRITE) !== 0) throw strange(path, "other users can write to it");
  } finally {
    await fs.rmdir(trial);
  }
}

function strange(path: string, state: string) {
  return inputError(
    `Cannot go on with what is in ${JSON.stringify(path)}: ${state}`,
    "remove it to start over, or write to another place",
    "foreign_state",
  );
}
