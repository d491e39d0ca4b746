import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { type BinaryResult, runBinary, temporaryFolder } from "../helpers/binary.ts";
import { startStubServer } from "../helpers/stub_server.ts";
import { assertFails, succeeded, until } from "./expectations.ts";
import { readExports, startSandboxProcess } from "./sandbox_process.ts";
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

interface Exported {
  result: BinaryResult;
  /** The text of the file, and of the unfinished one; undefined without. */
  file?: string;
  part?: string;
}

/** Exports five days while this goes wrong, to a file or to standard output. */
async function exportWith(fault: Record<string, unknown>, to: "file" | "stdout" = "file"): Promise<Exported> {
  const cwd = newFolder();
  await sandbox.addFaults({ path: EXPORT, ...fault });
  const target = to === "file" ? ["-o", "events.jsonl"] : [];
  const result = await sandbox.mp(["export", "events", "--last", "5d", ...target], { cwd });
  assert.ok(await sandbox.clearFaults() < (fault.times as number ?? 1), "the fault never struck");
  return { result, file: textOf(join(cwd, "events.jsonl")), part: textOf(join(cwd, "events.jsonl.part")) };
}

const textOf = (path: string): string | undefined => existsSync(path) ? readFileSync(path, "utf8") : undefined;

/** Asserts that a text is whole events, and returns how many. */
function wholeEvents(text: string): number {
  assert.ok(text.endsWith("\n"));
  const lines = text.trimEnd().split("\n");
  for (const line of lines) assert.equal(typeof JSON.parse(line).event, "string");
  return lines.length;
}

const KEPT = 'what came before is in "events.jsonl.part"; "events.jsonl" is as it was';

describe("an export that ends early", () => {
  it("after half a line keeps the whole lines aside, and fails", async () => {
    const { result, file, part } = await exportWith({ kind: "half_line", afterLines: 700 });
    assertFails(
      result,
      7,
      "mp: Cannot finish the export: the answer ends in the middle of a line, after 700 events\n" +
        `hint: run the command again; ${KEPT}\n`,
    );
    assert.equal(file, undefined);
    assert.equal(wholeEvents(part!), 700);
  });

  it("with 'terminated early' fails with these words", async () => {
    const { result, file, part } = await exportWith({ kind: "last_words", afterLines: 700 });
    assertFails(
      result,
      6,
      'mp: Cannot finish the export: Mixpanel stopped it after 700 events with "terminated early"\n' +
        `hint: run the command again; fewer days at a time help when it happens again; ${KEPT}\n`,
    );
    assert.equal(file, undefined);
    assert.equal(wholeEvents(part!), 700);
  });

  it("with nothing but 'terminated early' leaves no file at all", async () => {
    const { result, file, part } = await exportWith({ kind: "last_words", afterLines: 0 });
    assertFails(
      result,
      6,
      /stopped it after 0 events with "terminated early"\nhint: run the command again; fewer days.*\n$/,
    );
    assert.deepEqual([file, part], [undefined, undefined]);
  });

  it("in a pipe says that what was printed is not all", async () => {
    const { result } = await exportWith({ kind: "last_words", afterLines: 3 }, "stdout");
    assert.equal(wholeEvents(result.stdout), 3);
    assert.equal(result.code, 6);
    assert.match(result.stderr, /"terminated early"\nhint: .*; the events that were printed are not all\n$/);
  });

  it("with cut gzip fails although every line before it is whole", async () => {
    const { result, file, part } = await exportWith({ kind: "cut", afterBytes: 40_000 });
    assertFails(
      result,
      7,
      `mp: Cannot GET ${host}${EXPORT}: the answer of ${host} ended early\nhint: run the command again; ${KEPT}\n`,
    );
    assert.equal(file, undefined);
    assert.ok(wholeEvents(part!) > 0);
  });

  it("with a reset connection fails", { timeout: 60_000 }, async () => {
    // On a busy machine the reset overtakes the answer; then it is asked for again, and reset again.
    const { result, file } = await exportWith({ kind: "reset", afterBytes: 40_000, times: 5 });
    assert.equal(result.code, 7);
    assert.match(result.stderr, /(^|\n)mp: Cannot GET \S+\/api\/2\.0\/export: .*\nhint: run the command again/);
    assert.equal(file, undefined);
  });

  it("with a rate limit in the stream is told as one", async () => {
    const { result } = await exportWith({ kind: "last_words", afterLines: 2, text: "rate limit reached" });
    assertFails(
      result,
      5,
      /stopped it after 2 events with "rate limit reached"\nhint: wait a minute and run the command/,
    );
  });

  it("leaves the file of an earlier export as it was", async () => {
    const cwd = newFolder();
    const args = ["export", "events", "--last", "5d", "-o", "events.jsonl"];
    succeeded(await sandbox.mp(args, { cwd }));
    const before = textOf(join(cwd, "events.jsonl"))!;
    assert.ok(wholeEvents(before) > 1000);
    await sandbox.addFaults({ path: EXPORT, kind: "half_line", afterLines: 5 });
    assert.equal((await sandbox.mp(args, { cwd })).code, 7);
    assert.equal(textOf(join(cwd, "events.jsonl")), before);
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

  it("is an error where an export should begin", async () => {
    const body = '{"error": "error completing export request"}';
    const { result, file } = await exportWith({ kind: "answer", status: 200, body });
    assert.equal(result.code, 6);
    assert.match(result.stderr, /^mp: Cannot finish the export: .*error completing export request/);
    assert.equal(file, undefined);
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

  it("ends an export with 130 and keeps the events so far", async () => {
    const cwd = newFolder();
    const server = await startStubServer();
    server.on("GET", EXPORT, { raw: [HEAD, chunk(EVENT.repeat(2000) + EVENT.slice(0, 20))], then: "hang" });
    const stopper = new AbortController();
    const running = runBinary(["export", "events", "--last", "2d", "-o", "events.jsonl"], {
      cwd,
      env: { ...sandbox.env, MP_API_BASE_URL: server.url },
      signal: stopper.signal,
    });
    const part = join(cwd, "events.jsonl.part");
    const hasEvents = (name: string) => name.endsWith(".part") && statSync(join(cwd, name)).size > 0;
    await until("the first events are in a file", () => readdirSync(cwd).some(hasEvents));
    stopper.abort();
    const result = await running;
    await server.finish();
    assert.equal(result.code, 130);
    assert.equal(result.stdout, "");
    assert.match(result.stderr, /^mp: Interrupted\nhint: .*"events\.jsonl\.part"; "events\.jsonl" is as it was\n$/);
    assert.equal(wholeEvents(textOf(part)!), 2000);
    assert.ok(!existsSync(join(cwd, "events.jsonl")));
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
      const result = await runBinary(["events", "names"], { env, signal: stopper.signal });
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
      /^Imported 10 of \d+ events, .*; \d+ not sent\nmp: Interrupted\nhint: .*--skip-lines 10 /,
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
      assert.match(stderr, /^Serving on http:\/\/127\.0\.0\.1:\d+; Ctrl-C ends it\n$/);
      await assert.rejects(fetch(`${url}/sandbox/state`));
    }
  });
});
