import { describe, it } from "node:test";
import assert from "node:assert/strict";
import type { Connection, WireRequest } from "../../src/client/types.ts";
import { startStubServer, type StubReply, type StubServer } from "../helpers/stub_server.ts";
import { failure, type Harness, harness, importRequest, queryRequest, withServer } from "./harness.ts";

const SEGMENTATION = "/api/query/segmentation";

describe("the client's retries", () => {
  const gives = async (
    server: StubServer,
    replies: StubReply[],
    request: WireRequest = queryRequest(),
    changes: Partial<Connection> = {},
  ): Promise<Harness> => {
    for (const reply of replies) {
      server.on(request.method, request.family === "query" ? SEGMENTATION : "/import", reply);
    }
    const made = harness(server.url, changes);
    await made.client.send(request);
    return made;
  };

  it("wait longer each time, and say so", () =>
    withServer(async (server) => {
      const { clock, notices } = await gives(server, [{ status: 503 }, { status: 500 }, { status: 502 }, { json: {} }]);
      assert.deepEqual(clock.sleeps, [500, 1000, 2000]);
      assert.deepEqual(notices, [
        "the server answered 503; trying again in 1 s",
        "the server answered 500; trying again in 1 s",
        "the server answered 502; trying again in 2 s",
      ]);
    }));

  it("obey Retry-After", () =>
    withServer(async (server) => {
      const limited = { status: 429, headers: { "retry-after": "12" } };
      const { clock, notices } = await gives(server, [limited, { json: {} }]);
      assert.deepEqual(clock.sleeps, [12_000]);
      assert.deepEqual(notices, ["rate limited; trying again in 12 s"]);
    }));

  it("wait as usual where Retry-After says nothing that can be obeyed", () =>
    withServer(async (server) => {
      const values = ["0", "-5", "1e9", "soon", "Thu, 15 Jan 2015 12:00:00 GMT"];
      for (const value of values) {
        const limited = { status: 429, headers: { "retry-after": value } };
        const { clock } = await gives(server, [limited, { json: {} }]);
        assert.deepEqual(clock.sleeps, [500], value);
      }
    }));

  it("say when to come back, in a time that there is, whatever Retry-After says", () =>
    withServer(async (server) => {
      const values = ["3000000", "9".repeat(30), "Fri, 31 Dec 9999 23:59:59 GMT"];
      for (const value of values) {
        const limited = { status: 429, headers: { "retry-after": value } };
        const error = await failure(gives(server, [limited]));
        assert.equal(error.category, "rate_limited");
        assert.match(error.message, /rate limited until 202[67]-\d\d-\d\d \d\d:\d\d:\d\d$/, value);
        assert.match(error.hint ?? "", /^try again in \d+ h; /, value);
      }
    }));

  it("do not ask a redirect again that is refused", () =>
    withServer(async (server) => {
      const error = await failure(gives(server, [{ status: 302, headers: { location: "http://127.0.0.2:9/" } }]));
      assert.equal(error.code, "redirect");
      assert.equal(server.requests.length, 1);
    }));

  it("do not take a part of an answer for the whole", () =>
    withServer(async (server) => {
      const part = { status: 206, headers: { "content-range": "bytes 0-1/100" }, body: "{}" };
      const error = await failure(gives(server, [part]));
      assert.equal(error.code, "partial_content");
      assert.equal(error.exitCode, 6);
      assert.match(error.message, /only a part of what was asked for \(206\)$/);
    }));

  it("do not take no content for a stream of none", () =>
    withServer(async (server) => {
      for (const status of [201, 202, 204, 205]) {
        const error = await failure(gives(server, [{ status }], queryRequest({ streaming: true })));
        assert.equal(error.exitCode, 6);
        assert.match(error.message, new RegExp(`unexpected status ${status}$`));
      }
    }));

  it("do without Retry-After", () =>
    withServer(async (server) => {
      const { clock } = await gives(server, [{ status: 429, body: "slow down" }, { json: {} }]);
      assert.deepEqual(clock.sleeps, [500]);
    }));

  it("give up at once when the server wants a long wait", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { status: 429, headers: { "retry-after": "1800" } });
      const { client, clock } = harness(server.url);
      const error = await failure(client.send(queryRequest()));
      assert.equal(error.exitCode, 5);
      assert.equal(error.retryAfterSeconds, 1800);
      assert.match(error.message, /rate limited until \d\d:\d\d:\d\d$/);
      assert.match(error.hint!, /try again in 30 min/);
      assert.deepEqual(clock.sleeps, []);
    }));

  it("add their waits up, and give up when patience ends", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { status: 429, headers: { "retry-after": "25" } }, 3);
      const { client, clock } = harness(server.url);
      const error = await failure(client.send(queryRequest()));
      assert.deepEqual(clock.sleeps, [25_000, 25_000]);
      assert.equal(error.category, "rate_limited");
    }));

  it("go on as long as patience lasts for a caller who waits for the quota, who is told in place of the user", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { status: 429, headers: { "retry-after": "600" } }, 9);
      server.on("GET", SEGMENTATION, { json: {} });
      const { client, clock, notices } = harness(server.url);
      const waits: unknown[] = [];
      await client.send(queryRequest(), { patienceMs: 2 * 3_600_000, onWait: (wait) => void waits.push(wait) });
      assert.deepEqual(clock.sleeps, Array(9).fill(600_000));
      assert.deepEqual(waits.slice(0, 2), [{ reason: "rate limited", milliseconds: 600_000 }, undefined]);
      assert.equal(waits.length, 18);
      assert.deepEqual(notices, []);
    }));

  it("ask less and less often for such a caller when the server does not say when", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { status: 429 }, 9);
      server.on("GET", SEGMENTATION, { json: {} });
      const { client, clock } = harness(server.url);
      await client.send(queryRequest(), { patienceMs: Number.POSITIVE_INFINITY });
      assert.deepEqual(clock.sleeps, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    }));

  it("count failures alone for such a caller, and end with his patience", () =>
    withServer(async (server) => {
      const turnedAway = { status: 429, headers: { "retry-after": "10" } };
      for (const reply of [turnedAway, { status: 503 }, turnedAway, { status: 503 }, turnedAway]) {
        server.on("GET", SEGMENTATION, reply);
      }
      server.on("GET", SEGMENTATION, { status: 503 }, 3);
      const error = await failure(harness(server.url).client.send(queryRequest(), { patienceMs: 60_000 }));
      assert.equal(error.status, 503);
      server.on("GET", SEGMENTATION, { status: 429, headers: { "retry-after": "25" } }, 3);
      const { client, clock } = harness(server.url);
      assert.equal((await failure(client.send(queryRequest(), { patienceMs: 60_000 }))).category, "rate_limited");
      assert.deepEqual(clock.sleeps, [25_000, 25_000]);
    }));

  it("end after five attempts", () =>
    withServer(async (server) => {
      server.on("GET", SEGMENTATION, { status: 503 }, 5);
      const error = await failure(harness(server.url).client.send(queryRequest()));
      assert.equal(error.exitCode, 6);
      assert.equal(error.status, 503);
    }));

  it("leave a failed write alone that may not be repeated", () =>
    withServer(async (server) => {
      server.on("POST", "/import", { status: 503 });
      const error = await failure(harness(server.url).client.send(importRequest({ repeatable: false })));
      assert.equal(error.category, "server");
    }));

  it("repeat any request that was turned away with 429", () =>
    withServer(async (server) => {
      const taken = { json: { code: 200, status: "OK" } };
      await gives(server, [{ status: 429 }, taken], importRequest({ repeatable: false }));
      assert.equal(server.requests.length, 2);
    }));

  it("repeat a read whose connection was lost", () =>
    withServer(async (server) => {
      const { notices } = await gives(server, [{ raw: [], then: "reset" }, { json: {} }]);
      assert.deepEqual(notices, ["connection lost; trying again in 1 s"]);
    }));

  it("repeat a read whose answer was cut", () =>
    withServer(async (server) => {
      await gives(server, [
        { raw: ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", "{}"], then: "reset" },
        { json: {} },
      ]);
      assert.equal(server.requests.length, 2);
    }));

  it("do not repeat a write whose answer was lost", () =>
    withServer(async (server) => {
      server.on("POST", "/import", { raw: [], then: "reset" });
      const error = await failure(harness(server.url).client.send(importRequest({ repeatable: false })));
      assert.equal(error.category, "network");
      assert.match(error.hint!, /look whether it was done/);
    }));

  it("repeat a write whose connection was refused", async () => {
    const server = await startStubServer();
    await server.finish();
    const { client, clock } = harness(server.url);
    const error = await failure(client.send(importRequest({ repeatable: false })));
    assert.equal(error.code, "refused");
    assert.equal(error.exitCode, 7);
    assert.equal(clock.sleeps.length, 4);
    assert.match(error.message, new RegExp(`127.0.0.1:${server.port} refused the connection$`));
    assert.match(error.hint!, /MP_API_BASE_URL/);
  });

  it("do not wait when the caller has given up", () =>
    withServer(async (server) => {
      const controller = new AbortController();
      server.on("GET", SEGMENTATION, () => {
        controller.abort();
        return { status: 503 };
      });
      const error = await failure(harness(server.url).client.send(queryRequest(), { signal: controller.signal }));
      assert.equal(error.exitCode, 130);
    }));
});
