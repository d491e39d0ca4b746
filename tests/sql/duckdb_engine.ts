/** DuckDB in this process, as an engine that questions are asked of. */
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { SqlQuestion, SqlValue } from "../../src/sql/asking.ts";
import { type SqlTable, tableOfSchema } from "../../src/sql/sql_table.ts";

export async function openDuckDb(): Promise<DuckDBConnection> {
  return await (await DuckDBInstance.create()).connect();
}

/** Runs the statement of a question. Returns the answer that its rows make. */
export async function answerOf(connection: DuckDBConnection, question: SqlQuestion): Promise<unknown> {
  const reader = await connection.runAndReadAll(question.statement);
  assert.deepEqual(reader.columnNames(), question.columns);
  const rows = reader.getRows() as SqlValue[][];
  for (const value of rows.flat()) {
    assert.ok(value === null || typeof value !== "object", `${question.statement} gave ${value}`);
  }
  return question.answer(rows);
}

/** A folder of Parquet that `mp export` wrote, as a table with the columns that its manifest names. */
export function lakeTable(folder: string): SqlTable {
  const manifest = JSON.parse(readFileSync(`${folder}.mp/_mp_manifest.json`, "utf8"));
  return tableOfSchema(`'${folder}/**/*.parquet'`, manifest.schema);
}
