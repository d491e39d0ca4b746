/** What files that hold secrets need besides `files.ts`: links, and one writer at a time. */
import { promises as fs } from "node:fs";

/** The path with symbolic links followed, so that a write replaces the file and not the link to it. */
export async function followLinks(path: string): Promise<string> {
  try {
    return await fs.realpath(path);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return path;
    throw error;
  }
}

/**
 * Runs `action` while no other process runs one with the same lock file; undefined when the lock was not to be had in
 * time. The file stays, empty. The lock is SQLite's: the system frees it when a process dies, so that none is ever stale.
 */
export async function withFileLock<T>(
  path: string,
  action: () => Promise<T>,
  options: { timeoutMs: number },
): Promise<{ value: T } | undefined> {
  const { DatabaseSync } = await import("node:sqlite");
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

function takeLock(database: { exec(sql: string): void }): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false;
    throw error;
  }
}
