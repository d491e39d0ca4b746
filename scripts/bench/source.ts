/**
 * How long a question takes that is asked of files, as a whole process, with DuckDB beside it in the same round:
 *
 *     bun scripts/bench/source.ts [--events 1000000] [--rounds 5] [--python PYTHON] [--binary PATH] [--keep FOLDER]
 *
 * The lake is what `mp export` writes of thirty days: gzip JSON Lines, and Parquet in Hive's folders. PYTHON has the
 * package `duckdb`; its process is the import of the package and one statement, which finds out itself what is in the files,
 * as mp does; of JSON Lines also one that is told. It ends with 1 when a limit is missed.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { ROOT } from "../project.ts";
import { Bench } from "./bench.ts";
import { inSeconds, megabytes, ratioRow, type Row } from "./comparison.ts";
import { dayAfter, DAYS } from "./dataset.ts";

const PARQUET_LIMIT = 1, LINES_LIMIT = 0.75;

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    python: { type: "string", default: "python3" },
    binary: { type: "string", default: join(ROOT, "dist", "mp") },
    keep: { type: "string" },
  },
});

const STATEMENTS = {
  segmentation: `SELECT CAST(epoch_ms(t) AS DATE), browser, count(*) FROM e WHERE event = 'Page View' GROUP BY ALL`,
  unique: `SELECT CAST(epoch_ms(t) AS DATE), count(DISTINCT distinct_id) FROM e WHERE event = 'Page View' GROUP BY ALL`,
};

const FROM = {
  parquet: (lake: string) =>
    `SELECT event, epoch_ms("time") AS t, distinct_id, "$browser" AS browser FROM read_parquet('${lake}/**/*.parquet')`,
  lines: (lake: string) => linesOf(`'${lake}/*.jsonl.gz'`),
  typed: (lake: string) =>
    linesOf(`'${lake}/*.jsonl.gz', format = 'newline_delimited', columns = {'event': 'VARCHAR',
      'properties': 'STRUCT("time" BIGINT, distinct_id VARCHAR, "$browser" VARCHAR)'}`),
};

function linesOf(read: string): string {
  return `SELECT event, properties."time" * 1000 AS t, properties.distinct_id AS distinct_id,
    properties."$browser" AS browser FROM read_json(${read})`;
}

/** The layouts, as messages call them, and what DuckDB hears about them. */
const LAYOUTS = {
  parquet: { lake: "parquet", name: "Parquet", against: "DuckDB's whole process" },
  lines: { lake: "lines", name: "gzip JSON Lines", against: "DuckDB's whole process" },
  typed: { lake: "lines", name: "gzip JSON Lines", against: "DuckDB's that is told the columns" },
} as const;

const QUESTIONS = {
  segmentation: ["--on", 'properties["$browser"]'],
  unique: ["--math", "unique"],
};

const folder = values.keep ?? mkdtempSync(join(tmpdir(), "mp-bench-"));
const lakes = { parquet: join(folder, "lake", "parquet"), lines: join(folder, "lake", "lines") };
const rows: Row[] = [];
mkdirSync(folder, { recursive: true });
const bench = await Bench.open({
  folder,
  binary: values.binary,
  events: Number(values.events),
  rounds: Number(values.rounds),
  quick: false,
});
try {
  const range = ["--from", dayAfter(0), "--to", dayAfter(DAYS - 1)];
  bench.clear();
  if (!existsSync(lakes.parquet)) {
    await bench.mp("export", ["export", "events", ...range, "-o", `${lakes.lines}/`]);
    await bench.mp("export", ["export", "events", ...range, "--hive", "-f", "parquet", "-o", `${lakes.parquet}/`]);
  }
  for (const layout of ["parquet", "lines", "typed"] as const) {
    const { name, against } = LAYOUTS[layout];
    const lake = lakes[LAYOUTS[layout].lake];
    for (const question of ["segmentation", "unique"] as const) {
      const asked = ["query", "segmentation", "Page View", ...range, ...QUESTIONS[question], "-f", "json"];
      const statement = `WITH e AS (${FROM[layout](lake)}) ${STATEMENTS[question]}`;
      const results = await bench.inTurn({
        duckdb: () => bench.run([values.python, "-c", "import duckdb, sys; print(duckdb.sql(sys.argv[1]))", statement]),
        mp: () => bench.run([values.binary, ...asked, "--source", lake]),
      });
      rows.push(ratioRow({
        what: `\`--source\`, ${question} of ${Number(values.events).toLocaleString("en-US")} events, ${name}`,
        against,
        ratio: results.ratio("mp", "duckdb"),
        limit: layout === "parquet" ? PARQUET_LIMIT : LINES_LIMIT,
        detail: `${inSeconds(results.seconds("mp"))}, ${megabytes(results.peakBytes("mp"))}; DuckDB ` +
          `${inSeconds(results.seconds("duckdb"))}, ${megabytes(results.peakBytes("duckdb"))}; ${cpus().length} cores`,
      }));
    }
  }
} finally {
  bench.close();
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
for (const { what, against, figure, limit, isGood, detail } of rows) {
  console.log(`${isGood ? "ok  " : "MISS"} ${what}, against ${against}: ${figure} (${limit}); ${detail}`);
}
process.exit(rows.every(({ isGood }) => isGood) ? 0 : 1);
