import { after, before, describe, it } from "node:test";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { openLedger } from "../../../src/client/pacing/ledger.ts";
import { join, makeTemporaryFolder, removeFile } from "../../../src/runtime/files/files.ts";
import { systemClock } from "../../../src/runtime/clock.ts";

const SCRIPT = fileURLToPath(new URL("./ledger_process.ts", import.meta.url));
const RUNNER = "Deno" in globalThis ? ["run", "-A", "--no-check", SCRIPT] : [SCRIPT];
const KEY = { host: "stub.test", project: "1", assumed: false };
const clock = { ...systemClock, random: () => 0 };

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [...RUNNER, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

async function outputOf(child: ChildProcess): Promise<string> {
  let output = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => output += text);
  const [code] = await once(child, "close");
  assert.equal(code, 0);
  return output;
}

describe("processes that share a ledger", () => {
  let folder = "";
  before(async () => void (folder = await makeTemporaryFolder("mp-ledger-")));
  after(() => removeFile(folder));

  async function prepared(name: string, policy: string): Promise<string> {
    const path = join(folder, name);
    const ledger = openLedger({ path, clock });
    (await ledger.reserve(KEY, "query")).release({ counted: false });
    ledger.observe(KEY, "query", 200, new Headers({ "ratelimit-policy": policy }));
    ledger.close();
    return path;
  }

  it("never make more requests within a window, or at the same time, than the server allows", async () => {
    const path = await prepared("hammered.db", '"project";q=20;w=1, "concurrency";q=3;qu="concurrent-requests"');
    const children = Array.from({ length: 5 }, () => start(path, "hammer", "10", "5"));
    const outputs = await Promise.all(children.map(outputOf));
    const uses = outputs.flatMap((output) => output.trim().split("\n")).map((line) => {
      const [from = 0, to = 0] = line.split(" ").map(Number);
      return { from, to };
    }).sort((a, b) => a.from - b.from);
    assert.equal(uses.length, 50);
    for (const { from } of uses) {
      const within = uses.filter((other) => other.from >= from && other.from < from + 1000).length;
      assert.ok(within <= 20, `${within} requests within a second`);
      const running = uses.filter((other) => other.from <= from && other.to > from).length;
      assert.ok(running <= 3, `${running} requests at the same time`);
    }
    assert.ok(uses.at(-1)!.from - uses[0]!.from >= 2000, "50 requests at 20 a second take two seconds");
  });

  it("free the place of one that was killed", async () => {
    const path = await prepared("killed.db", '"concurrency";q=1;qu="concurrent-requests"');
    const child = start(path, "hold", "0", "0");
    await once(child.stdout!, "data");
    const ledger = openLedger({ path, clock, concurrencyPatienceMs: 0 });
    await assert.rejects(ledger.reserve(KEY, "query"), /limit of 1 at a time/);
    child.kill("SIGKILL");
    await once(child, "close");
    const reservation = await ledger.reserve(KEY, "query");
    reservation.release();
    ledger.close();
  });
});
