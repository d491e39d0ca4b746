/**
 * Measures `mp` against other programs and against floors, all in one run on the same events, and prints a table with a
 * column for `mp` compiled with Bun, and one for `mp` on Deno:
 *
 *     bun scripts/bench/all.ts [--quick] [--rounds 5] [--events 1000000] [--only raw_export] [--write]
 *         [--on bun|deno] [--binary PATH] [--against PATH] [--peer FOLDER] [--python PYTHON]
 *
 * With --write, a run of all suites replaces docs/figures.md. PYTHON has the package `duckdb`, for the suites that hold mp
 * against it.
 *
 * A floor is a short script for Bun (floors/) that does only the work that cannot be avoided. Programs take turns, so that
 * what counts are ratios, and each round has its own. Without --binary it compiles the sources as they are. With --against,
 * another binary of `mp`, such as one of an earlier commit, both do each piece of work in turn, and a second table holds one
 * against the other; TMPDIR=/dev/shm leaves the disk out of it, whose write-back weighs on whoever is first. With --peer, the
 * folder of an installed npm package mixpanel-import, that program does the same work too. PYTHON has the package `duckdb`,
 * which makes the same tables.
 * It ends with 1 when a limit is missed.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { compile } from "../compile.ts";
import { ROOT } from "../project.ts";
import { Bench } from "./bench.ts";
import { pairRow, type Row } from "./comparison.ts";
import { isOnDenoGood, loadNow, type Measured, tableOf, writeFigures } from "./figures.ts";
import { denoHello, denoProgram } from "./programs.ts";
import { blanks } from "./suites/blanks.ts";
import { exportMemory } from "./suites/export_memory.ts";
import { importing } from "./suites/import.ts";
import { importMemory } from "./suites/import_memory.ts";
import { peers } from "./suites/peers.ts";
import { profiles } from "./suites/profiles.ts";
import { rawExport } from "./suites/raw_export.ts";
import { emulator, source, startup } from "./suites/scripts.ts";
import { tableFormats } from "./suites/table_formats.ts";
import { tables } from "./suites/tables.ts";
import { thirtyDays } from "./suites/thirty_days.ts";

const SUITES: Record<string, (bench: Bench) => Promise<Row[]>> = {
  startup,
  raw_export: rawExport,
  thirty_days: thirtyDays,
  export_memory: exportMemory,
  table_formats: tableFormats,
  tables: (bench) => tables(bench, bench.python ?? "python3"),
  blanks,
  import: importing,
  import_memory: importMemory,
  profiles,
  source,
  emulator,
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    events: { type: "string" },
    only: { type: "string", multiple: true },
    binary: { type: "string" },
    against: { type: "string" },
    peer: { type: "string" },
    python: { type: "string" },
    on: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
const events = Number(values.events ?? (values.quick ? 300_000 : 1_000_000));
const { peer } = values;
if (peer !== undefined) SUITES.peers = (bench) => peers(bench, resolve(peer));
const chosen = values.only ?? Object.keys(SUITES);
const unknown = chosen.find((name) => !(name in SUITES));
if (unknown !== undefined || !(rounds >= 1) || !(events >= 1000)) {
  const state = unknown === undefined
    ? "it needs at least 1 round and 1,000 events"
    : `no suite is called '${unknown}'`;
  console.error(`Cannot measure: ${state}\nhint: the suites are ${Object.keys(SUITES).join(", ")}`);
  process.exit(3);
}

const programs = values.on === undefined && values.against === undefined ? ["bun", "deno"] : [values.on ?? "bun"];
const folder = mkdtempSync(join(tmpdir(), "mp-bench-"));
const measured: Measured[] = [];
const pairs: string[][] = [];
let denoIs = "";
const load = loadNow();
let failures = 0;
try {
  const binary = join(folder, "mp");
  const against = values.against === undefined ? undefined : join(folder, "other");
  // Fresh copies of both: how a file came into the page cache counts in its program's peak of memory.
  if (values.binary === undefined) await compile({ entry: join(ROOT, "main.ts"), outfile: binary });
  else copyFileSync(values.binary, binary);
  if (against !== undefined) copyFileSync(values.against!, against);
  const deno = programs.includes("deno") ? await denoProgram(folder) : undefined;
  denoIs = deno?.what ?? "";
  console.error(`Preparing ${events.toLocaleString("en-US")} events`);
  const { quick, python } = values;
  const bench = await Bench.open({ folder, binary, against, events, rounds, quick, python });
  try {
    for (const name of chosen) {
      const onBun = programs.includes("bun") ? await rowsOf(bench, name, () => bench.use(binary)) : [];
      const onDeno = deno && await rowsOf(bench, name, () => bench.use(deno.path, denoHello(folder)));
      measured.push(...joined(onBun, onDeno));
      pairs.push(...bench.takePairs().map((pair) => pairRow(name, pair)));
    }
  } finally {
    bench.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const table = tableOf(measured, { events, rounds, denoIs, load });
console.log(`\n${table}`);
if (pairs.length > 0) {
  console.log(`\n| work | times of \`${values.against}\` | mp | the other |`);
  console.log("| --- | --- | --- | --- |");
  for (const cells of pairs) console.log(`| ${cells.join(" | ")} |`);
}
if (values.write) {
  if (values.only !== undefined || programs.length < 2 || failures > 0) {
    console.error("docs/figures.md stays: not all was measured");
  } else writeFigures(table);
}
if (failures > 0 || measured.some(({ row }) => row?.isGood === false) || !measured.every(isOnDenoGood)) {
  process.exitCode = 1;
}

async function rowsOf(bench: Bench, name: string, prepare: () => void): Promise<Row[]> {
  prepare();
  console.error(`Measuring ${name}${bench.hello === undefined ? "" : " on Deno"}`);
  try {
    return await SUITES[name]!(bench);
  } catch (error) {
    failures++;
    console.error(`Cannot measure ${name}: ${(error as Error).message}`);
    return [];
  }
}

/** The rows of one suite on both programs, side by side. */
function joined(onBun: readonly Row[], onDeno: readonly Row[] = []): Measured[] {
  const isSame = (one: Row, other: Row) => one.what === other.what && one.against === other.against;
  const both = onBun.map((row) => ({ row, onDeno: onDeno.find((other) => isSame(row, other)) }));
  const denoAlone = onDeno.filter((row) => !onBun.some((other) => isSame(row, other)));
  return [...both, ...denoAlone.map((row) => ({ row: undefined, onDeno: row }))];
}
