import type { Database } from "../../runtime/sqlite.ts";

/** Runs `work` so that all of its writes are kept or, when it throws, none. It may not be nested. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
