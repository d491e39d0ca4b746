/** An engine that runs the statements of questions. */
import type { SqlRow } from "../../src/sql/asking.ts";
import type { EngineName } from "../../src/sql/dialect.ts";
import type { SqlTable } from "../../src/sql/sql_table.ts";

/** A lake in the forms that engines read. All have the same columns, by safe names. */
export interface LakeFiles {
  /** Of this run's tables: letters and digits. */
  name: string;
  /** A folder of Parquet files. */
  parquet: string;
  /** A file with the same rows, whose first line is the names. */
  csv: string;
  columns: readonly { name: string; type: string }[];
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
  /** Makes a table of a lake. */
  load(lake: LakeFiles): Promise<SqlTable>;
  rows(statement: string): Promise<SqlRow[]>;
  stop(): Promise<void>;
}
