import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BinaryResult, runBinary } from "../helpers/binary.ts";
import { startStubServer, type StubReply } from "../helpers/stub_server.ts";
import { closedPort } from "./closed_port.ts";
import { assertFails, succeeded } from "./expectations.ts";

const PATH = "/api/query/events/names";
const credentials = { MP_USERNAME: "robot", MP_SECRET: "made-up-secret", MP_PROJECT_ID: "1" };
const LIMITED: StubReply = { status: 429, json: { error: "Query rate limit exceeded", status: "error" } };
const AFTER = (seconds: number): StubReply => ({ ...LIMITED, headers: { "retry-after": String(seconds) } });
const NAMES: StubReply = { json: ["Purchase"] };

interface Told {
  result: BinaryResult;
  host: string;
  requests: number;
}

/** Runs a query against a server that answers in this order, and fails when it is asked more or less often. */
async function ask(replies: StubReply[], args: string[] = ["events", "list"]): Promise<Told> {
  const server = await startStubServer();
  for (const reply of replies) server.on("GET", PATH, reply);
  const result = await runBinary(args, { env: { ...credentials, MP_API_BASE_URL: server.url }, timeoutMs: 60_000 });
  await server.finish();
  return { result, host: new URL(server.url).host, requests: server.requests.length };
}

async function askNobody(): Promise<Told> {
  const port = await closedPort();
  const env = { ...credentials, MP_API_BASE_URL: `http://127.0.0.1:${port}` };
  const result = await runBinary(["events", "list"], { env, timeoutMs: 60_000 });
  return { result, host: `127.0.0.1:${port}`, requests: 0 };
}

// Waits are real here, and some take seconds: all of them pass at the same time.
const told = {
  closedPort: askNobody(),
  limitedForGood: ask([LIMITED, LIMITED, LIMITED, LIMITED, LIMITED]),
  limitedOnce: ask([LIMITED, NAMES]),
  limitedForASecond: ask([AFTER(1), NAMES]),
  limitedForAnHour: ask([AFTER(3600)]),
  limitedForAnHourAsJson: ask([AFTER(3600)], ["events", "list", "-f", "json"]),
  limitedQuietly: ask([AFTER(1), NAMES], ["events", "list", "-q"]),
  unavailableOnce: ask([{ status: 503, body: "upstream connect error" }, NAMES]),
  resetOnce: ask([{ raw: [], then: "reset" }, NAMES]),
  badGateways: ask(Array.from({ length: 5 }, () => ({ status: 502, body: "<html><title>Bad gateway</title></html>" }))),
};
const slow = { timeout: 60_000 };

describe("a closed port", () => {
  it("is told after some tries that are announced", slow, async () => {
    const { result, host } = await told.closedPort;
    const lines = result.stderr.trimEnd().split("\n");
    assert.equal(lines.length, 6);
    for (const line of lines.slice(0, 4)) assert.match(line, /^connection refused; trying again in \d+ s$/);
    assert.deepEqual(lines.slice(4), [
      `mp: Cannot GET ${host}${PATH}: ${host} refused the connection`,
      "hint: does the server of MP_API_BASE_URL run? 'mp sandbox' starts one",
    ]);
    assert.equal(result.stdout, "");
    assert.equal(result.code, 7);
  });
});

describe("429 with Retry-After", () => {
  it("is obeyed when the wait is short, and announced", slow, async () => {
    const { result } = await told.limitedForASecond;
    assert.equal(succeeded(result), '["Purchase"]\n');
    assert.equal(result.stderr, "rate limited; trying again in 1 s\n");
  });

  it("is obeyed silently with --quiet", slow, async () => {
    const { result } = await told.limitedQuietly;
    assert.equal(succeeded(result), '["Purchase"]\n');
    assert.equal(result.stderr, "");
  });

  it("is told at once when the wait is long, with the time of the next slot", slow, async () => {
    const { result, host, requests } = await told.limitedForAnHour;
    assert.equal(requests, 1);
    assertFails(
      result,
      5,
      new RegExp(
        `^mp: Cannot GET ${host}${PATH}: rate limited until \\d\\d:\\d\\d:\\d\\d\\n` +
          "server: Query rate limit exceeded\n" +
          "hint: try again in 60 min; 'mp limits' shows what has been used\n$",
      ),
    );
  });

  it("is told to scripts in seconds", slow, async () => {
    const { result } = await told.limitedForAnHourAsJson;
    assert.equal(result.code, 5);
    const { error } = JSON.parse(result.stderr);
    assert.deepEqual(
      [error.category, error.code, error.status, error.retry_after_seconds],
      ["rate_limited", "rate_limited", 429, 3600],
    );
  });
});

describe("429 without Retry-After", () => {
  it("is tried again after a moment", slow, async () => {
    const { result } = await told.limitedOnce;
    assert.equal(succeeded(result), '["Purchase"]\n');
    assert.match(result.stderr, /^rate limited; trying again in 1 s\n$/);
  });

  it("is told when it stays, after five tries", slow, async () => {
    const { result, host, requests } = await told.limitedForGood;
    assert.equal(requests, 5);
    const lines = result.stderr.split("\n");
    for (const line of lines.slice(0, 4)) assert.match(line, /^rate limited; trying again in \d+ s$/);
    assert.deepEqual(lines.slice(4), [
      `mp: Cannot GET ${host}${PATH}: rate limited`,
      "server: Query rate limit exceeded",
      "hint: try again later; 'mp limits' shows what has been used",
      "",
    ]);
    assert.equal(result.stdout, "");
    assert.equal(result.code, 5);
  });
});

describe("a server that fails", () => {
  it("is asked again, and nobody but standard error hears of it", slow, async () => {
    const { result } = await told.unavailableOnce;
    assert.equal(succeeded(result), '["Purchase"]\n');
    assert.equal(result.stderr, "the server answered 503; trying again in 1 s\n");
  });

  it("is asked again when the connection is reset before the answer", slow, async () => {
    const { result } = await told.resetOnce;
    assert.equal(succeeded(result), '["Purchase"]\n');
    assert.equal(result.stderr, "connection lost; trying again in 1 s\n");
  });

  it("for good is told with its status, in words instead of HTML", slow, async () => {
    const { result, requests } = await told.badGateways;
    assert.equal(requests, 5);
    assert.equal(result.stdout, "");
    assert.equal(result.code, 6);
    assert.match(
      result.stderr,
      /\nmp: Cannot GET \S+: the service is unavailable \(502\)\nserver: [^<]*Bad gateway[^<]*\nhint: try again later\n$/,
    );
  });
});
