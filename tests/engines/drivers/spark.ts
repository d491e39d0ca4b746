/** Spark on one core. */
import { join } from "node:path";
import { installPackages, SPARK as PACKAGES } from "../../helpers/python_packages.ts";
import type { SqlRow } from "../../../src/sql/asking.ts";
import { describedColumns, type Engine } from "../engine.ts";
import { findJava } from "./java.ts";
import { startLines } from "./processes.ts";

const script = join(import.meta.dirname!, "spark.py");

export const SPARK: Engine = {
  dialect: "spark",
  title: "Spark",
  source: "PyPI, `pyspark`",
  install() {
    const java = findJava(17, 21);
    if (java === undefined) return { reason: "no Java 17 or 21" };
    const installed = installPackages(PACKAGES);
    if ("reason" in installed) return installed;
    return {
      async start(folder) {
        const spark = startLines([installed.python, script, folder], { JAVA_HOME: java, SPARK_LOCAL_IP: "127.0.0.1" });
        const rows = async (statement: string) => await spark.ask({ statement }) as SqlRow[];
        return {
          version: String(await spark.ask({ version: true })),
          async load(lake) {
            for (const statement of await lake.ddl({ engine: "spark" })) await rows(statement);
            const columns = describedColumns(await rows(`DESCRIBE TABLE ${lake.name}`));
            // A timestamp of Spark is an instant.
            const typed = columns.map(({ name, type }) => ({
              name,
              type: type.replace(/^timestamp$/, "$& with time zone"),
            }));
            return { from: lake.name, columns: typed };
          },
          rows,
          stop: () => spark.stop(),
        };
      },
    };
  },
};
