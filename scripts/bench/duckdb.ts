/** DuckDB, through a Python that has its package: what it takes for the same work. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { type Measurement, measureProcess } from "./measure_process.ts";

const CREATE = `
import duckdb, sys
con = duckdb.connect()
con.execute("CREATE TABLE events AS SELECT * FROM read_json('" + sys.argv[1] + "', format='newline_delimited')")
`;

/** Reads events into a table; undefined when there is no DuckDB. */
export async function createTable(python: string, lines: string, home: string): Promise<Measurement | undefined> {
  if (spawnSync(python, ["-c", "import duckdb"]).status !== 0) return undefined;
  const env = { PATH: process.env.PATH ?? "", HOME: home };
  return await measureProcess([python, "-c", CREATE, lines], {
    env,
    stdout: join(home, "duckdb.txt"),
    limitMs: 1_800_000,
  });
}
