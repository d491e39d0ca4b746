/** All that is stored under the ids of users: what data protection law lets them see, and have deleted. */
import type { Database } from "../../runtime/sqlite.ts";
import type { Events } from "./events.ts";
import type { EventCursor } from "./events_in_order.ts";
import { inTransaction } from "./transaction.ts";

export class UserData {
  constructor(private readonly database: Database, private readonly stored: Events) {}

  /** The users' events, in the order of time. */
  *events(projectId: number, ids: readonly string[]): Generator<EventCursor, void> {
    const codes = this.#codes(projectId, ids);
    if (codes.size === 0) return;
    for (const event of this.stored.inOrder(projectId, { fromMs: -Infinity, toMs: Infinity })) {
      if (codes.has(event.personCode)) yield event;
    }
  }

  /** Deletes the users' events and profiles, all or none. */
  delete(projectId: number, ids: readonly string[]): void {
    const codes = this.#codes(projectId, ids);
    const deletion = this.stored.of(projectId).deletion(({ people }, row) => codes.has(people[row] as number));
    const deleteProfile = this.database.prepare(
      "DELETE FROM profiles WHERE project_id = ? AND group_key = '' AND id = ?",
    );
    inTransaction(this.database, () => {
      deletion.write();
      for (const id of ids) deleteProfile.run(projectId, id);
    });
    deletion.apply();
  }

  /** The codes of those ids that events have been sent with. */
  #codes(projectId: number, ids: readonly string[]): Set<number> {
    const { people } = this.stored.table(projectId);
    return new Set(ids.map((id) => people.find(id)).filter((code) => code >= 0));
  }
}
