/**
 * Measures `mp` against other programs and against floors, all in one run on the same events, and prints a table:
 *
 *     bun scripts/bench/all.ts [--quick] [--rounds 5] [--events 1000000] [--only raw_export]
 *         [--binary PATH] [--against PATH] [--peer FOLDER] [--python PYTHON]
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
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { compile } from "../compile.ts";
import { ROOT } from "../project.ts";
import { Bench } from "./bench.ts";
import { pairRow, type Row } from "./comparison.ts";
import { exportMemory } from "./suites/export_memory.ts";
import { importing } from "./suites/import.ts";
import { importMemory } from "./suites/import_memory.ts";
import { peers } from "./suites/peers.ts";
import { profiles } from "./suites/profiles.ts";
import { rawExport } from "./suites/raw_export.ts";
import { tableFormats } from "./suites/table_formats.ts";
import { tables } from "./suites/tables.ts";
import { thirtyDays } from "./suites/thirty_days.ts";

const SUITES: Record<string, (bench: Bench) => Promise<Row[]>> = {
  raw_export: rawExport,
  thirty_days: thirtyDays,
  export_memory: exportMemory,
  table_formats: tableFormats,
  tables: (bench) => tables(bench, values.python),
  import: importing,
  import_memory: importMemory,
  profiles,
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
    python: { type: "string", default: "python3" },
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

const folder = mkdtempSync(join(tmpdir(), "mp-bench-"));
const rows: Row[] = [];
const pairs: string[][] = [];
let failures = 0;
try {
  const binary = join(folder, "mp");
  const against = values.against === undefined ? undefined : join(folder, "other");
  // Fresh copies of both: how a file came into the page cache counts in its program's peak of memory.
  if (values.binary === undefined) await compile({ entry: join(ROOT, "main.ts"), outfile: binary });
  else copyFileSync(values.binary, binary);
  if (against !== undefined) copyFileSync(values.against!, against);
  console.error(`Preparing ${events.toLocaleString("en-US")} events`);
  const bench = await Bench.open({ folder, binary, against, events, rounds, quick: values.quick });
  try {
    for (const name of chosen) {
      console.error(`Measuring ${name}`);
      try {
        rows.push(...await SUITES[name]!(bench));
      } catch (error) {
        failures++;
        console.error(`Cannot measure ${name}: ${(error as Error).message}`);
      }
      pairs.push(...bench.takePairs().map((pair) => pairRow(name, pair)));
    }
  } finally {
    bench.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
printTable();
if (failures > 0 || rows.some((row) => !row.isGood)) process.exitCode = 1;

function printTable(): void {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`;
  const date = new Date().toISOString().slice(0, 10);
  const many = events.toLocaleString("en-US");
  console.log(`\n${date}, ${process.platform} ${process.arch}, ${machine}; ${many} events, ${rounds} rounds in turn\n`);
  console.log("| measured | against | result | limit | |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const { what, against, figure, limit, isGood, detail } of rows) {
    console.log(`| ${what} | ${against} | ${figure} | ${limit}${isGood ? "" : " **missed**"} | ${detail} |`);
  }
  if (pairs.length === 0) return;
  console.log(`\n| work | times of \`${values.against}\` | mp | the other |`);
  console.log("| --- | --- | --- | --- |");
  for (const cells of pairs) console.log(`| ${cells.join(" | ")} |`);
}
