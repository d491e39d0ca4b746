import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { type BinaryResult, runBinary, temporaryFolder } from "../helpers/binary.ts";
import { startStubServer, type StubReply } from "../helpers/stub_server.ts";
import { assertFails, succeeded } from "./expectations.ts";
import { lastDays, readExports, startSandboxProcess } from "./sandbox_process.ts";
import { spawnBinary } from "../helpers/binary.ts";

const EXPORT = "/api/2.0/export";
const sandbox = await startSandboxProcess({ events: 3000, days: 5 });
const host = new URL(sandbox.url).host;
const folders: string[] = [];
const newFolder = () => folders[folders.push(temporaryFolder()) - 1]!;
after(async () => {
  await sandbox.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const args = ["export", "events", ...lastDays(5)];

/** Exports five days to a file, while the second request goes wrong in this way. */
async function exportWith(fault: Record<string, unknown>): Promise<BinaryResult & { text?: string; left: string[] }> {
  const cwd = newFolder();
  await sandbox.addFaults({ path: EXPORT, skip: 1, ...fault });
  const result = await sandbox.mp([...args, "-o", "events.jsonl"], { cwd });
  assert.ok(await sandbox.clearFaults() < (fault.times as number ?? 1), "the fault never struck");
  return { ...result, text: textOf(join(cwd, "events.jsonl")), left: readdirSync(cwd) };
}

const textOf = (path: string): string | undefined => existsSync(path) ? readFileSync(path, "utf8") : undefined;

/** All that there is to export. */
const whole = succeeded(await sandbox.mp(args));

describe("an export whose answers break", () => {
  for (
    const [what, fault] of [
      ["in the middle of a line", { kind: "half_line", afterLines: 700 }],
      ["with 'terminated early' after events", { kind: "last_words", afterLines: 700 }],
      ["with nothing but 'terminated early'", { kind: "last_words", afterLines: 0 }],
      ["with cut gzip", { kind: "cut", afterBytes: 40_000 }],
      ["with a reset connection", { kind: "reset", afterBytes: 40_000, times: 2 }],
      ["with an error in place of events", { kind: "answer", status: 200, body: '{"error": "error completing"}' }],
      ["with 503", { kind: "answer", status: 503 }],
      ["with 429", { kind: "rate_limit", retryAfterSeconds: 1 }],
    ] as const
  ) {
    it(`${what} has everything nevertheless`, { timeout: 60_000 }, async () => {
      const { code, stderr, text, left } = await exportWith(fault);
      assert.equal(code, 0, stderr);
      assert.equal(text, whole);
      assert.deepEqual(left, ["events.jsonl"]);
    });
  }

  it("prints nothing twice", { timeout: 60_000 }, async () => {
    await sandbox.addFaults({ path: EXPORT, kind: "half_line", afterLines: 300, skip: 1 });
    assert.equal(succeeded(await sandbox.mp(args)), whole);
  });

  it("leaves the file of an earlier export as it was, when it fails finally", async () => {
    const cwd = newFolder();
    const run = () => sandbox.mp([...args, "-o", "events.jsonl"], { cwd });
    succeeded(await run());
    await sandbox.addFaults({ path: EXPORT, kind: "answer", status: 402, skip: 1 });
    assert.equal((await run()).code, 2);
    assert.equal(textOf(join(cwd, "events.jsonl")), whole);
    succeeded(await run());
    assert.deepEqual(readdirSync(cwd), ["events.jsonl"]);
  });
});

describe("an answer that says 200 and holds an error", () => {
  it("is an error, whatever the status says", async () => {
    const body = { error: "Invalid event name", status: "error", request: "/api/query/segmentation" };
    await sandbox.addFaults({ kind: "answer", status: 200, body, path: "/api/query/*" });
    const result = await sandbox.mp(["query", "segmentation", "Purchase", "--last", "2d"]);
    assertFails(
      result,
      3,
      `mp: Cannot GET ${host}/api/query/segmentation: the server refused what was sent\nserver: Invalid event name\n`,
    );
  });

  it("is an error where events are sent", async () => {
    await sandbox.addFaults({
      kind: "answer",
      status: 200,
      body: { status: 0, error: "some problem" },
      path: "/track",
    });
    const result = await sandbox.mp(["track", "Seen", "--distinct-id", "u-1"]);
    assertFails(result, 3, /^mp: Cannot POST \S+\/track: the server refused what was sent\nserver: some problem\n/);
  });
});

describe("Ctrl-C", () => {
  const EVENT = '{"event":"Seen","properties":{"time":1780000000,"distinct_id":"u-1"}}\n';
  const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n";
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

  it("ends an export with 130, which then continues where it was", async () => {
    const cwd = newFolder();
    const server = await startStubServer();
    const stopper = new AbortController();
    const day: StubReply = { raw: [HEAD, chunk(EVENT.repeat(2000)), "0\r\n\r\n"], then: "close" };
    server.on("GET", EXPORT, day);
    server.on("GET", EXPORT, () => {
      setTimeout(() => stopper.abort(), 100);
      return { raw: [HEAD, chunk(EVENT + EVENT.slice(0, 20))], then: "hang" };
    });
    const days = lastDays(2);
    const run = (signal?: AbortSignal) =>
      runBinary(["export", "events", ...days, "--slice", "1", "--concurrency", "1", "-o", "events.jsonl"], {
        cwd,
        env: { ...sandbox.env, MP_API_BASE_URL: server.url },
        signal,
      });
    const result = await run(stopper.signal);
    assert.deepEqual([result.code, result.stdout], [130, ""]);
    assert.equal(result.stderr, "mp: Interrupted\nhint: run the same command again: it goes on\n");
    assert.ok(!existsSync(join(cwd, "events.jsonl")));
    server.on("GET", EXPORT, day);
    succeeded(await run());
    assert.equal(textOf(join(cwd, "events.jsonl")), EVENT.repeat(4000));
    await server.finish();
  });

  it("ends a query that waits for its answer, and the wait for another try", async () => {
    for (const reply of [{ raw: [], then: "hang" }, { status: 429, headers: { "retry-after": "50" } }] as const) {
      const server = await startStubServer();
      const stopper = new AbortController();
      server.on("GET", "/api/query/events/names", () => {
        setTimeout(() => stopper.abort(), 100);
        return reply as never;
      });
      const env = { ...sandbox.env, MP_API_BASE_URL: server.url };
      const result = await runBinary(["events", "list"], { env, signal: stopper.signal });
      await server.finish();
      assert.equal(result.code, 130);
      assert.match(result.stderr, /(^|\n)mp: Interrupted\n$/);
    }
  });

  it("ends an import with 130, and says where to go on", async () => {
    const server = await startStubServer();
    const stopper = new AbortController();
    let requests = 0;
    server.on("POST", "/import", () => {
      if (++requests < 2) return { json: { code: 200, num_records_imported: 10, status: "OK" } };
      setTimeout(() => stopper.abort(), 100);
      return { raw: [], then: "hang" };
    }, 2);
    const env = { ...sandbox.env, MP_API_BASE_URL: server.url };
    const args = ["import", "-", "--batch-size", "10", "--concurrency", "1"];
    const result = await runBinary(args, { env, stdin: EVENT.repeat(30), signal: stopper.signal });
    await server.finish();
    assert.equal(result.code, 130);
    assert.match(
      result.stderr,
      /^Imported 10 of \d+ events, .*; \d+ not sent\n(?: {2}warning: .*\n)*mp: Interrupted\nhint: .*--skip-lines 10 /,
    );
  });

  it("ends the sandbox with a clean exit, and frees its port", async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const running = await spawnBinary(["sandbox", "--port", "0"], { ready: /^export MP_TOKEN=/m });
      const url = readExports(running.output().stdout).MP_API_BASE_URL!;
      // A connection that is open does not keep it.
      await (await fetch(`${url}/sandbox/state`)).text();
      const { code, stderr } = await running.stop(signal);
      assert.equal(code, 0);
      assert.match(stderr, /^Serving on http:\/\/127\.0\.0\.1:\d+; Ctrl-C ends it\n$/m);
      await assert.rejects(fetch(`${url}/sandbox/state`));
    }
  });
});
