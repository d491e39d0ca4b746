/** Spark on one core. */
import { join } from "node:path";
import { installPackages, SPARK as PACKAGES } from "../../helpers/python_packages.ts";
import type { SqlRow } from "../../../src/sql/asking.ts";
import type { Engine } from "../engine.ts";
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
        return {
          version: String(await spark.ask({ version: true })),
          async load({ name, parquet }) {
            await spark.ask({ view: name, parquet });
            return { from: name };
          },
          rows: async (statement) => await spark.ask({ statement }) as SqlRow[],
          stop: () => spark.stop(),
        };
      },
    };
  },
};
