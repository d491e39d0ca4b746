/** The terminal as Node's streams, for prompts. Only interactive commands load it: touching these streams is slow. */
import process from "node:process";

/** Of a terminal that does not say its size, as serial lines and some containers do. */
const USUAL_SIZE = { columns: 80, rows: 24 };

/** Where a prompt reads and writes: standard error, so that standard output stays for results. */
export function promptStreams() {
  const output = process.stderr;
  for (const side of ["columns", "rows"] as const) {
    if (!(output[side] > 0)) output[side] = USUAL_SIZE[side];
  }
  return { input: process.stdin, output };
}
