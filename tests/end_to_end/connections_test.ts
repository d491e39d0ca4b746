/** Counts connections: none is made that was not asked for. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { BINARY, type BinaryOptions, runBinary, spawnBinary, temporaryFolder } from "../helpers/binary.ts";
import { startStubServer } from "../helpers/stub_server.ts";
import { succeeded } from "./expectations.ts";
import { startSandboxProcess } from "./sandbox_process.ts";
import { describeUnless } from "../helpers/needs.ts";

const folder = temporaryFolder();
const trace = join(folder, "trace");
after(() => rmSync(folder, { recursive: true, force: true }));

const credentials = { MP_USERNAME: "robot", MP_SECRET: "made-up-secret", MP_PROJECT_ID: "1", MP_TOKEN: "a-token" };
const OFFLINE: readonly string[][] = [
  ["--version"],
  ["--help"],
  ["help", "quotas"],
  ["query", "segmentation", "--help"],
  ["expr", "check", 'properties["plan"] == "pro"'],
  ["whoami"],
  ["account", "list"],
  ["limits"],
  ["completion", "bash"],
  ["__complete", "query", "seg"],
  ["track", "Purchase", "--distinct-id", "u-1", "--dry-run"],
  ["query", "segmentaton"],
];

/** strace with the program as the process that it is started as, so that signals reach it. */
const STRACE = ["-D", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", trace];
const isTraced = spawnSync("strace", [...STRACE, "true"]).status === 0;

/** Where the traced program connected or sent datagrams to, as `address:port`, each once. */
function reached(): string[] {
  const calls = existsSync(trace) ? readFileSync(trace, "utf8").split("\n") : [];
  const places = calls.map((line) => line.match(/sa_family=AF_INET6?,.*?port=htons\((\d+)\).*?"([^"]+)"/)).filter((
    match,
  ) => match !== null);
  return [...new Set(places.map(([, port, address]) => `${address}:${port}`))];
}

function runTraced(args: string[], options: BinaryOptions = {}) {
  rmSync(trace, { force: true });
  return runBinary([...STRACE, BINARY, ...args], { ...options, program: "strace" });
}

describeUnless(!isTraced && "strace does not work here", "connections, counted by the system", () => {
  for (const args of OFFLINE) {
    it(`are not made by mp ${args.join(" ")}`, async () => {
      await runTraced(args, { env: credentials });
      // The tracer holds the program's streams too: once they are closed, its file is complete.
      assert.deepEqual(reached(), []);
    });
  }

  it("are not made by mp sandbox", async () => {
    rmSync(trace, { force: true });
    const running = await spawnBinary([...STRACE, BINARY, "sandbox", "--port", "0", "--demo", "--events", "500"], {
      program: "strace",
      ready: /^export MP_TOKEN=.+\n/m,
    });
    await running.stop();
    assert.deepEqual(reached(), []);
  });

  it("are made to the given origin and to nothing else by a query, an import and an export", async () => {
    const sandbox = await startSandboxProcess({ events: 500, days: 10 });
    try {
      const origin = new URL(sandbox.url).host;
      const event = '{"event":"Test","properties":{"time":1790000000,"distinct_id":"u","$insert_id":"i"}}\n';
      const commands: [string[], string?][] = [
        [["query", "segmentation", "Purchase", "--last", "7d"]],
        [["import", "-"], event],
        [["export", "events", "--from", "9d", "--to", "yesterday", "--output", join(folder, "events.jsonl")]],
      ];
      for (const [args, stdin] of commands) {
        succeeded(await runTraced(args, { env: sandbox.env, stdin }));
        assert.deepEqual(reached(), [origin], args.join(" "));
      }
    } finally {
      await sandbox.stop();
    }
  });
});

describe("connections through a proxy", () => {
  it("are none for what needs no answer, and one for a question", async () => {
    const proxy = await startStubServer();
    proxy.on("CONNECT", "mixpanel.com:443", { status: 403 });
    try {
      const env = { ...credentials, HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, ALL_PROXY: proxy.url };
      for (const args of OFFLINE) await runBinary(args, { env });
      assert.deepEqual(proxy.requests.map(({ method, path }) => `${method} ${path}`), []);
      await runBinary(["events", "list"], { env });
      assert.deepEqual(proxy.requests.map(({ method, path }) => `${method} ${path}`), ["CONNECT mixpanel.com:443"]);
    } finally {
      await proxy.finish();
    }
  });
});
