/** What a question is made of, and what it becomes. */
import { inputError } from "../errors.ts";
import type { Fields } from "../sandbox/fields.ts";
import type { Dialect } from "./dialect.ts";
import type { SqlTable } from "./sql_table.ts";

/** A value of a row: text (days too), a number, a truth, or null. Whole numbers may come as bigint. */
export type SqlValue = string | number | bigint | boolean | null;
export type SqlRow = readonly SqlValue[];

export interface SqlQuestion {
  /** One SELECT, with the question in a comment above it. */
  statement: string;
  /** Names of the columns, in the order in which `answer` wants them. */
  columns: readonly string[];
  /** The JSON body with which the query API would answer. The order of the rows does not matter. */
  answer(rows: readonly SqlRow[]): unknown;
}

export interface SqlOptions {
  table: SqlTable;
  dialect: Dialect;
  /** IANA name of the project's zone, by whose clock days are cut. */
  timeZone: string;
  nowMs: number;
}

/** A question as its builder gets it. */
export interface SqlAsking extends SqlOptions {
  fields: Fields;
}

/** What has no statement. `what` completes "Cannot write … as SQL". */
export function notInSql(what: string, hint?: string): Error {
  return inputError(`Cannot write ${what} as SQL`, hint, "not_in_sql");
}
