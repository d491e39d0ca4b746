/** What people save in a project: funnels, cohorts, annotations and the like, each kind with ids of its own. */
import type { Database } from "../../runtime/sqlite.ts";
import { inTransaction } from "./transaction.ts";
import { parseJson, stringifyJson } from "../../streams/json/json.ts";

export class SavedObjects {
  /** Raised with each change: what was made of the objects before has to be made again. */
  version = 0;

  constructor(private readonly database: Database) {}

  /** Saves an object under an id, in place of what was there. */
  put(projectId: number, kind: string, id: number, body: object): void {
    this.version++;
    this.database.prepare("INSERT OR REPLACE INTO saved_objects VALUES (?, ?, ?, ?)")
      .run(projectId, kind, id, stringifyJson(body));
  }

  /** Saves a new object and returns its id. */
  add(projectId: number, kind: string, body: object): number {
    const { last } = this.database.prepare("SELECT max(id) AS last FROM saved_objects WHERE kind = ?").get(kind) as {
      last: number | null;
    };
    const id = (last ?? 1000) + 1;
    this.put(projectId, kind, id, body);
    return id;
  }

  get<T extends object>(projectId: number, kind: string, id: number): T | undefined {
    const row = this.database.prepare("SELECT body FROM saved_objects WHERE project_id = ? AND kind = ? AND id = ?")
      .get(projectId, kind, id);
    return row ? parseJson(row.body as string) as T : undefined;
  }

  /** All objects of a kind, in the order of their ids. */
  list<T extends object>(projectId: number, kind: string): { id: number; body: T }[] {
    return this.database.prepare("SELECT id, body FROM saved_objects WHERE project_id = ? AND kind = ? ORDER BY id")
      .all(projectId, kind).map((row) => ({ id: row.id as number, body: parseJson(row.body as string) as T }));
  }

  /** Keeps all that `work` saves or, when it throws, nothing. It may not be nested. */
  together<T>(work: () => T): T {
    return inTransaction(this.database, work);
  }

  /** Returns whether there was one to delete. */
  delete(projectId: number, kind: string, id: number): boolean {
    this.version++;
    return this.database.prepare("DELETE FROM saved_objects WHERE project_id = ? AND kind = ? AND id = ?")
      .run(projectId, kind, id).changes > 0;
  }
}
