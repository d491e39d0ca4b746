/** Stored lookup tables, as the CSV text that they came in. */
import type { Database } from "../../runtime/sqlite.ts";

interface LookupTable {
  /** A UUID. */
  id: string;
  name: string;
}

export class LookupTables {
  constructor(private readonly database: Database) {}

  add(projectId: number, { id, name }: LookupTable, csv: string): void {
    this.database.prepare("INSERT INTO lookup_tables VALUES (?, ?, ?, ?)").run(projectId, id, name, csv);
  }

  /** All tables, by name. */
  list(projectId: number): LookupTable[] {
    return this.database.prepare("SELECT id, name FROM lookup_tables WHERE project_id = ? ORDER BY name, id")
      .all(projectId).map((row) => ({ id: row.id as string, name: row.name as string }));
  }

  /** A table's text, or undefined when there is no such table. */
  csv(projectId: number, id: string): string | undefined {
    const row = this.database.prepare("SELECT csv FROM lookup_tables WHERE project_id = ? AND id = ?")
      .get(projectId, id);
    return row ? row.csv as string : undefined;
  }

  rename(projectId: number, id: string, name: string): void {
    this.database.prepare("UPDATE lookup_tables SET name = ? WHERE project_id = ? AND id = ?").run(name, projectId, id);
  }

  delete(projectId: number, id: string): void {
    this.database.prepare("DELETE FROM lookup_tables WHERE project_id = ? AND id = ?").run(projectId, id);
  }

  /** Returns whether there was a table to replace. */
  replace(projectId: number, id: string, csv: string): boolean {
    return this.database.prepare("UPDATE lookup_tables SET csv = ? WHERE project_id = ? AND id = ?")
      .run(csv, projectId, id).changes > 0;
  }
}
