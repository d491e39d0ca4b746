import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { call, stream, withoutEnvelope } from "../../src/api/call.ts";
import { del, get, type Operation, operation, post } from "../../src/api/operation.ts";
import { count } from "../../src/api/params.ts";
import { MpError } from "../../src/errors.ts";
import { failure, harness, withServer } from "../client/harness.ts";
import { fakeClient } from "../jobs/fake_client.ts";
import { textOf } from "../streams/chunked.ts";

const result = z.looseObject({ n: z.number() });

function declare<R extends z.ZodType = typeof result>(facts: Partial<Operation> & { result?: R } = {}) {
  return operation({
    id: "test.operation",
    summary: "test",
    routes: [get("query", "/x")],
    auth: ["service_account"],
    params: z.object({ limit: count("Limit", { min: 1 }).optional() }),
    result: result as unknown as R,
    ...facts,
  } as Operation<z.ZodObject, R>);
}

const missing = new MpError("Cannot call GET /x: no such endpoint", { category: "not_found", endpointMissing: true });

describe("an answer", () => {
  it("is the body as it came, parsed with every digit, and the result in its shape", async () => {
    const text = '{"n": 1, "id": 1234567890123456789}\n';
    const answer = await call(fakeClient(() => text), declare(), {});
    assert.equal(answer.text, text);
    assert.deepEqual(answer.data, { n: 1, id: 1234567890123456789n });
    assert.deepEqual(answer.result(), { n: 1, id: 1234567890123456789n });
  });

  it("may come with or without its envelope", async () => {
    for (const text of ['{"status":"ok","results":{"n":1}}', '{"n":1}']) {
      const answer = await call(fakeClient(() => text), declare({ envelope: true }), {});
      assert.deepEqual(answer.result(), { n: 1 });
      assert.equal(answer.text, text);
    }
    // The reference's standard answer has one everywhere.
    const answer = await call(fakeClient(() => '{"status":"success","results":{"n":1}}'), declare(), {});
    assert.deepEqual(answer.result(), { n: 1 });
  });

  it("is an error of the server when it is not JSON", async () => {
    const client = fakeClient(() => "<html>Bad gateway</html>" + "x".repeat(1000));
    const error = await failure(call(client, declare(), {}));
    assert.equal(error.message, "Cannot read the answer of test.operation: it is not JSON");
    assert.deepEqual([error.category, error.code, error.exitCode], ["server", "unexpected_answer", 6]);
    assert.match(error.serverMessage ?? "", /^an HTML page: Bad gateway x+…$/);
    assert.equal(error.serverMessage?.length, "an HTML page: ".length + 121);
  });

  it("of another shape is an error only for whoever asks for the result", async () => {
    const answer = await call(fakeClient(() => '{"n": "one"}'), declare(), {});
    assert.equal(answer.text, '{"n": "one"}');
    assert.throws(() => answer.result(), {
      category: "server",
      message: "Cannot read the answer of test.operation: unexpected shape at n",
      hint: /--format json/,
    });
    const list = await call(fakeClient(() => "[1]"), declare(), {});
    assert.throws(() => list.result(), { message: /unexpected shape at the top$/ });
  });

  it("may be empty", async () => {
    for (const text of ["", "\n"]) {
      const answer = await call(fakeClient(() => text), declare({ result: z.undefined() }), {});
      assert.deepEqual([answer.text, answer.data, answer.result()], [text, undefined, undefined]);
    }
    const nothing = await call(fakeClient(() => ""), declare({ answer: "nothing", result: z.unknown() }), {});
    assert.equal(nothing.data, "");
  });

  it("may be text", async () => {
    const answer = await call(fakeClient(() => "1"), declare({ answer: "text", result: z.string() }), {});
    assert.deepEqual([answer.data, answer.result()], ["1", "1"]);
  });

  it("may be a stream", async () => {
    const answer = await stream(fakeClient(() => '{"a":1}\n'), declare({ answer: "lines" }), {});
    assert.equal(await textOf(answer.stream()), '{"a":1}\n');
  });

  it("over HTTP may have status 204", async () => {
    await withServer(async (server) => {
      server.on("DELETE", "/api/app/x", { status: 204 });
      const gone = declare({ routes: [del("app", "/x")], answer: "nothing", result: z.unknown() });
      assert.equal((await call(harness(server.url).client, gone, {})).text, "");
    });
  });
});

describe("an envelope", () => {
  it("is an object with status and results", () => {
    assert.deepEqual(withoutEnvelope({ status: "ok", results: [1] }), [1]);
    assert.deepEqual(withoutEnvelope({ status: "ok", results: null }), null);
    for (const bare of [{ results: [1] }, { status: "ok" }, [1], null, "text", undefined]) {
      assert.deepEqual(withoutEnvelope(bare), bare);
    }
  });
});

describe("another route", () => {
  it("is tried only when the endpoint is missing, in order", async () => {
    const client = fakeClient(({ method, family }) => {
      if (method === "POST") throw missing;
      return JSON.stringify({ n: family === "query" ? 1 : 2 });
    });
    const routes: Operation["routes"] = [post("query", "/x"), get("query", "/x")];
    assert.deepEqual((await call(client, declare({ routes }), {})).result(), { n: 1 });
    assert.deepEqual(client.requests.map(({ method, family }) => `${method} ${family}`), [
      "POST query",
      "POST query_old",
      "GET query",
    ]);
  });

  it("is not tried after any other error", async () => {
    for (const category of ["not_found", "auth", "rate_limited", "server", "input", "network"] as const) {
      const client = fakeClient(() => {
        throw new MpError("no", { category });
      });
      assert.equal((await failure(call(client, declare(), {}))).category, category);
      assert.equal(client.requests.length, 1, category);
    }
  });

  it("that is missing too leaves the first one's error", async () => {
    let calls = 0;
    const client = fakeClient(() => {
      calls++;
      if (calls === 1) throw missing;
      throw new MpError("another", { category: "not_found", endpointMissing: true });
    });
    assert.equal(await failure(call(client, declare(), {})), missing);
    assert.equal(client.requests.length, 2);
  });

  it("follows a 404 without one of Mixpanel's error bodies, and not one with it", async () => {
    await withServer(async (server) => {
      server.on("GET", "/api/query/x", {
        status: 404,
        headers: { "content-type": "text/html" },
        body: "<html>no</html>",
      });
      server.on("GET", "/api/2.0/x", { json: { n: 1 } });
      assert.deepEqual((await call(harness(server.url).client, declare(), {})).result(), { n: 1 });
    });
    await withServer(async (server) => {
      server.on("GET", "/api/query/x", { status: 404, json: { error: "no such report", status: "error" } });
      const error = await failure(call(harness(server.url).client, declare(), {}));
      assert.deepEqual([error.category, error.serverMessage], ["not_found", "no such report"]);
    });
  });
});

describe("bad parameters", () => {
  it("send nothing", async () => {
    const client = fakeClient(() => "{}");
    assert.equal((await failure(call(client, declare(), { limit: 0 }))).exitCode, 3);
    assert.equal(client.requests.length, 0);
  });
});

describe("what only the caller knows", () => {
  it("goes into the request", async () => {
    const client = fakeClient(() => '{"n":1}');
    await call(client, declare({ quota: "query" }), {}, { adjust: { countsAgainstQuota: false, timeoutMs: 5 } });
    assert.deepEqual([client.requests[0]?.countsAgainstQuota, client.requests[0]?.timeoutMs], [false, 5]);
  });

  it("ends the call", async () => {
    const signal = AbortSignal.abort(new MpError("Interrupted", { category: "interrupted" }));
    const client = fakeClient(() => '{"n":1}');
    assert.equal((await failure(call(client, declare(), {}, { signal }))).category, "interrupted");
  });
});
