/** The current ClickHouse in a process. */
import { join } from "node:path";
import { CHDB, installPackages } from "../../helpers/python_packages.ts";
import type { SqlRow } from "../../../src/sql/asking.ts";
import type { Engine } from "../engine.ts";
import { startLines } from "./processes.ts";

const script = join(import.meta.dirname!, "clickhouse.py");

export const CLICKHOUSE: Engine = {
  dialect: "clickhouse",
  title: "ClickHouse",
  source: "PyPI, `chdb`",
  install() {
    const installed = installPackages(CHDB);
    if ("reason" in installed) return installed;
    return {
      async start(folder) {
        const engine = startLines([installed.python, script, join(folder, "clickhouse")], { TZ: "America/New_York" });
        const rows = async (statement: string) => await engine.ask({ statement }) as SqlRow[];
        return {
          version: String((await rows("SELECT version()"))[0]![0]),
          async load({ name, parquet }) {
            await engine.ask({
              run: `CREATE TABLE ${name} ENGINE = MergeTree ORDER BY tuple() AS ` +
                `SELECT * FROM file('${parquet}/*.parquet', Parquet)`,
            });
            return { from: name };
          },
          rows,
          stop: () => engine.stop(),
        };
      },
    };
  },
};
