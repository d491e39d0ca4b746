/** CSV and Parquet, with columns that the program finds by itself. */
import type { Bench } from "../bench.ts";
import { inSeconds, megabytes, memoryRow, perSecond, type Row, speedRow } from "../comparison.ts";
import { dayAfter, DAYS } from "../dataset.ts";
import { compareWithLines } from "../read_back.ts";

/** Least speed in times of the floor's. */
const CSV_LIMIT = 1;
const PARQUET_LIMIT = 0.8;
const MEMORY_LIMIT_MB = 250;

export async function tableFormats(bench: Bench): Promise<Row[]> {
  return [...await measureFormat(bench, "csv", CSV_LIMIT), ...await measureFormat(bench, "parquet", PARQUET_LIMIT)];
}

async function measureFormat(bench: Bench, format: "csv" | "parquet", limit: number): Promise<Row[]> {
  const url = bench.url("export", `/api/2.0/export?from_date=${dayAfter(0)}&to_date=${dayAfter(DAYS - 1)}`);
  const output = bench.path(`mp.${format}`);
  const exported = (days: number) =>
    bench.mp("export", [
      ...["export", "events", "--from", dayAfter(0), "--to", dayAfter(days - 1), "--slice", String(days)],
      ...["--output", output],
    ]);
  const results = await bench.inTurn(
    {
      floor: () => bench.floor(format, [url, bench.path(`floor.${format}`)]),
      mp: () => exported(DAYS),
    },
  );
  const readBack = await compareWithLines(output, format, bench.data);
  bench.clear();
  const small = await exported(DAYS / 10);
  const name = format === "csv" ? "CSV" : "Parquet";
  const { events } = bench.data;
  return [
    speedRow({
      what: `${name} export, columns found by itself`,
      against: format === "csv" ? "`JSON.parse` and fixed columns" : "a bare hyparquet-writer loop",
      ratio: results.ratio("mp", "floor"),
      limit,
      detail: `${perSecond(events, results.seconds("mp"))}, floor ${perSecond(events, results.seconds("floor"))}, ` +
        `${inSeconds(results.seconds("mp"))}; ${readBack}; floor ${megabytes(results.peakBytes("floor"))}`,
    }),
    memoryRow(
      `${name} export`,
      [small.peakBytes, results.peakBytes("mp")],
      MEMORY_LIMIT_MB,
      `${(events / 10).toLocaleString("en-US")}, ${events.toLocaleString("en-US")} events`,
    ),
  ];
}
