/** The scripts that measure by themselves, as suites. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { BUN, ROOT } from "../../project.ts";
import type { Bench } from "../bench.ts";
import { readRowLine, type Row } from "../comparison.ts";

/** Start-up, against a program on the same runtime that prints one line. */
export async function startup(bench: Bench): Promise<Row[]> {
  const rows = await rowsOf("startup", ["--binary", bench.program, ...(bench.hello ? ["--hello", bench.hello] : [])]);
  // What Deno takes by itself is more than mp takes on Bun: the limits are those of the compiled program.
  return rows.map((row) => ({ ...row, mostOnDeno: Number(/[\d.]+/.exec(row.limit)![0]) }));
}

/** Questions asked of files, and DuckDB. */
export function source(bench: Bench): Promise<Row[]> {
  return rowsOf("source", ["--binary", bench.program, ...sizes(bench), ...pythonOf(bench)]);
}

/** The emulator: loading, memory, reports. */
export function emulator(bench: Bench): Promise<Row[]> {
  const most = bench.data.events;
  const events = bench.quick ? String(most) : `${most},${10 * most}`;
  return rowsOf("emulator", ["--binary", bench.program, "--events", events, ...pythonOf(bench)]);
}

const sizes = (bench: Bench) => ["--events", String(bench.data.events), "--rounds", String(bench.rounds)];
const pythonOf = ({ python }: Bench) => python === undefined ? [] : ["--python", python];

/** Runs a script in this folder's parent and reads the lines that are rows. Its limits may be missed. */
async function rowsOf(script: string, args: readonly string[]): Promise<Row[]> {
  const child = spawn(BUN, [join(ROOT, "scripts", "bench", `${script}.ts`), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: process.env,
  });
  const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  const rows: Row[] = [];
  for await (const line of createInterface(child.stdout)) {
    const row = readRowLine(line);
    if (row !== undefined) rows.push(row);
  }
  const code = await ended;
  if (rows.length === 0) throw new Error(`scripts/bench/${script}.ts ended with ${code}, and without a row`);
  return rows;
}
