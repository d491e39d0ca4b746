/** Packages for Python, each list in an environment of its own. */
import { join } from "node:path";
import { install } from "./install.ts";

interface PythonPackages {
  /** Of their folder in the cache. */
  name: string;
  /** As pip knows them. */
  packages: readonly string[];
  /** As programs import them. */
  modules: readonly string[];
}

/** Readers of Parquet files. DuckDB's timestamps need pytz. */
export const READERS: PythonPackages = {
  name: "python-readers",
  packages: ["duckdb==1.5.6", "pytz", "pyarrow", "polars", "pandas", "chdb"],
  modules: ["duckdb", "pyarrow", "polars", "pandas", "chdb"],
};

/** Readers of workbooks. */
export const WORKBOOKS: PythonPackages = {
  name: "python-workbooks",
  packages: ["openpyxl", "pandas", "python-calamine"],
  modules: ["openpyxl", "pandas", "python_calamine"],
};

/** A reader of pictures. */
export const PICTURES: PythonPackages = { name: "python-pictures", packages: ["pillow"], modules: ["PIL.Image"] };

/** Mixpanel's own SDK. */
export const SDK: PythonPackages = {
  name: "python-sdk-5.4.1",
  packages: ["mixpanel==5.4.1"],
  modules: ["mixpanel.flags"],
};

/** Mixpanel's own utilities: exports, imports and changes of many profiles. */
export const UTILS: PythonPackages = {
  name: "python-utils-2.2.7",
  packages: ["mixpanel-utils==2.2.7"],
  modules: ["mixpanel_utils"],
};

/** Mixpanel's own command line, with the library under it. Later versions of typer lack what it uses. */
export const HEADLESS: PythonPackages = {
  name: "python-headless-0.4.0",
  packages: ["mixpanel-headless==0.4.0", "typer==0.21.1"],
  modules: ["mixpanel_headless"],
};

/** Singer's reader of Mixpanel. */
export const TAP: PythonPackages = {
  name: "python-tap-1.8.0",
  packages: ["tap-mixpanel==1.8.0"],
  modules: ["tap_mixpanel"],
};

/** Airbyte's reader of Mixpanel. */
export const AIRBYTE: PythonPackages = {
  name: "python-airbyte-4.0.2",
  packages: ["airbyte-source-mixpanel==4.0.2"],
  modules: ["source_mixpanel"],
};

/** Writers of Delta tables, with a reader of their own. */
export const DELTA: PythonPackages = {
  name: "python-delta",
  packages: ["deltalake==1.6.6", "pyarrow"],
  modules: ["deltalake", "pyarrow"],
};

/** ClickHouse in a process: the current engine, which Debian's packages do not have. */
export const CHDB: PythonPackages = { name: "python-chdb-4.4.0", packages: ["chdb==4.4.0"], modules: ["chdb"] };

/** Spark, of a version that has parts which refer to themselves. It needs Java 17 or newer. */
export const SPARK: PythonPackages = {
  name: "python-spark-4.1.4",
  packages: ["pyspark==4.1.4"],
  modules: ["pyspark.sql"],
};

/** A parser of SQL that knows the dialects of engines. */
export const SQL_PARSER: PythonPackages = {
  name: "python-sqlglot-30.30.0",
  packages: ["sqlglot==30.30.0"],
  modules: ["sqlglot"],
};

/** DuckDB's executable. */
export const DUCKDB_CLI: PythonPackages = {
  name: "python-duckdb-cli-1.5.6",
  packages: ["duckdb-cli==1.5.6"],
  modules: [],
};

/** The interpreter that has them, or why there is none. */
export function installPackages({ name, packages, modules }: PythonPackages): { python: string } | { reason: string } {
  const pythonIn = (folder: string) => join(folder, "bin", "python");
  const installed = install({
    name,
    commands: (folder) => [
      ["python3", "-m", "venv", folder],
      [pythonIn(folder), "-m", "pip", "install", "--quiet", ...packages],
      ...modules.length === 0 ? [] : [[pythonIn(folder), "-c", `import ${modules.join(", ")}`]],
    ],
  });
  return "reason" in installed ? installed : { python: pythonIn(installed.folder) };
}
