/**
 * How long `mp` takes to start, against a compiled program that prints one line.
 *
 *     bun scripts/bench/startup.ts [--runs 40] [--binary PATH] [--hello PATH]
 *
 * `--hello` is a program that prints one line on the runtime that `--binary` is on. The programs take turns, so that a
 * busy machine slows all of them alike; what counts is the ratio of the medians. Ends with 1 when a limit is missed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { compile } from "../compile.ts";
import { BINARY } from "../project.ts";
import { ratioRow, rowLine, spreadOf } from "./comparison.ts";
import { median } from "./measure_process.ts";

interface Measured {
  label: string;
  command: string;
  args: string[];
  /** The most that its median may be, in medians of the first. */
  limit?: number;
  /** Milliseconds of each run. */
  times: number[];
}

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "40" },
    binary: { type: "string", default: BINARY },
    hello: { type: "string" },
  },
});
const { binary } = values;
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 20) {
  console.error(`Cannot measure ${values.runs} runs: fewer than 20 say little`);
  process.exit(3);
}
if (!existsSync(binary)) {
  console.error(`Cannot measure ${binary}: it is not built\nhint: npm run build`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "mp-startup-"));
try {
  const source = join(folder, "hello.ts");
  const hello = join(folder, process.platform === "win32" ? "hello.exe" : "hello");
  writeFileSync(source, 'console.log("hello, world");\n');
  if (values.hello === undefined) await compile({ entry: source, outfile: hello });
  report(measure(values.hello ?? hello));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measure(hello: string): Measured[] {
  const programs: Measured[] = [
    { label: "hello world", command: hello, args: [], times: [] },
    { label: "mp --version", command: binary, args: ["--version"], limit: 1.6, times: [] },
    { label: "mp --help", command: binary, args: ["--help"], limit: 2.2, times: [] },
    { label: "mp query funnel --help", command: binary, args: ["query", "funnel", "--help"], limit: 2.2, times: [] },
    { label: "mp query funnel -h", command: binary, args: ["query", "funnel", "-h"], limit: 2.2, times: [] },
    { label: "mp api --list", command: binary, args: ["api", "--list"], limit: 2.2, times: [] },
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

function report([hello, ...programs]: Measured[]): void {
  const milliseconds = (time: number) => `${time.toFixed(1)} ms`;
  for (const { label, times, limit } of programs) {
    const row = ratioRow({
      what: `\`${label}\``,
      against: "a program that prints one line",
      ratio: spreadOf(times.map((time) => time / median(hello!.times))),
      limit: limit!,
      detail: `${milliseconds(median(times))}, the line ${milliseconds(median(hello!.times))}`,
    });
    console.log(rowLine(row));
    if (!row.isGood) process.exitCode = 1;
  }
}
