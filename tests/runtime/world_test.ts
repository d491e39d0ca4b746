import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { describe, it } from "node:test";
import process from "node:process";
import { fileURLToPath } from "node:url";

const child = fileURLToPath(new URL("streams_child.ts", import.meta.url));
const words = [process.execPath, ...("Deno" in globalThis ? ["run", "-A", "--no-check"] : []), child];

/** Starts a program that sleeps, and sends it a signal for each line that it prints. */
async function interrupted(signals: NodeJS.Signals[], ...argv: string[]): Promise<{ code: number; lines: string[] }> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const running = spawn(words[0]!, [...words.slice(1), "sleep", ...argv], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number>((resolve) => running.on("close", (code) => resolve(code ?? -1)));
  const lines: string[] = [];
  let rest = "";
  running.stdout.setEncoding("utf8").on("data", (text: string) => {
    const [last = "", ...whole] = (rest + text).split("\n").reverse();
    rest = last;
    for (const line of whole.reverse()) {
      lines.push(line);
      const signal = signals[lines.length - 1];
      // Not by the child's own method, which on Deno works once, and then reports the signal as its end.
      if (signal !== undefined) process.kill(running.pid!, signal);
    }
  });
  return { code: await ended, lines };
}

describe("the real world", () => {
  it("ends its sleep with the first interrupt, of any kind, and leaves the rest to the program", async () => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      assert.deepEqual(await interrupted([signal]), { code: 3, lines: ["asleep", "Interrupted, true"] }, signal);
    }
  });

  it("ends at once with the second", async () => {
    assert.equal((await interrupted(["SIGINT", "SIGINT"], "stubborn")).code, 130);
  });
});
