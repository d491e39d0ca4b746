/** Stored profiles: of users, and of groups such as companies. */
import type { Database, Statement } from "../../runtime/sqlite.ts";
import { parseJson, stringifyJson } from "../../streams/json/json.ts";
import { inTransaction } from "./transaction.ts";

/** The group key of user profiles. */
export const USER_GROUP_KEY = "";

export interface Profile {
  distinctId: string;
  properties: Record<string, unknown>;
}

export class Profiles {
  readonly #get: Statement;
  readonly #put: Statement;
  readonly #delete: Statement;

  constructor(private readonly database: Database) {
    this.#get = database.prepare("SELECT properties FROM profiles WHERE project_id = ? AND group_key = ? AND id = ?");
    this.#put = database.prepare("INSERT OR REPLACE INTO profiles VALUES (?, ?, ?, ?)");
    this.#delete = database.prepare("DELETE FROM profiles WHERE project_id = ? AND group_key = ? AND id = ?");
  }

  /** A profile's properties, or undefined when there is none. */
  get(projectId: number, groupKey: string, id: string): Record<string, unknown> | undefined {
    const row = this.#get.get(projectId, groupKey, id);
    return row ? parseProperties(row.properties) : undefined;
  }

  put(projectId: number, groupKey: string, id: string, properties: Record<string, unknown>): void {
    this.#put.run(projectId, groupKey, id, stringifyJson(properties));
  }

  delete(projectId: number, groupKey: string, id: string): void {
    this.#delete.run(projectId, groupKey, id);
  }

  /** Writes user profiles in bulk, each in place of the one that was there. */
  putAll(projectId: number, profiles: Iterable<Profile>): void {
    inTransaction(this.database, () => {
      for (const { distinctId, properties } of profiles) this.put(projectId, USER_GROUP_KEY, distinctId, properties);
    });
  }

  /** Changes several profiles, all or none. */
  change<T>(work: () => T): T {
    return inTransaction(this.database, work);
  }

  count(projectId: number, groupKey: string = USER_GROUP_KEY): number {
    return this.database.prepare("SELECT count(*) AS count FROM profiles WHERE project_id = ? AND group_key = ?")
      .get(projectId, groupKey)!.count as number;
  }

  /** All profiles, in the order of their ids. */
  *all(projectId: number, groupKey: string = USER_GROUP_KEY): Generator<Profile, void> {
    const statement = this.database.prepare(
      `SELECT id, properties FROM profiles WHERE project_id = ? AND group_key = ? AND id > ? ORDER BY id LIMIT 1000`,
    );
    let page = this.database.prepare(
      "SELECT id, properties FROM profiles WHERE project_id = ? AND group_key = ? ORDER BY id LIMIT 1000",
    ).all(projectId, groupKey);
    while (page.length > 0) {
      for (const row of page) {
        yield { distinctId: row.id as string, properties: parseProperties(row.properties) };
      }
      page = page.length < 1000 ? [] : statement.all(projectId, groupKey, page[page.length - 1].id as string);
    }
  }

  /** Profiles of users, and then of groups, whose id contains a text, in the order of their ids. */
  search(projectId: number, text: string, limit: number): (Profile & { groupKey: string })[] {
    return this.database.prepare(
      `SELECT group_key, id, properties FROM profiles WHERE project_id = ? AND instr(id, ?) > 0
       ORDER BY group_key, id LIMIT ?`,
    ).all(projectId, text, limit).map((row) => ({
      groupKey: row.group_key as string,
      distinctId: row.id as string,
      properties: parseProperties(row.properties),
    }));
  }

  /** The id that the query API knows a kind of group by; given to it when the first such group is written. */
  dataGroupId(projectId: number, groupKey: string): string {
    const row = this.database.prepare("SELECT id FROM data_groups WHERE project_id = ? AND group_key = ?")
      .get(projectId, groupKey);
    if (row) return row.id as string;
    const { count } = this.database.prepare("SELECT count(*) AS count FROM data_groups").get() as { count: number };
    // Real ones have 19 digits, more than a JavaScript number holds.
    const id = String(1_000_000_000_000_000_001n + BigInt(count));
    this.database.prepare("INSERT INTO data_groups VALUES (?, ?, ?)").run(projectId, groupKey, id);
    return id;
  }

  dataGroups(projectId: number): { groupKey: string; id: string }[] {
    return this.database.prepare("SELECT group_key, id FROM data_groups WHERE project_id = ? ORDER BY id")
      .all(projectId).map((row) => ({ groupKey: row.group_key as string, id: row.id as string }));
  }
}

function parseProperties(text: unknown): Record<string, unknown> {
  return parseJson(text as string) as Record<string, unknown>;
}
