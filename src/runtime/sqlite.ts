/** SQLite, through `node:sqlite`, which Bun and Deno both carry. */
import { DatabaseSync, type StatementSync } from "node:sqlite";

export type Database = DatabaseSync;
export type Statement = StatementSync;

/**
 * Opens a database file, or a private one with `:memory:`. The busy timeout is set before the
 * journal mode, because changing the mode needs the lock too.
 */
export function openDatabase(path: string, options: { busyTimeoutMs?: number } = {}): Database {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs ?? 5000}`);
  if (path !== ":memory:") database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = NORMAL");
  return database;
}
