/** Events as older versions stored them: one row each. */
import type { Database } from "../../runtime/sqlite.ts";
import type { Events } from "./events.ts";

/** Enough to make a step cheap, few enough to stay out of the way. */
const PAGE_ROWS = 5000;

/**
 * Converts the rows of a file that an older version made, if there are any. The rows go at the end, so that what is cut
 * short starts over.
 */
export function convertRows(database: Database, events: Events): void {
  const hasRows = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'event_rows'").get();
  if (hasRows === undefined || hasRows === null) return;
  database.exec("BEGIN; DELETE FROM event_texts; DELETE FROM event_chunks; DELETE FROM event_tails; COMMIT");
  const projects = database.prepare("SELECT DISTINCT project_id AS id FROM event_rows").all();
  // The rows lie in the order of time; copies are told apart by the order in which they came.
  database.exec("CREATE INDEX IF NOT EXISTS event_rows_by_sequence ON event_rows (project_id, sequence)");
  const page = database.prepare(
    `SELECT sequence, event_names.name, time_ms AS timeMs, distinct_id AS distinctId, properties
     FROM event_rows JOIN event_names ON event_names.id = name_id
     WHERE event_rows.project_id = ? AND sequence > ? ORDER BY sequence LIMIT ${PAGE_ROWS}`,
  );
  for (const { id } of projects) {
    for (let after = -1;;) {
      const rows = page.all(id as number, after);
      if (rows.length === 0) break;
      events.append(id as number, rows.map((row) => rowOf(row)));
      after = rows[rows.length - 1]!.sequence as number;
    }
  }
  database.exec("BEGIN; DROP TABLE event_rows; DROP TABLE event_names; DROP TABLE event_sequence; COMMIT");
}

function rowOf({ name, timeMs, distinctId, properties }: Record<string, unknown>) {
  return {
    name: name as string,
    timeMs: timeMs as number,
    distinctId: distinctId as string,
    properties: properties as string,
  };
}
