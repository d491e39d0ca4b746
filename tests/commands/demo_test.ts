import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const folder = temporaryFolder();
const main = fileURLToPath(new URL("../../main.ts", import.meta.url));

const count = (text: string): number => Number(text.replaceAll(",", ""));
const dayBefore = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

describe("mp demo", () => {
  // It runs itself again for each of its steps, so that it has to be a program of its own.
  it("does the main job with real commands, shows each, and leaves nothing behind", async () => {
    const [home, temporary] = [folder.path("home"), folder.path("tmp")];
    for (const path of [home, temporary]) mkdirSync(path);
    const words = "Deno" in globalThis ? ["run", "-A", "--no-check", main] : [main];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [...words, "demo"], {
      env: {
        PATH: process.env.PATH,
        HOME: home,
        TMPDIR: temporary,
        // Where the runtimes keep what they have compiled: not in the home folder, and not made again.
        DENO_DIR: process.env.DENO_DIR ?? `${process.env.HOME}/.cache/deno`,
        BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0",
        // Whoever runs it may have an account of their own, which is none of the demo's business.
        MP_REGION: "eu",
        MP_USERNAME: "somebody",
        MP_SECRET: "somebodys-secret",
        MP_PROJECT_ID: "1",
        MP_ACCOUNT: "nobody",
        http_proxy: "http://127.0.0.1:9",
      },
    });
    const steps = [...stdout.matchAll(/^\$ mp (\S+ \S+)/gm)].map((match) => match[1]);
    assert.deepEqual(steps, [
      "query funnel",
      "import history.jsonl",
      "import rejected.jsonl",
      "export events",
      "export events",
      "export verify",
      "import lake/events_" + dayBefore(1) + ".parquet",
      "query insights",
    ]);
    assert.match(
      stdout,
      /^Starting a sandbox .*\n[\d,]+ events of [\d,]+ customers are served on http:\/\/127\.0\.0\.1:\d+ /,
    );
    assert.match(stdout, /^\$overall +[\d,]+/m);
    // The rejected three are the three that go next.
    const [, accepted, all] = /^Imported ([\d,]+) of ([\d,]+) events, .*; 3 rejected$/m.exec(stderr)!;
    assert.equal(count(all!) - count(accepted!), 3);
    assert.match(stderr, /^Imported 3 events, /m);
    // Killed when half of it is there, and whole at the end.
    const [, there] = /^Killed: (\d+) of 14 days are there$/m.exec(stdout)!;
    assert.ok(Number(there) >= 7 && Number(there) < 14, there);
    const [, exported] = /^Exported ([\d,]+) events .* to lake\/: 14 files$/m.exec(stderr)!;
    assert.equal(JSON.parse(/^\{"complete".*$/m.exec(stdout)![0]).events, count(exported!));
    // All that was exported is what the files answer from.
    assert.match(stderr, new RegExp(`^Read lake/ in .*: ${exported} events of 14 days`, "m"));
    assert.match(stdout, /^Checked \d+ records: |payment/m);
    assert.match(stdout, /'mp help guides' has whole jobs, step by step\.\n$/);
    assert.ok(!stdout.includes("\x1b"));
    assert.doesNotMatch(stdout + stderr, /somebody/);
    assert.deepEqual([readdirSync(home), readdirSync(temporary)], [[], []]);
  });
});
