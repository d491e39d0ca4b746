/**
 * How fast the emulator takes events, how much memory they need, how fast a file of them opens, and how fast reports are:
 *
 *     bun scripts/bench/emulator.ts [--events 1000000,10000000] [--rounds 3] [--python PYTHON]
 *
 * Loading is compared with the same import to a server that does nothing, in the same round; memory is that after the
 * first report. PYTHON has the package `duckdb`,
 * which reads the same events in the same run; without it, DuckDB is left out.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { ROOT } from "../project.ts";
import { inSeconds, megabytes, perSecond, ratioRow, Results, type Row, rowLine } from "./comparison.ts";
import { writeLines } from "./dataset.ts";
import { createTable } from "./duckdb.ts";
import { type Emulator, startEmulator, startSink } from "./emulator_process.ts";
import { measureProcess, median } from "./measure_process.ts";
import { firstReportMs, measureReports } from "./reports.ts";

const LOAD_LIMIT = 1.5;
/** A busy machine may take as long for the larger size. */
const LOAD_LIMIT_MS = 1_800_000;
const BYTES_LIMIT = 450;
const GROWTH_LIMIT = 11;
const OPEN_LIMIT_SECONDS = 1;

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000,10000000" },
    rounds: { type: "string", default: "3" },
    python: { type: "string", default: "python3" },
    binary: { type: "string", default: join(ROOT, "dist", "mp") },
  },
});
const { binary, python } = values;
const rounds = Number(values.rounds);
const sizes = values.events.split(",").map(Number);

const rows: Row[] = [];
/** The credentials of the emulator that was started last. */
let sandboxVariables: Record<string, string> = {};
/** Seconds that loading took, by the number of events. */
const loads = new Map<number, number>();
const folder = mkdtempSync(join(tmpdir(), "mp-bench-"));
const sink = await startSink();
try {
  for (const events of sizes) {
    const lines = join(folder, `${events}.jsonl`);
    writeLines(lines, events);
    await measureLoading(events, lines);
    await measureOpening(events, lines);
    await measureAnswers(events, lines);
    rmSync(lines);
  }
  rows.push(...growthRow());
} finally {
  sink.stop();
  rmSync(folder, { recursive: true, force: true });
}
for (const row of rows) console.log(rowLine(row));
process.exit(rows.every(({ isGood }) => isGood) ? 0 : 1);

function importInto(url: string, lines: string) {
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    MP_API_BASE_URL: url,
    ...Object.fromEntries(
      ["MP_USERNAME", "MP_SECRET", "MP_TOKEN", "MP_PROJECT_ID"].map((name) => [name, sandboxVariables[name] ?? "1"]),
    ),
  };
  return measureProcess([binary, "import", lines, "--no-pacing"], { env, stdout: "/dev/null", limitMs: LOAD_LIMIT_MS });
}

async function measureLoading(events: number, lines: string): Promise<void> {
  const results = new Results();
  const peaks: number[] = [];
  const cpuSeconds: number[] = [];
  const firstReports: number[] = [];
  for (let round = 0; round < rounds; round++) {
    results.add("sink", await importInto(sink.url, lines));
    const emulator = await startEmulator(binary, folder);
    try {
      const empty = emulator.usage();
      sandboxVariables = emulator.variables;
      results.add("emulator", await importInto(emulator.url, lines));
      cpuSeconds.push(emulator.usage().cpuSeconds - empty.cpuSeconds);
      firstReports.push(await firstReportMs(emulator) / 1000);
      peaks.push(emulator.usage().peakBytes - empty.peakBytes);
    } finally {
      await emulator.stop();
    }
  }
  const seconds = results.seconds("emulator");
  loads.set(events, seconds);
  const duckdb = await createTable(python, lines, folder);
  const beside = duckdb === undefined
    ? "DuckDB is not there"
    : `DuckDB CREATE TABLE ${inSeconds(duckdb.seconds)}, ${megabytes(duckdb.peakBytes)}`;
  rows.push(ratioRow({
    what: `Loading ${events.toLocaleString("en-US")} events by mp import`,
    against: "the same import to a sink",
    ratio: results.ratio("emulator", "sink"),
    limit: LOAD_LIMIT,
    detail: `${inSeconds(seconds)} (sink ${inSeconds(results.seconds("sink"))}), ${perSecond(events, seconds)}, ` +
      `emulator's CPU ${inSeconds(Math.min(...cpuSeconds))}; the first report, at once, ` +
      `${inSeconds(median(firstReports))}; ${beside}`,
  }));
  const bytes = Math.max(...peaks) / events;
  rows.push({
    what: `Memory of ${events.toLocaleString("en-US")} events`,
    against: "an empty emulator",
    figure: `${bytes.toFixed(0)} bytes an event`,
    limit: `≤ ${BYTES_LIMIT}`,
    isGood: bytes > 0 && bytes <= BYTES_LIMIT,
    detail: `peaks ${peaks.map(megabytes).join(", ")}`,
  });
}

async function measureOpening(events: number, lines: string): Promise<void> {
  const database = join(folder, "events.db");
  const first = await startEmulator(binary, folder, ["--database", database]);
  let second: Emulator | undefined;
  try {
    sandboxVariables = first.variables;
    const loaded = await importInto(first.url, lines).finally(first.stop);
    const startedMs = performance.now();
    second = await startEmulator(binary, folder, ["--database", database]);
    const state = await (await fetch(`${second.url}/sandbox/state`)).json() as { projects: { events: number }[] };
    const seconds = (performance.now() - startedMs) / 1000;
    if (state.projects[0]!.events !== events) throw new Error(`${state.projects[0]!.events} events after opening`);
    const limit = OPEN_LIMIT_SECONDS * events / 1_000_000;
    rows.push({
      what: `Opening a file of ${events.toLocaleString("en-US")} events`,
      against: "the clock",
      figure: inSeconds(seconds),
      limit: `≤ ${inSeconds(limit)}`,
      isGood: seconds <= limit,
      detail: `loading it took ${inSeconds(loaded.seconds)}`,
    });
  } finally {
    await second?.stop();
    rmSync(database, { force: true });
  }
}

/** The demo brings the funnels that are asked for; its few events are of other days. */
async function measureAnswers(events: number, lines: string): Promise<void> {
  const emulator = await startEmulator(binary, folder, ["--demo", "--days", "1", "--events", "1"]);
  try {
    sandboxVariables = emulator.variables;
    await importInto(emulator.url, lines);
    rows.push(...await measureReports(emulator, { events, lines, folder, python }));
  } finally {
    await emulator.stop();
  }
}

function growthRow(): Row[] {
  const [small, large] = [loads.get(1_000_000), loads.get(10_000_000)];
  if (small === undefined || large === undefined) return [];
  return [{
    what: "Loading 10,000,000 events",
    against: "1,000,000",
    figure: `${(large / small).toFixed(1)} ×`,
    limit: `≤ ${GROWTH_LIMIT} ×`,
    isGood: large / small <= GROWTH_LIMIT,
    detail: `${inSeconds(large)}, ${inSeconds(small)}`,
  }];
}
