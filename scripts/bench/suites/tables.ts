/** Tables of a whole project, beside `curl` and DuckDB doing the same, and a folder of Parquet beside one file of it. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { inSeconds, megabytes, memoryRow, ratioRow, type Results, type Row } from "../comparison.ts";
import { requireEqual } from "../contents.ts";
import { dayAfter, DAYS } from "../dataset.ts";
import type { Measurement } from "../measure_process.ts";
import { compareWithLines } from "../read_back.ts";

/** Most times of `curl` and DuckDB. */
const LIMITS = { csv: 0.65, parquet: 0.7 };
const MEMORY_LIMITS_MB = { csv: 250, parquet: 300 };
/** Most times of one file. */
const FOLDER_LIMIT = 1.15;

const FORMS = { csv: "(HEADER)", parquet: "(FORMAT parquet)" };
const NAMES = { csv: "CSV", parquet: "Parquet" };

/** @param python has the package `duckdb`; without it mp is held against nothing but its own figures */
export async function tables(bench: Bench, python: string): Promise<Row[]> {
  const hasDuckDb = spawnSync(python, ["-c", "import duckdb"]).status === 0;
  if (!hasDuckDb) console.error(`${python} has no package duckdb: tables are not held against it`);
  const url = bench.url("export", `/api/2.0/export?from_date=${dayAfter(0)}&to_date=${dayAfter(DAYS - 1)}`);
  const range = ["--from", dayAfter(0), "--to", dayAfter(DAYS - 1), "--slice", String(DAYS)];
  const exported = (...args: string[]) => bench.mp("export", ["export", "events", ...range, ...args]);
  const peer = async (format: "csv" | "parquet"): Promise<Measurement> => {
    const lines = bench.path("peer.jsonl");
    const fetched = await bench.run(["curl", "--silent", "--fail", "--compressed", url, "--output", lines]);
    const statement = `COPY (SELECT event, unnest(properties) FROM read_json('${lines}')) TO '${
      bench.path(`peer.${format}`)
    }' ${FORMS[format]}`;
    const made = await bench.run([python, "-c", "import duckdb, sys; duckdb.sql(sys.argv[1])", statement]);
    return after(fetched, made);
  };
  const rows: Row[] = [];
  for (const format of ["csv", "parquet"] as const) {
    const results = await bench.inTurn({
      ...hasDuckDb && { peer: () => peer(format) },
      mp: () => exported("-f", format, "--output", bench.path(`mp.${format}`)),
      ...format === "parquet" && {
        folder: () => exported("-f", format, "--hive", "--output", bench.path("lake/")),
      },
    });
    if (hasDuckDb) {
      rows.push(ratioRow({
        what: `${NAMES[format]} of all events`,
        against: "`curl --compressed`, then DuckDB",
        ratio: results.ratio("mp", "peer"),
        limit: LIMITS[format],
        detail: `${spent(results, "mp")}; they ${spent(results, "peer")}, ${megabytes(results.peakBytes("peer"))}`,
      }));
    }
    rows.push(
      memoryRow(
        `${NAMES[format]} of all events`,
        [results.peakBytes("mp")],
        MEMORY_LIMITS_MB[format],
        `${bench.data.events.toLocaleString("en-US")} events`,
      ),
    );
    if (format === "parquet") rows.push(await folderRow(bench, results));
  }
  return rows;
}

/** The folder is the last that was written. */
async function folderRow(bench: Bench, results: Results): Promise<Row> {
  const folder = bench.path("lake");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".parquet"));
  requireEqual("files of days", files.length, DAYS);
  return ratioRow({
    what: "Folder of Parquet, a file for each day",
    against: "one file",
    ratio: results.ratio("folder", "mp"),
    limit: FOLDER_LIMIT,
    detail: `${spent(results, "folder")}, ${megabytes(results.peakBytes("folder"))}; one file ${
      spent(results, "mp")
    }; ${await compareWithLines(join(folder, "*", "*.parquet"), "parquet", bench.data)}`,
  });
}

/** One program after the other. */
function after(first: Measurement, second: Measurement): Measurement {
  return {
    seconds: first.seconds + second.seconds,
    peakBytes: Math.max(first.peakBytes, second.peakBytes),
    cpuSeconds: first.cpuSeconds + second.cpuSeconds,
  };
}

function spent(results: Results, name: string): string {
  return `${inSeconds(results.seconds(name))} (${inSeconds(results.cpuSeconds(name))} of processor)`;
}
