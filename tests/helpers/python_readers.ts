/** Readers of Parquet files and of workbooks for Python, installed on demand into a cache: they are too large for the lock file. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** With what `readers.py` calls them. DuckDB's timestamps need pytz. */
const PACKAGES = ["duckdb==1.5.6", "pytz", "pyarrow", "polars", "pandas", "chdb", "openpyxl", "python-calamine"];
const MODULES = ["duckdb", "pytz", "pyarrow", "polars", "pandas", "chdb", "openpyxl", "python_calamine"];
const INSTALL_MS = 600_000;

/** The interpreter that has them, or why there is none. */
export function installReaders(): { python: string } | { reason: string } {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "mp-tests", "python-readers");
  const python = join(folder, "bin", "python");
  if (existsSync(python) && hasModules(python)) return { python };
  mkdirSync(folder, { recursive: true });
  for (const argv of [["python3", "-m", "venv", folder], [python, "-m", "pip", "install", "--quiet", ...PACKAGES]]) {
    const [program = "", ...args] = argv;
    const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8", timeout: INSTALL_MS });
    if (status !== 0) {
      return { reason: error?.message ?? stderr.trim().split("\n").at(-1) ?? `it ended with ${status}` };
    }
  }
  return { python };
}

/** Whether all are installed; to import them would take seconds. */
function hasModules(python: string): boolean {
  const program = `import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, sys.argv[1:])))`;
  return spawnSync(python, ["-c", program, ...MODULES]).status === 0;
}
