/** The memory of imports of what is large in itself, at two sizes: wide tables, records of megabytes, blank lines. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { Bench } from "../bench.ts";
import { memoryRow, type Row } from "../comparison.ts";

const LIMIT_MB = 250;

/** With the columns of fields, as many as an event can have properties. */
const COLUMNS = 254;
const FIELDS = 3;
const ROWS = [10_000, 40_000];

const RECORD_BYTES = 5_000_000;
const RECORDS = [10, 40];
/** How an import ends that has rejected all there was. */
const ALL_REJECTED = 3;

const BLANK_BYTES = [10_000_000, 100_000_000];

export async function importMemory(bench: Bench): Promise<Row[]> {
  return [
    await measured(bench, `Import of Parquet with ${COLUMNS} columns, most of text`, "rows", ROWS, writeTable, []),
    await measured(
      bench,
      `Import of records of ${RECORD_BYTES / 1e6} MB, all rejected`,
      "records",
      RECORDS,
      writeRecords,
      ["--rejects", bench.path("rejects.jsonl")],
      ALL_REJECTED,
    ),
    await measured(bench, "Import of an event and blank lines", "bytes", BLANK_BYTES, writeBlanks, []),
  ];
}

/** One peak for each size; where there is little time, for the first. */
async function measured(
  bench: Bench,
  what: string,
  unit: string,
  sizes: readonly number[],
  write: (path: string, size: number) => Promise<string> | string,
  args: readonly string[],
  exitCode = 0,
): Promise<Row> {
  const peaks: number[] = [];
  const chosen = bench.quick ? sizes.slice(0, 1) : sizes;
  for (const size of chosen) {
    bench.clear();
    const input = await write(bench.path("input"), size);
    peaks.push((await bench.mp("sink", ["import", input, ...args], { exitCode })).peakBytes);
  }
  bench.clear();
  return memoryRow(what, peaks, LIMIT_MB, `${chosen.map((size) => size.toLocaleString("en-US")).join(", ")} ${unit}`);
}

/** Texts of few values, of many, and different ones in turn. */
async function writeTable(path: string, rows: number): Promise<string> {
  const texts = [
    (column: number) => `'value ' || (hash(r, ${column}) % 50)`,
    (column: number) => `'value ' || (hash(r, ${column}) % 30000)`,
    (column: number) => `md5((r * 977 + ${column})::varchar)`,
  ];
  const columns = Array.from(
    { length: COLUMNS - FIELDS },
    (_, index) => `${texts[index % texts.length]!(index)} AS c${index}`,
  );
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  try {
    await connection.run(`
      COPY (SELECT 'Wide' AS event, 1780000000 + r AS time, 'u' || r AS distinct_id, ${columns.join(", ")}
      FROM range(${rows}) t(r)) TO '${path}.parquet' (FORMAT parquet)`);
  } finally {
    connection.closeSync();
  }
  return `${path}.parquet`;
}

function writeRecords(path: string, records: number): string {
  return written(`${path}.jsonl`, function* () {
    for (let number = 0; number < records; number++) {
      const text = `x${number} `.repeat(RECORD_BYTES / `x${number} `.length);
      yield `{"event":"Large","properties":{"time":1780000000,"distinct_id":"u","$insert_id":"i${number}","text":"${text}"}}\n`;
    }
  });
}

function writeBlanks(path: string, bytes: number): string {
  const lines = "\n".repeat(1_000_000);
  return written(`${path}.jsonl`, function* () {
    yield '{"event":"Only","properties":{"time":1780000000,"distinct_id":"u","$insert_id":"i"}}\n';
    for (let left = bytes; left > 0; left -= lines.length) yield lines;
  });
}

function written(path: string, pieces: () => Iterable<string>): string {
  const file = openSync(path, "w");
  for (const piece of pieces()) writeSync(file, piece);
  closeSync(file);
  return path;
}
