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
    assert.deepEqual(steps, ["import history.jsonl", "export events", "profiles get", "query segmentation"]);
    assert.match(
      stdout,
      /^Starting a sandbox .*\n[\d,]+ events of [\d,]+ customers are served on http:\/\/127\.0\.0\.1:\d+ /,
    );
    assert.match(stdout, /\$distinct_id +customer-\d+\n/);
    assert.match(stdout, / ┤/);
    assert.match(stdout, /To play on: mp sandbox --demo\n$/);
    assert.match(stderr, /^Imported [\d,]+ events, .*\nExported [\d,]+ events \(.*\), .* to month\.jsonl\n$/);
    assert.doesNotMatch(stdout + stderr, /somebody/);
    assert.deepEqual([readdirSync(home), readdirSync(temporary)], [[], []]);
  });
});
