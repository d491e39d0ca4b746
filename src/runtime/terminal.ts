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

/** Waits until a line, or the end of all lines, is typed. Ctrl-C ends the program as it always does. */
export async function waitForEnter(signal: AbortSignal): Promise<void> {
  const { createInterface } = await import("node:readline");
  const lines = createInterface({ input: process.stdin, terminal: false });
  try {
    await new Promise<void>((resolve, reject) => {
      lines.once("line", () => resolve());
      lines.once("close", resolve);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  } finally {
    lines.close();
    process.stdin.pause();
  }
}
