/**
 * Measures `mp export events` against `curl --compressed` for the same bytes, and `mp import`.
 *
 * Usage: bun scripts/bench/export.ts [--rounds N]. It runs `dist/mp`, or `bun main.ts` when that is not built. Fails
 * when an export takes more than 1.3 times as long as curl, or more than 150 MB.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { BINARY, BUN, ROOT } from "../project.ts";
import { type Measurement, measureProcess, median } from "./measure_process.ts";

const MAX_RATIO = 1.3;
const MAX_BYTES = 150_000_000;
const DAYS = ["--from", "2026-10-01", "--to", "2026-10-31"];

const mp = existsSync(BINARY) ? [BINARY] : [BUN, join(ROOT, "main.ts")];
const rounds = Number(process.argv[process.argv.indexOf("--rounds") + 1]) || 5;
const folder = mkdtempSync(join(tmpdir(), "mp-bench-"));
const at = (name: string) => join(folder, name);

const server = spawn(process.execPath, [join(ROOT, "scripts", "bench", "export_server.ts")], {
  stdio: ["pipe", "pipe", "inherit"],
});
try {
  console.log(`Preparing events; measuring ${mp.join(" ")}`);
  const line = await new Promise<string>((resolve) => createInterface(server.stdout).once("line", resolve));
  await compare(JSON.parse(line) as { port: number; small: number; large: number });
} finally {
  server.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}

async function compare({ port, small, large }: { port: number; small: number; large: number }): Promise<void> {
  const base = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    MP_API_BASE_URL: base,
    MP_USERNAME: "bench",
    MP_SECRET: "bench",
    MP_TOKEN: "bench",
    MP_PROJECT_ID: "1",
  };
  const run = (argv: readonly string[], stdout = "/dev/null") => measureProcess(argv, { env, stdout });
  const curl = ["curl", "--silent", "--compressed", "--fail", `${base}/api/2.0/export?from_date=2026-10-01`];
  const exporting = [...mp, "export", "events", ...DAYS, "--no-pacing"];
  const programs: Record<string, () => Promise<Measurement>> = {
    "curl, to /dev/null": () => run([...curl, "--output", "/dev/null"]),
    "mp, to /dev/null": () => run(exporting),
    "curl, to a file": () => run([...curl, "--output", at("curl.jsonl")]),
    "mp, to a file": () => run([...exporting, "--output", at("mp.jsonl")]),
    "mp, to a file, 100,000 events": () => run([...exporting, "--limit", String(small), "--output", at("small.jsonl")]),
    "mp, to a .gz file": () => run([...exporting, "--output", at("mp.jsonl.gz")]),
    "mp import": () => run([...mp, "import", at("mp.jsonl")]),
  };
  const results = new Map<string, Measurement[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, program] of Object.entries(programs)) {
      // A file that is there already costs both programs the freeing of its pages.
      for (const file of ["curl.jsonl", "small.jsonl", "mp.jsonl.gz"]) rmSync(at(file), { force: true });
      if (name === "mp, to a file") rmSync(at("mp.jsonl"), { force: true });
      results.set(name, [...results.get(name) ?? [], await program()]);
    }
  }
  const lines = readFileSync(at("mp.jsonl")).reduce((count, byte) => byte === 10 ? count + 1 : count, 0);
  if (lines !== large) throw new Error(`The export has ${lines} lines instead of ${large}`);
  report(results, large);
}

function report(results: Map<string, Measurement[]>, events: number): void {
  const seconds = (name: string) => median((results.get(name) ?? []).map((one) => one.seconds));
  const peak = (name: string) => Math.max(...(results.get(name) ?? []).map((one) => one.peakBytes));
  console.log(`\n${events.toLocaleString("en-US")} events, medians of ${rounds} rounds`);
  for (const name of results.keys()) {
    const memory = `${(peak(name) / 1e6).toFixed(0)} MB`;
    console.log(`  ${name.padEnd(32)} ${seconds(name).toFixed(2)} s  ${memory.padStart(7)}`);
  }
  const piped = seconds("mp, to /dev/null") / seconds("curl, to /dev/null");
  const filed = seconds("mp, to a file") / seconds("curl, to a file");
  const rate = events / seconds("mp import");
  console.log(
    `\ntime against curl: ${piped.toFixed(2)} to /dev/null, ${filed.toFixed(2)} to a file (at most ${MAX_RATIO})`,
  );
  const memory = [peak("mp, to a file, 100,000 events"), peak("mp, to a file"), peak("mp, to /dev/null")];
  console.log(
    `peak memory: ${memory.map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`).join(", ")} ` +
      `for 100,000 and 1,000,000 to a file, 1,000,000 to /dev/null (at most ${MAX_BYTES / 1e6} MB)`,
  );
  console.log(`import: ${Math.round(rate).toLocaleString("en-US")} events/s`);
  const isGood = Math.max(piped, filed) <= MAX_RATIO && memory.every((bytes) => bytes > 0 && bytes <= MAX_BYTES);
  console.log(isGood ? "good" : "NOT GOOD");
  process.exitCode = isGood ? 0 : 1;
}
