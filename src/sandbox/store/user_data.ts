/** All that is stored under the ids of users: what data protection law lets them see, and have deleted. */
import type { Database } from "../../runtime/sqlite.ts";
import { inTransaction } from "./transaction.ts";

/** An event with its properties as JSON text. */
interface UserEvent {
  name: string;
  timeMs: number;
  distinctId: string;
  properties: string;
}

/** SQLite takes more; a request has at most 2000 ids. */
const IDS_AT_A_TIME = 500;

export class UserData {
  constructor(private readonly database: Database) {}

  /** The users' events, in the order of time within each group of ids. */
  *events(projectId: number, ids: readonly string[]): Generator<UserEvent, void> {
    for (const some of groups(ids)) {
      yield* this.database.prepare(
        `SELECT event_names.name, time_ms AS timeMs, distinct_id AS distinctId, properties
         FROM events JOIN event_names ON event_names.id = events.name_id
         WHERE events.project_id = ? AND distinct_id IN (${marks(some)}) ORDER BY time_ms, sequence`,
      ).all(projectId, ...some) as unknown as UserEvent[];
    }
  }

  /** Deletes the users' events and profiles, all or none. */
  delete(projectId: number, ids: readonly string[]): void {
    inTransaction(this.database, () => {
      for (const some of groups(ids)) {
        this.database.prepare(`DELETE FROM events WHERE project_id = ? AND distinct_id IN (${marks(some)})`)
          .run(projectId, ...some);
        this.database.prepare(
          `DELETE FROM profiles WHERE project_id = ? AND group_key = '' AND id IN (${marks(some)})`,
        ).run(projectId, ...some);
      }
    });
  }
}

function groups(ids: readonly string[]): string[][] {
  return Array.from(
    { length: Math.ceil(ids.length / IDS_AT_A_TIME) },
    (_, index) => ids.slice(index * IDS_AT_A_TIME, (index + 1) * IDS_AT_A_TIME),
  );
}

function marks(values: readonly unknown[]): string {
  return values.map(() => "?").join();
}
