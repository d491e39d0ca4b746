/** The current ClickHouse in a process. */
import { join } from "node:path";
import { CHDB, installPackages } from "../../helpers/python_packages.ts";
import type { SqlRow } from "../../../src/sql/asking.ts";
import { describedColumns, type Engine } from "../engine.ts";
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
          async load(lake) {
            for (const run of await lake.ddl({ engine: "clickhouse" })) await engine.ask({ run });
            return { from: lake.name, columns: describedColumns(await rows(`DESCRIBE TABLE ${lake.name}`)) };
          },
          rows,
          stop: () => engine.stop(),
        };
      },
    };
  },
};
