/** Trino's client protocol, as its documentation has it: https://trino.io/docs/current/develop/client-protocol.html */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { failure } from "../helpers/failure.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";
import { never, opened } from "./engine_lab.ts";

let server: StubServer;
const address = () => `trino://127.0.0.1:${server.port}/hive.lake.events`;
const page = (parts: Record<string, unknown>) => ({
  json: { id: "20261123_1", stats: { state: "RUNNING" }, ...parts },
});
const next = (number: number) => `${server.url}/v1/statement/executing/20261123_1/y/${number}`;
const path = (number: number) => new URL(next(number)).pathname;
const columns = (...types: string[]) => types.map((type, index) => ({ name: `c${index}`, type }));

beforeEach(async () => void (server = await startStubServer()));
afterEach(() => server.finish());

describe("Trino", () => {
  it("is asked page by page until there is no next one", async () => {
    server.on("POST", "/v1/statement", page({ nextUri: next(0) }));
    server.on("GET", path(0), page({ nextUri: next(1), columns: columns("varchar(3)", "bigint") }));
    server.on("GET", path(1), page({ nextUri: next(2), columns: columns("varchar(3)", "bigint"), data: [["a", 1]] }));
    server.on("GET", path(2), page({ columns: columns("varchar(3)", "bigint"), data: [["b", 2]] }));
    const { engine } = await opened(address(), "t", { MP_TRINO_USER: "ana" });
    assert.deepEqual(await engine.rows("SELECT …", never), [["a", 1], ["b", 2]]);
    const [post, ...gets] = server.requests;
    assert.equal(post?.text, "SELECT …");
    for (const { headers } of [post!, ...gets]) {
      assert.equal(headers.get("x-trino-user"), "ana");
      assert.equal(headers.get("x-trino-source"), "mp");
      assert.equal(headers.has("authorization"), false);
    }
    assert.equal(post?.headers.get("x-trino-time-zone"), "UTC");
  });

  it("keeps all digits of whole numbers", async () => {
    const body = '{"id":"1","columns":[{"name":"n","type":"bigint"}],"data":[[9007199254740993]]}';
    server.on("POST", "/v1/statement", { body });
    const { engine } = await opened(address(), "t");
    assert.deepEqual(await engine.rows("SELECT …", never), [[9007199254740993n]]);
  });

  it("reads numbers that come as texts", async () => {
    const types = columns("double", "decimal(38,0)", "decimal(10,2)", "varchar", "bigint", "boolean", "real");
    server.on(
      "POST",
      "/v1/statement",
      page({ columns: types, data: [["NaN", "12345678901234567890", "1.50", "1.50", null, true, "Infinity"]] }),
    );
    const { engine } = await opened(address(), "t");
    assert.deepEqual(await engine.rows("SELECT …", never), [[
      null,
      12345678901234567890n,
      1.5,
      "1.50",
      null,
      true,
      null,
    ]]);
  });

  it("describes the table", async () => {
    const types = columns("varchar", "varchar", "varchar", "varchar");
    server.on("POST", "/v1/statement", page({ columns: types, data: [["event", "varchar", "", ""]] }));
    const { engine } = await opened(address(), "hive.lake.events");
    assert.deepEqual(await engine.columns(never), [{ name: "event", type: "varchar", comment: "" }]);
    assert.equal(server.requests[0]?.text, "DESCRIBE hive.lake.events");
  });

  it("sends a password to no other server than that of the address", async () => {
    const foreign = "https://inner.example:8443/v1/statement/executing/20261123_1/y/7?slug=x";
    server.on("POST", "/v1/statement", page({ nextUri: foreign }));
    server.on(
      "GET",
      "/v1/statement/executing/20261123_1/y/7?slug=x",
      page({ columns: columns("bigint"), data: [[7]] }),
    );
    const { engine, secrets } = await opened(address(), "t", { MP_TRINO_USER: "ana", MP_TRINO_PASSWORD: "pass-w0rd" });
    assert.deepEqual(await engine.rows("SELECT 7", never), [[7]]);
    assert.deepEqual(secrets, ["pass-w0rd"]);
    for (const { headers } of server.requests) {
      assert.equal(headers.get("authorization"), `Basic ${btoa("ana:pass-w0rd")}`);
    }
  });

  it("is asked again for a page that did not come, as the protocol has it", async () => {
    server.on("POST", "/v1/statement", page({ nextUri: next(0) }));
    server.on("GET", path(0), { status: 502, body: "" });
    server.on("GET", path(0), { status: 503, body: "" });
    server.on("GET", path(0), { raw: [], then: "close" });
    server.on("GET", path(0), page({ columns: columns("bigint"), data: [[1]] }));
    const { engine } = await opened(address(), "t");
    assert.deepEqual(await engine.rows("SELECT 1", never), [[1]]);
  });

  it("does not send a statement twice", async () => {
    server.on("POST", "/v1/statement", { raw: [], then: "close" });
    const { engine } = await opened(address(), "t");
    const error = await failure(engine.rows("SELECT 1", never));
    assert.equal(error.category, "network");
  });

  const failures: readonly (readonly [errorName: string, errorType: string, category: string, message: RegExp])[] = [
    [
      "TABLE_NOT_FOUND",
      "USER_ERROR",
      "not_found",
      /there is no such table \(TABLE_NOT_FOUND: line 1:15: words of Trino\)/,
    ],
    ["SCHEMA_NOT_FOUND", "USER_ERROR", "not_found", /no such schema/],
    ["CATALOG_NOT_FOUND", "USER_ERROR", "not_found", /no such catalog/],
    ["PERMISSION_DENIED", "USER_ERROR", "auth", /may not do that/],
    ["SYNTAX_ERROR", "USER_ERROR", "failure", /Trino refuses it/],
    ["EXCEEDED_MEMORY_LIMIT", "INSUFFICIENT_RESOURCES", "server", /has too little for it/],
    ["GENERIC_INTERNAL_ERROR", "INTERNAL_ERROR", "server", /Trino failed/],
  ];
  for (const [errorName, errorType, category, message] of failures) {
    it(`tells of ${errorName}`, async () => {
      server.on("POST", "/v1/statement", page({ nextUri: next(0) }));
      server.on("GET", path(0), page({ error: { message: "line 1:15: words\nof Trino", errorName, errorType } }));
      const { engine } = await opened(address(), "t");
      const error = await failure(engine.rows("SELECT 1", never));
      assert.equal(error.category, category);
      assert.match(error.message, message);
    });
  }

  it("tells of a login that is refused", async () => {
    server.on("POST", "/v1/statement", { status: 401, body: "Access Denied: Invalid credentials" });
    const { engine } = await opened(address(), "t", { MP_TRINO_PASSWORD: "wrong-word" });
    const error = await failure(engine.rows("SELECT 1", never));
    assert.equal(error.category, "auth");
    assert.match(error.message, /does not accept the user \(Access Denied: Invalid credentials\)/);
    assert.match(error.hint ?? "", /MP_TRINO_USER/);
  });

  it("tells of a server that is something else", async () => {
    server.on("POST", "/v1/statement", { status: 200, body: "hello" });
    const { engine } = await opened(address(), "t");
    assert.match((await failure(engine.rows("SELECT 1", never))).message, /the answer is not one of Trino's/);
  });

  it("tells of pages that are none, and takes null for what is not there", async () => {
    const strange: readonly Record<string, unknown>[] = [
      { data: [1, 2], columns: columns("bigint") },
      { data: { encoding: "json", segments: [] }, columns: columns("bigint") },
      { data: [[1]], columns: "bigint" },
      { data: [[1]], columns: [null] },
      { error: "no" },
      { nextUri: 5 },
    ];
    for (const parts of strange) {
      server.on("POST", "/v1/statement", page(parts));
      const error = await failure((await opened(address(), "t")).engine.rows("SELECT …", never));
      assert.equal(error.code, "bad_answer", JSON.stringify(parts));
    }
    server.on("POST", "/v1/statement", page({ error: null, nextUri: null, columns: null, data: null }));
    assert.deepEqual(await (await opened(address(), "t")).engine.rows("SELECT …", never), []);
    server.on("POST", "/v1/statement", page({ error: { message: { a: 1 }, errorName: 5 } }));
    assert.match(
      (await failure((await opened(address(), "t")).engine.rows("SELECT …", never))).message,
      /Trino failed/,
    );
  });

  it("ends a statement when it is interrupted", async () => {
    const controller = new AbortController();
    let arrived = () => {};
    const isThere = new Promise<void>((resolve) => arrived = resolve);
    let deleted = () => {};
    const isDeleted = new Promise<void>((resolve) => deleted = resolve);
    server.on("POST", "/v1/statement", page({ nextUri: next(0) }));
    server.on("GET", path(0), () => {
      arrived();
      return { raw: [], then: "hang" };
    });
    server.on("DELETE", path(0), () => {
      deleted();
      return { status: 204 };
    });
    const { engine } = await opened(address(), "t");
    const rows = engine.rows("SELECT 1", controller.signal);
    await isThere;
    controller.abort(new Error("interrupted"));
    await assert.rejects(rows, /interrupted/);
    await isDeleted;
  });
});
