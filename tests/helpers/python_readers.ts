/** Readers of Parquet files for Python, installed on demand into a cache: they are too large for the lock file. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** With what `readers.py` calls them. DuckDB's timestamps need pytz. */
const PACKAGES = ["duckdb==1.5.6", "pytz", "pyarrow", "polars", "pandas", "chdb"];
const INSTALL_MS = 600_000;

/** The interpreter that has them, or why there is none. */
export function installReaders(): { python: string } | { reason: string } {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "mp-tests", "python-readers");
  const python = join(folder, "bin", "python");
  const done = join(folder, "bin", "chdb");
  if (existsSync(python) && (existsSync(done) || works(python))) return { python };
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

function works(python: string): boolean {
  return spawnSync(python, ["-c", "import duckdb, pyarrow, polars, pandas, chdb"]).status === 0;
}
