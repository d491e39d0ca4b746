/** Packages for Python, installed on demand into a cache: they are too large for the lock file, or have no place in it. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const INSTALL_MS = 600_000;

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

/** The interpreter that has them, or why there is none. */
export function installPackages({ name, packages, modules }: PythonPackages): { python: string } | { reason: string } {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "mp-tests", name);
  const python = join(folder, "bin", "python");
  if (existsSync(python) && spawnSync(python, ["-c", `import ${modules.join(", ")}`]).status === 0) return { python };
  mkdirSync(folder, { recursive: true });
  for (const argv of [["python3", "-m", "venv", folder], [python, "-m", "pip", "install", "--quiet", ...packages]]) {
    const [program = "", ...args] = argv;
    const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8", timeout: INSTALL_MS });
    if (status !== 0) {
      return { reason: error?.message ?? stderr.trim().split("\n").at(-1) ?? `it ended with ${status}` };
    }
  }
  return { python };
}
