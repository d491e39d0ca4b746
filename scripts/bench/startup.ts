/**
 * How long `mp` takes to start, against a compiled program that prints one line.
 *
 *     bun scripts/bench/startup.ts [--runs 40]
 *
 * The programs take turns, so that a busy machine slows all of them alike; what counts is the ratio of the medians.
 * Ends with 1 when a limit is missed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { compile } from "../compile.ts";
import { BINARY } from "../project.ts";

interface Measured {
  label: string;
  command: string;
  args: string[];
  /** The most that its median may be, in medians of the first. */
  limit?: number;
  /** Milliseconds of each run. */
  times: number[];
}

const { values } = parseArgs({ options: { runs: { type: "string", default: "40" } } });
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 20) {
  console.error(`Cannot measure ${values.runs} runs: fewer than 20 say little`);
  process.exit(3);
}
if (!existsSync(BINARY)) {
  console.error(`Cannot measure ${BINARY}: it is not built\nhint: npm run build`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "mp-startup-"));
try {
  const source = join(folder, "hello.ts");
  const hello = join(folder, process.platform === "win32" ? "hello.exe" : "hello");
  writeFileSync(source, 'console.log("hello, world");\n');
  await compile({ entry: source, outfile: hello });
  report(measure(hello));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measure(hello: string): Measured[] {
  const programs: Measured[] = [
    { label: "hello world", command: hello, args: [], times: [] },
    { label: "mp --version", command: BINARY, args: ["--version"], limit: 1.6, times: [] },
    { label: "mp --help", command: BINARY, args: ["--help"], limit: 2.2, times: [] },
    { label: "mp query funnel --help", command: BINARY, args: ["query", "funnel", "--help"], limit: 2.2, times: [] },
    { label: "mp query funnel -h", command: BINARY, args: ["query", "funnel", "-h"], limit: 2.2, times: [] },
    { label: "mp api --list", command: BINARY, args: ["api", "--list"], limit: 2.2, times: [] },
  ];
  // The first rounds bring the files into memory.
  for (let round = -3; round < runs; round++) {
    for (const program of programs) {
      const startedMs = performance.now();
      // Into a pipe, which takes a page; the null device would have to be told from a terminal.
      const { status } = spawnSync(program.command, program.args, {
        stdio: ["ignore", "pipe", "ignore"],
        env: { HOME: folder },
      });
      if (status !== 0) throw new Error(`Cannot measure ${program.label}: it ended with ${status}`);
      if (round >= 0) program.times.push(performance.now() - startedMs);
    }
  }
  return programs;
}

function report(programs: Measured[]): void {
  const base = median(programs[0]!.times);
  console.log(`${runs} runs each, in turn; milliseconds\n`);
  console.log(`${"".padEnd(24)}${["fastest", "median", "ratio", "limit"].map((word) => word.padStart(9)).join("")}`);
  for (const { label, times, limit } of programs) {
    const ratio = median(times) / base;
    const figures = [
      Math.min(...times).toFixed(1),
      median(times).toFixed(1),
      ratio.toFixed(2),
      limit?.toFixed(2) ?? "",
    ];
    const missed = limit !== undefined && ratio > limit;
    console.log(`${label.padEnd(24)}${figures.map((text) => text.padStart(9)).join("")}${missed ? "  MISSED" : ""}`);
    if (missed) process.exitCode = 1;
  }
}

function median(times: number[]): number {
  const sorted = times.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
