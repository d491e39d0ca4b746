/** What files that hold secrets need besides `files.ts`: links, and one writer at a time. */
import { promises as fs } from "node:fs";
import { inputError, type MpError } from "../../errors.ts";

/** The path with symbolic links followed, so that a write replaces the file and not the link to it. */
export async function followLinks(path: string): Promise<string> {
  try {
    return await fs.realpath(path);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return path;
    throw error;
  }
}

export interface LockOptions {
  timeoutMs: number;
  /**
   * Called with a lock file that held something, such as what a crash of the machine has left, and was emptied. Without it
   * such a file is somebody else's, and left as it is.
   */
  onDamaged?(path: string): void;
}

/** What is said of a lock file that was not empty. */
export const damagedLock = (path: string): string => `The lock ${path} was damaged; it was replaced`;

/**
 * Runs `action` while no other process runs one with the same lock file; undefined when the lock was not to be had in
 * time. The file stays, empty. The lock is SQLite's: the system frees it when a process dies, so that none is ever stale.
 *
 * @throws MpError (input) for a file that holds something, unless `onDamaged` takes it.
 */
export async function withFileLock<T>(
  path: string,
  action: () => Promise<T>,
  options: LockOptions,
): Promise<{ value: T } | undefined> {
  const { DatabaseSync } = await import("node:sqlite");
  if (await isDamaged(path)) {
    if (options.onDamaged === undefined) throw notALock(path);
    // Emptied and not removed: another process may have it open, and one file must stay one lock.
    await fs.truncate(path);
    options.onDamaged(path);
  }
  const database = new DatabaseSync(path);
  try {
    // The wait is ours: SQLite's would block the event loop, and with it a holder in this process.
    database.exec("PRAGMA busy_timeout = 0");
    const deadline = performance.now() + options.timeoutMs;
    while (!takeLock(database)) {
      if (performance.now() >= deadline) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 5 + 20 * Math.random()));
    }
    try {
      return { value: await action() };
    } finally {
      database.exec("ROLLBACK");
    }
  } finally {
    database.close();
  }
}

function notALock(path: string): MpError {
  return inputError(
    `Cannot use ${path} as a lock: there is something in it`,
    "remove it when it is not needed, or name another file",
    "foreign_lock",
  );
}

/** A lock is taken without writing to its file, so there is never anything in it. */
async function isDamaged(path: string): Promise<boolean> {
  try {
    const { size } = await fs.stat(path);
    return size > 0;
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return false;
    throw error;
  }
}

function takeLock(database: { exec(sql: string): void }): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false;
    throw error;
  }
}
