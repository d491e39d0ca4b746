import { afterEach, beforeEach, describe, it } from "node:test";
import assert from "node:assert/strict";
import type { Connection } from "../../src/client/types.ts";
import { type Ledger, openLedger } from "../../src/client/pacing/ledger.ts";
import { join, makeTemporaryFolder, removeFile } from "../../src/runtime/files/files.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";
import { type FakeClock, fakeClock } from "../helpers/fake_clock.ts";
import { failure, harness, queryRequest } from "./harness.ts";

const SEGMENTATION = "/api/query/segmentation";
const POLICY = { "ratelimit-policy": '"project";q=3;w=3600, "c";q=2;qu="concurrent-requests"' };
const query = queryRequest({ quota: "query" });

let folder: string;
let server: StubServer;
let clock: FakeClock;
let ledger: Ledger;

beforeEach(async () => {
  folder = await makeTemporaryFolder("mp-pacing-");
  server = await startStubServer();
  clock = fakeClock();
  ledger = openLedger({ path: join(folder, "ledger.db"), clock });
});

afterEach(async () => {
  ledger.close();
  await removeFile(folder);
  await server.finish();
});

const clientWith = (changes: Partial<Connection> = {}) => harness(server.url, changes, { ledger, clock }).client;

async function used(): Promise<number> {
  return (await ledger.snapshot())[0]?.windows[0]?.used ?? 0;
}

/** The first answer teaches the limits; an hour later its own request no longer counts. */
async function teach(): Promise<void> {
  server.on("GET", SEGMENTATION, { headers: POLICY, json: {} });
  await clientWith().send(query);
  clock.advance(3_600_000);
}

describe("a client with a ledger", () => {
  it("learns the server's limits, keeps them, and sends nothing beyond", async () => {
    await teach();
    server.on("GET", SEGMENTATION, { json: {} }, 3);
    for (let count = 0; count < 3; count++) await clientWith().send(query);
    const error = await failure(clientWith().send(query));
    assert.equal(error.exitCode, 5);
    assert.equal(error.retryAfterSeconds, 3600);
    assert.match(error.message, /nothing was sent/);
  });

  it("waits for the next free slot as long as its caller wants, and tells what is left", async () => {
    await teach();
    server.on("GET", SEGMENTATION, { json: {} }, 4);
    const left: [number, number][] = [];
    const waits: unknown[] = [];
    const { client, notices } = harness(server.url, {}, { ledger, clock });
    for (let count = 0; count < 4; count++) {
      await client.send(query, {
        patienceMs: 3_600_000,
        onQuota: (...what) => void left.push(what),
        onWait: (wait) => void waits.push(wait),
      });
    }
    assert.deepEqual(left, [[2, 3], [1, 3], [0, 3], [2, 3]]);
    assert.deepEqual(waits, [
      { reason: "queries are at their limit of 3 an hour", milliseconds: 3_600_000 },
      undefined,
    ]);
    assert.deepEqual(clock.sleeps, [3_600_000]);
    assert.deepEqual(notices, []);
  });

  it("fails at once when even a patient caller would have to wait longer", async () => {
    await teach();
    server.on("GET", SEGMENTATION, { json: {} }, 3);
    for (let count = 0; count < 3; count++) await clientWith().send(query);
    const error = await failure(clientWith().send(query, { patienceMs: 3_599_999 }));
    assert.equal(error.retryAfterSeconds, 3600);
    assert.deepEqual(clock.sleeps, []);
  });

  it("sends anyway without pacing", async () => {
    await teach();
    server.on("GET", SEGMENTATION, { json: {} }, 5);
    for (let count = 0; count < 5; count++) await clientWith({ pacing: false }).send(query);
    assert.equal(await used(), 0);
  });

  it("enters neither requests without a quota nor free ones", async () => {
    await teach();
    server.on("GET", SEGMENTATION, { json: {} }, 2);
    await clientWith().send(queryRequest());
    await clientWith().send({ ...query, countsAgainstQuota: false });
    assert.equal(await used(), 0);
  });

  it("enters what the server counts, also when it fails, and nothing else", async () => {
    await teach();
    const outcomes = [[200, 1], [400, 2], [401, 2], [402, 2], [404, 3]] as const;
    for (const [status, count] of outcomes) {
      server.on("GET", SEGMENTATION, { status, json: { error: status === 200 ? undefined : "no" } });
      await clientWith().send(query).catch(() => {});
      assert.equal(await used(), count, `after ${status}`);
    }
  });

  it("keeps other processes away as long as the server wants", async () => {
    await teach();
    server.on("GET", SEGMENTATION, { status: 429, headers: { "retry-after": "1800" } });
    await failure(clientWith().send(query));
    const error = await failure(clientWith().send(query));
    assert.equal(error.retryAfterSeconds, 1800);
    assert.equal(server.requests.length, 2);
  });

  it("waits out a short Retry-After and goes on", async () => {
    await teach();
    server.on("GET", SEGMENTATION, { status: 429, headers: { "retry-after": "7" } });
    server.on("GET", SEGMENTATION, { json: {} });
    await clientWith().send(query);
    assert.deepEqual(clock.sleeps, [7000]);
    assert.equal(await used(), 1);
  });

  it("holds the place of a stream until it ends, is cancelled or fails", async () => {
    await teach();
    const running = async () => (await ledger.snapshot())[0]!.running;
    const streaming = { ...query, streaming: true };
    server.on("GET", SEGMENTATION, { body: "a" });
    const read = await clientWith().send(streaming);
    assert.equal(await running(), 1);
    await read.text();
    assert.equal(await running(), 0);

    server.on("GET", SEGMENTATION, { raw: ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"], then: "hang" });
    const cancelled = await clientWith().send(streaming);
    await cancelled.stream()[Symbol.asyncIterator]().return?.();
    assert.equal(await running(), 0);

    server.on("GET", SEGMENTATION, { raw: ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"], then: "reset" });
    const failed = await clientWith().send(streaming);
    await failure(failed.text());
    assert.equal(await running(), 0);
  });

  it("takes a request back that never reached the server", async () => {
    await teach();
    const gone = server.url;
    await server.finish();
    await failure(harness(gone, {}, { ledger, clock }).client.send({ ...query, repeatable: false }));
    assert.equal(await used(), 0);
    server = await startStubServer();
  });

  it("tells projects apart, and credentials where no project is named", async () => {
    await teach();
    server.on("GET", SEGMENTATION, { headers: POLICY, json: {} }, 3);
    await clientWith({ projectId: "456" }).send(query);
    await clientWith({ credentials: { projectSecret: "s1" } }).send(query);
    await clientWith({ credentials: { projectSecret: "s2" } }).send(query);
    const projects = (await ledger.snapshot()).map(({ project }) => project);
    assert.equal(new Set(projects).size, 4);
    assert.doesNotMatch(projects.join(), /s1|s2/);
  });
});
