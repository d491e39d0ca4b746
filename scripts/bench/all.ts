/**
 * Measures `mp` against other programs and against floors, all in one run on the same events, and prints a table:
 *
 *     bun scripts/bench/all.ts [--quick] [--rounds 5] [--events 1000000] [--only raw_export]
 *         [--binary PATH] [--peer FOLDER]
 *
 * A floor is a short script for Bun (floors/) that does only the work that cannot be avoided. Programs take turns, so that
 * what counts are ratios, and each round has its own. Without --binary it compiles the sources as they are. With --peer, the
 * folder of an installed npm package mixpanel-import, that program does the same work too. It ends with 1 when a limit is
 * missed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { compile } from "../compile.ts";
import { ROOT } from "../project.ts";
import { Bench } from "./bench.ts";
import type { Row } from "./comparison.ts";
import { exportMemory } from "./suites/export_memory.ts";
import { importing } from "./suites/import.ts";
import { peers } from "./suites/peers.ts";
import { profiles } from "./suites/profiles.ts";
import { rawExport } from "./suites/raw_export.ts";
import { tableFormats } from "./suites/table_formats.ts";
import { thirtyDays } from "./suites/thirty_days.ts";

const SUITES: Record<string, (bench: Bench) => Promise<Row[]>> = {
  raw_export: rawExport,
  thirty_days: thirtyDays,
  export_memory: exportMemory,
  table_formats: tableFormats,
  import: importing,
  profiles,
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    events: { type: "string" },
    only: { type: "string", multiple: true },
    binary: { type: "string" },
    peer: { type: "string" },
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
let failures = 0;
try {
  const binary = values.binary ?? join(folder, "mp");
  if (values.binary === undefined) await compile({ entry: join(ROOT, "main.ts"), outfile: binary });
  console.error(`Preparing ${events.toLocaleString("en-US")} events`);
  const bench = await Bench.open({ folder, binary, events, rounds, quick: values.quick });
  try {
    for (const name of chosen) {
      console.error(`Measuring ${name}`);
      try {
        rows.push(...await SUITES[name]!(bench));
      } catch (error) {
        failures++;
        console.error(`Cannot measure ${name}: ${(error as Error).message}`);
      }
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
}
