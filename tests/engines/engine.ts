/** An engine that runs the statements of questions. */
import type { EngineColumn } from "../../src/engines/engine.ts";
import type { SqlRow } from "../../src/sql/asking.ts";
import type { EngineName } from "../../src/sql/dialect.ts";

/** A lake that `mp export` made. */
export interface Lake {
  /** Of its table: letters and digits. */
  name: string;
  /** A folder of Parquet files. */
  folder: string;
  /** What `mp lake ddl` prints, a statement each. */
  ddl(flags: { engine: EngineName; location?: string; table?: string }): Promise<string[]>;
}

/** A table as it stands in a statement, with the engine's names for the types of columns. */
export interface LoadedTable {
  from: string;
  columns: readonly EngineColumn[];
}

export interface Engine {
  dialect: EngineName;
  /** As the docs call it. */
  title: string;
  /** Where it comes from. */
  source: string;
  /** How to start it, or why that cannot be done here. */
  install(): { start(folder: string): Promise<RunningEngine> } | { reason: string };
}

export interface RunningEngine {
  version: string;
  /** Makes a lake a table. */
  load(lake: Lake): Promise<LoadedTable>;
  rows(statement: string): Promise<SqlRow[]>;
  /** How `--source` names a table, and what it needs; undefined where mp does not ask this engine itself. */
  source?(table: LoadedTable): Promise<{ address: string; env?: Record<string, string | undefined> }>;
  stop(): Promise<void>;
}

/** The columns of a statement that describes a table: name and type, and then what else it has to say. */
export function describedColumns(rows: readonly SqlRow[]): EngineColumn[] {
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}
