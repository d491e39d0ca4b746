/** Reads a table back with DuckDB, a program that none of this was written with, and compares it with the events. */
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dataset } from "./dataset.ts";
import { COLUMNS } from "./events.ts";

/** Columns of text that is JSON; their white space and the notation of numbers do not matter. */
const JSON_COLUMNS: ReadonlySet<string> = new Set(["items"]);

/** Columns of numbers that a double holds. In a folder all of them are doubles, and are printed so: as numbers they are compared. */
const NUMBER_COLUMNS: ReadonlySet<string> = new Set(["amount", "$mp_api_timestamp_ms", "mp_processing_time_ms"]);

/**
 * Compares each value of a table with that of the events; the order of rows does not matter. Returns what to say of it.
 *
 * @throws Error when they differ
 */
export async function compareWithLines(path: string, format: "csv" | "parquet", data: Dataset): Promise<string> {
  let connection: DuckDBConnection;
  try {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    connection = await (await DuckDBInstance.create(":memory:")).connect();
  } catch {
    return "not read back: DuckDB is not installed";
  }
  const quoted = (name: string) => `"${name}"`;
  const table = format === "csv" ? `read_csv('${path}', all_varchar = true, header = true, nullstr = '')` : `'${path}'`;
  const source =
    `read_json('${data.linesPath}', format = 'newline_delimited', columns = {event: 'JSON', properties: 'JSON'})`;
  const text = (name: string) => {
    const value = name === "event" ? "event->>'$'" : `properties->>'$."${name}"'`;
    return `${JSON_COLUMNS.has(name) ? `(${value})::JSON::VARCHAR` : value} AS ${quoted(name)}`;
  };
  const cell = (name: string) =>
    name === "time" && format === "parquet"
      ? `CASE WHEN typeof(time) LIKE 'TIMESTAMP%' THEN epoch_ms(time::TIMESTAMPTZ) // 1000 ELSE time::BIGINT END::VARCHAR`
      : `${JSON_COLUMNS.has(name) ? `${quoted(name)}::JSON` : quoted(name)}::VARCHAR`;
  // Numbers are compared as numbers: 0.5 and 0.50 are one.
  const comparable = (name: string) => NUMBER_COLUMNS.has(name) ? `${quoted(name)}::DOUBLE` : cell(name);
  const digests = COLUMNS.map((name) => `sum(hash(${comparable(name)}))::VARCHAR`);
  const rows = `sum(hash(${COLUMNS.map(comparable).join(", ")}))::VARCHAR`;
  const summary = `SELECT count(*)::VARCHAR, ${rows}, ${digests.join(", ")}`;
  try {
    const read = (await connection.runAndReadAll(`${summary} FROM ${table}`)).getRows()[0]!;
    const sent =
      (await connection.runAndReadAll(`${summary} FROM (SELECT ${COLUMNS.map(text).join(", ")} FROM ${source})`))
        .getRows()[0]!;
    if (read[0] !== sent[0]) throw new Error(`DuckDB reads ${read[0]} rows of ${path} instead of ${sent[0]}`);
    const differing = COLUMNS.filter((_, index) => read[index + 2] !== sent[index + 2]);
    if (differing.length > 0) throw new Error(`DuckDB reads other values of ${differing.join(", ")} in ${path}`);
    if (read[1] !== sent[1]) throw new Error(`DuckDB reads the values of ${path} in other rows`);
    return "read back by DuckDB without a difference";
  } finally {
    connection.closeSync();
  }
}
