/** DuckDB in this process. */
import { DuckDBInstance } from "@duckdb/node-api";
import type { SqlRow } from "../../../src/sql/asking.ts";
import { describedColumns, type Engine } from "../engine.ts";

export const DUCKDB: Engine = {
  dialect: "duckdb",
  title: "DuckDB",
  source: "npm, `@duckdb/node-api`",
  install: () => ({
    async start() {
      const instance = await DuckDBInstance.create();
      const connection = await instance.connect();
      const rows = async (statement: string) => (await connection.runAndReadAll(statement)).getRows() as SqlRow[];
      return {
        version: String((await rows("SELECT version()"))[0]![0]),
        async load(lake) {
          for (const statement of await lake.ddl({ engine: "duckdb" })) await connection.run(statement);
          return { from: lake.name, columns: describedColumns(await rows(`DESCRIBE ${lake.name}`)) };
        },
        rows,
        stop() {
          connection.closeSync();
          instance.closeSync();
          return Promise.resolve();
        },
      };
    },
  }),
};
