/** Imports of records that are as they should be, and of records that are all changed on the way. */
import { copyFileSync } from "node:fs";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Bench } from "../bench.ts";
import { inSeconds, megabytes, memoryRow, perSecond, type Results, type Row, speedRow } from "../comparison.ts";
import { requireEqual } from "../contents.ts";
import { type SinkReport } from "../servers/import_sink.ts";
import { LATE_MS } from "../servers/main.ts";

/** Least speed in times of the floor's. */
const UNCHANGED_LIMIT = 0.7;
/** Least events a second where each is changed. */
const CHANGED_LIMIT = 130_000;
const MEMORY_LIMIT_MB = 250;

/** A property that is added to each record, so that each has to be taken apart. */
const CHANGE = ["--set", "source=bench"];

export async function importing(bench: Bench): Promise<Row[]> {
  const input = bench.data.linesPath;
  const send = (sink: "sink" | "lateSink", args: readonly string[] = []) => bench.mp(sink, ["import", input, ...args]);
  const results = await bench.inTurn(
    {
      floor: () => bench.floor("import", [bench.url("sink", "/import"), input]),
      mp: () => send("sink"),
      lateFloor: () => bench.floor("import", [bench.url("lateSink", "/import"), input]),
      lateMp: () => send("lateSink"),
      changed: () => send("sink", CHANGE),
    },
  );
  return [
    unchangedRow(bench, results, "mp", "floor", 0),
    unchangedRow(bench, results, "lateMp", "lateFloor", LATE_MS),
    changedRow(bench, results),
    memoryRow(
      "Import",
      [
        (await doubled(bench)).peakBytes,
        results.peakBytes("mp"),
        results.peakBytes("lateMp"),
        results.peakBytes("changed"),
      ],
      MEMORY_LIMIT_MB,
      `two copies of the input, the input at 0 ms and ${LATE_MS} ms, changed`,
    ),
    await integersRow(bench, "Integers beyond 2^53, unchanged records", []),
    await integersRow(bench, "Integers beyond 2^53, changed records", CHANGE),
  ];
}

function unchangedRow(bench: Bench, results: Results, name: string, floor: string, latencyMs: number): Row {
  const { events } = bench.data;
  return speedRow({
    what: `Import of records that need no change, ${latencyMs} ms a request`,
    against: "bytes passed through at gzip level 1",
    ratio: results.ratio(name, floor),
    limit: UNCHANGED_LIMIT,
    detail: `${perSecond(events, results.seconds(name))}, floor ${perSecond(events, results.seconds(floor))}, ` +
      `${inSeconds(results.seconds(name))}, ${megabytes(results.peakBytes(name))}`,
  });
}

function changedRow(bench: Bench, results: Results): Row {
  const rate = bench.data.events / results.seconds("changed");
  return {
    what: "Import where every record is changed",
    against: "events a second",
    figure: Math.round(rate).toLocaleString("en-US"),
    limit: `≥ ${CHANGED_LIMIT.toLocaleString("en-US")}`,
    isGood: rate >= CHANGED_LIMIT,
    ratio: results.ratio("changed", "floor").median,
    detail: `${inSeconds(results.seconds("changed"))}, ${megabytes(results.peakBytes("changed"))}, ` +
      `${(rate / (bench.data.events / results.seconds("floor"))).toFixed(2)} × the floor that passes bytes through`,
  };
}

/** An import of the input twice over, for its memory. */
async function doubled(bench: Bench): Promise<{ peakBytes: number }> {
  bench.clear();
  const twice = bench.path("twice.jsonl");
  copyFileSync(bench.data.linesPath, twice);
  await pipeline(createReadStream(bench.data.linesPath), createWriteStream(twice, { flags: "a" }));
  return await bench.mp("sink", ["import", twice]);
}

async function integersRow(bench: Bench, what: string, args: readonly string[]): Promise<Row> {
  bench.clear();
  await bench.mp("checkingSink", ["import", bench.data.linesPath, ...args]);
  const report = await (await fetch(bench.url("checkingSink", "/"))).json() as SinkReport;
  requireEqual("events at the sink", report.events, bench.data.events);
  requireEqual("different events at the sink", report.distinct, bench.data.events);
  return {
    what,
    against: "arrived as written",
    figure: `${report.bigIntegers} of ${report.expectedBigIntegers}`,
    limit: "all",
    isGood: report.bigIntegers === report.expectedBigIntegers,
    detail: `${report.events.toLocaleString("en-US")} events in ${report.requests} requests`,
  };
}
