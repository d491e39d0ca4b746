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

/** Writers of Delta tables, with a reader of their own. */
export const DELTA: PythonPackages = {
  name: "python-delta",
  packages: ["deltalake==1.6.6", "pyarrow"],
  modules: ["deltalake", "pyarrow"],
};

/** The interpreter that has them, or why there is none. */
export function installPackages({ name, packages, modules }: PythonPackages): { python: string } | { reason: string } {
  const pythonIn = (folder: string) => join(folder, "bin", "python");
  const installed = install({
    name,
    commands: (folder) => [
      ["python3", "-m", "venv", folder],
      [pythonIn(folder), "-m", "pip", "install", "--quiet", ...packages],
      [pythonIn(folder), "-c", `import ${modules.join(", ")}`],
    ],
  });
  return "reason" in installed ? installed : { python: pythonIn(installed.folder) };
}
