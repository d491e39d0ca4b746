/** The HTTP interface of ClickHouse, as its documentation has it: https://clickhouse.com/docs/interfaces/http */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { failure } from "../helpers/failure.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";
import { never, opened } from "./engine_lab.ts";

let server: StubServer;
const address = () => `clickhouse://127.0.0.1:${server.port}/lake.events`;
const answer = (types: readonly string[], data: unknown[][]) => ({
  json: { meta: types.map((type, index) => ({ name: `c${index}`, type })), data, rows: data.length },
});
const exception = (status: number, code: number, text: string) => ({
  status,
  headers: { "x-clickhouse-exception-code": String(code) },
  body: `Code: ${code}. DB::Exception: ${text}\n`,
});

beforeEach(async () => void (server = await startStubServer()));
afterEach(() => server.finish());

describe("ClickHouse", () => {
  it("is asked for the columns of a table, with user and password in headers", async () => {
    server.on(
      "POST",
      "/",
      answer(["String", "String"], [["event", "LowCardinality(String)"], ["tags", "String", "", "", "JSON"]]),
    );
    const env = { MP_CLICKHOUSE_USER: "ana", MP_CLICKHOUSE_PASSWORD: "s3cret-word" };
    const { engine, secrets } = await opened(address(), "lake.events", env);
    assert.deepEqual(await engine.columns(never), [
      { name: "event", type: "LowCardinality(String)", comment: "" },
      { name: "tags", type: "String", comment: "JSON" },
    ]);
    assert.deepEqual(secrets, ["s3cret-word"]);
    const [{ text, query, headers } = assert.fail()] = server.requests;
    assert.equal(text, "DESCRIBE TABLE lake.events");
    assert.equal(headers.get("x-clickhouse-user"), "ana");
    assert.equal(headers.get("x-clickhouse-key"), "s3cret-word");
    assert.equal(headers.get("user-agent"), "mp/test");
    assert.doesNotMatch(query.toString(), /s3cret/);
  });

  it("runs a statement that only reads, and awaits the whole answer", async () => {
    server.on("POST", "/", answer(["UInt8"], [[1]]));
    const { engine } = await opened(address(), "t");
    assert.deepEqual(await engine.rows("SELECT 1", never), [[1]]);
    const [{ query, headers } = assert.fail()] = server.requests;
    assert.equal(query.get("default_format"), "JSONCompact");
    assert.equal(query.get("readonly"), "2");
    assert.equal(query.get("wait_end_of_query"), "1");
    assert.equal(query.get("cancel_http_readonly_queries_on_client_close"), "1");
    assert.equal(query.get("group_by_overflow_mode"), "throw", "a part of an answer is none");
    assert.match(query.get("query_id") ?? "", /^[0-9a-f-]{36}$/);
    assert.equal(headers.has("x-clickhouse-user"), false);
  });

  it("reads numbers that come as texts, and leaves texts that look like numbers", async () => {
    const types = [
      "UInt64",
      "Nullable(Int64)",
      "Float64",
      "Decimal(38, 0)",
      "String",
      "LowCardinality(Nullable(String))",
    ];
    server.on(
      "POST",
      "/",
      answer(types, [
        ["18446744073709551615", "-3", 0.5, "12345678901234567890", "007", null],
        [42, null, null, "7", "nan", "1"],
      ]),
    );
    const { engine } = await opened(address(), "t");
    assert.deepEqual(await engine.rows("SELECT …", never), [
      [18446744073709551615n, -3, 0.5, 12345678901234567890n, "007", null],
      [42, null, null, 7, "nan", "1"],
    ]);
  });

  it("is asked without settings where the user's profile fixes them, and then always", async () => {
    server.on(
      "POST",
      "/",
      exception(500, 164, "Cannot modify 'readonly' setting in readonly mode. (READONLY) (version 24.3.1)"),
    );
    server.on("POST", "/", answer(["UInt8"], [[1]]), 2);
    const { engine } = await opened(address(), "t");
    assert.deepEqual(await engine.rows("SELECT 1", never), [[1]]);
    assert.deepEqual(await engine.rows("SELECT 1", never), [[1]]);
    assert.deepEqual(server.requests.map(({ query }) => query.get("readonly")), ["2", null, null]);
  });

  it("is asked without the one setting that an older server does not know", async () => {
    server.on("POST", "/", exception(500, 115, "Unknown setting cancel_http_readonly_queries_on_client_close"));
    server.on("POST", "/", answer(["UInt8"], [[1]]));
    const { engine } = await opened(address(), "t");
    assert.deepEqual(await engine.rows("SELECT 1", never), [[1]]);
    assert.deepEqual(server.requests.map(({ query }) => query.get("readonly")), ["2", "2"]);
    assert.deepEqual(server.requests.map(({ query }) => query.get("timeout_overflow_mode")), ["throw", "throw"]);
  });

  it("never runs what writes", async () => {
    server.on("POST", "/", exception(500, 164, "Cannot insert into table in readonly mode"));
    const { engine } = await opened(address(), "t");
    const error = await failure(engine.rows("INSERT INTO t VALUES (1)", never));
    assert.equal(error.code, "clickhouse_164");
    assert.equal(server.requests.length, 1);
  });

  const failures: readonly (readonly [
    what: string,
    status: number,
    code: number,
    text: string,
    category: string,
    message: RegExp,
  ])[] = [
    [
      "a table that is missing",
      404,
      60,
      "Table lake.events does not exist. (UNKNOWN_TABLE) (version 24.3.2.23 (official build))",
      "not_found",
      /there is no such table \(60: Table lake\.events does not exist\.\)$/,
    ],
    ["a database that is missing", 404, 81, "Database x does not exist", "not_found", /no such database/],
    [
      "a wrong password",
      403,
      516,
      "ana: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)",
      "auth",
      /does not accept the user or password \(516: ana: Authentication failed/,
    ],
    [
      "an older server's wrong password",
      500,
      193,
      "Wrong password for user ana, e.what() = DB::Exception",
      "auth",
      /does not accept the user or password \(193: Wrong password for user ana\)$/,
    ],
    ["a user without rights", 403, 497, "ana: Not enough privileges", "auth", /may not do that/],
    [
      "a statement that is wrong",
      400,
      62,
      "Syntax error: failed at position 8 ('\u001b[31mx'): x\nExpected one of: …",
      "failure",
      /ClickHouse refuses it \(62: Syntax error: failed at position 8 \('x'\): x Expected one of: …\)/,
    ],
    [
      "an error with a stack",
      500,
      241,
      "Memory limit (total) exceeded. Stack trace:\n\n0. /usr/bin/clickhouse\n1. f (g)",
      "failure",
      /\(241: Memory limit \(total\) exceeded\.\)$/,
    ],
  ];
  for (const [what, status, code, text, category, message] of failures) {
    it(`tells of ${what}`, async () => {
      server.on("POST", "/", exception(status, code, text));
      const { engine } = await opened(address(), "t");
      const error = await failure(engine.rows("SELECT x", never));
      assert.equal(error.category, category);
      assert.match(error.message, message);
      assert.equal(error.code, `clickhouse_${code}`);
    });
  }

  it("does not repeat a password that the server repeats", async () => {
    const password = "h4rd-to-guess-9";
    const { rememberSecret } = await import("../../src/client/redact.ts");
    rememberSecret(password);
    server.on("POST", "/", exception(400, 62, `Syntax error near ${password}`));
    const { engine } = await opened(address(), "t", { MP_CLICKHOUSE_PASSWORD: password });
    assert.doesNotMatch((await failure(engine.rows("SELECT x", never))).message, /h4rd/);
  });

  it("is asked again when it is busy for a moment", async () => {
    server.on("POST", "/", { status: 503, body: "busy" });
    server.on("POST", "/", answer(["UInt8"], [[1]]));
    const { engine } = await opened(address(), "t");
    assert.deepEqual(await engine.rows("SELECT 1", never), [[1]]);
  });

  it("tells of a server that is something else", async () => {
    server.on("POST", "/", { status: 200, body: "<html>Welcome</html>" });
    server.on("POST", "/", { status: 404, body: "<html>Not here</html>" });
    const { engine } = await opened(address(), "t");
    const error = await failure(engine.rows("SELECT 1", never));
    assert.match(error.message, /the answer is not one of ClickHouse's/);
    assert.match(error.hint ?? "", /8123/);
    assert.match((await failure(engine.rows("SELECT 1", never))).message, /127\.0\.0\.1:\d+ answered 404$/);
  });

  it("tells of rows that are none", async () => {
    server.on("POST", "/", { json: { meta: [{ name: "a", type: "String" }], data: [1, 2] } });
    const { engine } = await opened(address(), "t");
    assert.equal((await failure(engine.rows("SELECT 1", never))).code, "bad_answer");
  });

  it("tells of a server that is not there", async () => {
    const gone = await startStubServer();
    await gone.finish();
    const { engine } = await opened(`clickhouse://127.0.0.1:${gone.port}/a.b`, "t");
    const error = await failure(engine.rows("SELECT 1", never));
    assert.equal(error.category, "network");
    assert.match(error.message, /refused the connection/);
    assert.match(error.hint ?? "", /does ClickHouse run there\?/);
  });

  it("ends a statement when it is interrupted: the connection is closed, and the query is killed", async () => {
    const controller = new AbortController();
    let arrived = () => {};
    const isThere = new Promise<void>((resolve) => arrived = resolve);
    let killed = (_text: string) => {};
    const kill = new Promise<string>((resolve) => killed = resolve);
    server.on("POST", "/", () => {
      arrived();
      return { raw: [], then: "hang" };
    });
    server.on("POST", "/", ({ text }) => {
      killed(text);
      return { status: 200, body: "" };
    });
    const { engine } = await opened(address(), "t");
    const rows = engine.rows("SELECT sleep(3)", controller.signal);
    await isThere;
    controller.abort(new Error("interrupted"));
    await assert.rejects(rows, /interrupted/);
    const id = server.requests[0]?.query.get("query_id");
    assert.equal(await kill, `KILL QUERY WHERE query_id = '${id}' ASYNC`);
  });
});
