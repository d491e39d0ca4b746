import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { type BodyRule, del, get, type Operation, operation, patch, post, put } from "../../src/api/operation.ts";
import { bit, count, id, jsonText, repeatedTexts, text, textList, truth } from "../../src/api/params.ts";
import { buildRequests, checkParams } from "../../src/api/request.ts";
import type { Connection } from "../../src/client/types.ts";

const connection: Connection = {
  region: "us",
  projectId: "5",
  credentials: { projectToken: "token-1" },
  timeoutMs: 1000,
  pacing: false,
  proxy: {},
};

function declare(facts: Partial<Operation>): Operation {
  return operation({
    id: "test.operation",
    summary: "test",
    routes: [post("app", "/x")],
    auth: ["service_account"],
    params: z.looseObject({}),
    result: z.unknown(),
    ...facts,
  }) as Operation;
}

function build(facts: Partial<Operation>, params: Record<string, unknown>, changes: Partial<Connection> = {}) {
  const declared = declare(facts);
  return buildRequests(declared, checkParams(declared, params), { ...connection, ...changes });
}

const first = (...args: Parameters<typeof build>) => build(...args)[0]!;

const everyKind = z.object({
  plain: text("Text").optional(),
  number: count("Number").optional(),
  long: id("Id").optional(),
  zero_one: bit("Bit").optional(),
  true_false: truth("Truth").optional(),
  list: textList("List").optional(),
  several: repeatedTexts("Several").optional(),
  object: jsonText(z.looseObject({}), "Object").optional(),
  renamed: text("Renamed", { wire: "$renamed" }).optional(),
});

const values = {
  plain: "a b&c=ü",
  number: 0,
  long: "1234567890123456789",
  zero_one: false,
  true_false: false,
  list: ['a"b', "c"],
  several: ["x", "y"],
  object: { id: 9007199254740993n },
  renamed: "r",
};

const asText: [string, string][] = [
  ["plain", "a b&c=ü"],
  ["number", "0"],
  ["long", "1234567890123456789"],
  ["zero_one", "0"],
  ["true_false", "false"],
  ["list", '["a\\"b","c"]'],
  ["several", "x"],
  ["several", "y"],
  ["object", '{"id":9007199254740993}'],
  ["$renamed", "r"],
];

describe("parameters", () => {
  it("stand in the query string of a GET, each kind in its own writing", () => {
    const request = first({ routes: [get("app", "/x")], params: everyKind }, values);
    assert.deepEqual(request.query, asText);
    assert.equal(request.body, undefined);
  });

  it("stand in the fields of a form, written alike", () => {
    const request = first({ body: { kind: "form" }, params: everyKind }, values);
    assert.deepEqual(request.query, []);
    assert.deepEqual(request.body, { kind: "form", fields: asText.map(([name, value]) => ({ name, value })) });
  });

  it("are what they are in a JSON body, with every digit", () => {
    const request = first({ params: everyKind }, values);
    assert.deepEqual(request.body, {
      kind: "json",
      text: '{"plain":"a b&c=ü","number":0,"long":1234567890123456789,"zero_one":false,"true_false":false,' +
        '"list":["a\\"b","c"],"several":["x","y"],"object":{"id":9007199254740993},"$renamed":"r"}',
    });
  });

  it("are left out when they have no value", () => {
    assert.deepEqual(first({ routes: [get("app", "/x")], params: everyKind }, { plain: undefined }).query, []);
    assert.deepEqual(first({ params: everyKind }, { plain: "a" }).body, { kind: "json", text: '{"plain":"a"}' });
  });

  it("fill the path, with nothing in them that a path would obey", () => {
    const params = z.object({ name: text("Name"), more: text("More").optional() });
    const request = first({ routes: [patch("app", "/x/{name}/y")], params }, { name: "a/b?c#d e", more: "m" });
    assert.equal(request.path, "/x/a%2Fb%3Fc%23d%20e/y");
    assert.deepEqual(request.body, { kind: "json", text: '{"more":"m"}' });
  });

  it("stay in the query string of a POST where the operation says so", () => {
    const request = first({ inQuery: ["zero_one", "renamed"], params: everyKind }, {
      zero_one: true,
      plain: "a",
      renamed: "r",
    });
    assert.deepEqual(request.query, [["zero_one", "1"], ["$renamed", "r"]]);
    assert.deepEqual(request.body, { kind: "json", text: '{"plain":"a"}' });
  });
});

describe("a body", () => {
  const events = z.object({ events: z.array(z.unknown()), strict: bit("Strict").default(true) });
  const of = (body: BodyRule) => ({ body, inQuery: ["strict"], params: events });

  it("may be one parameter as a whole, in every form", () => {
    const both = { events: [{ id: 9007199254740993n }, '{"as": "it is"}'] };
    assert.deepEqual(first(of({ kind: "json", of: "events" }), both).body, {
      kind: "json",
      text: '[{"id":9007199254740993},"{\\"as\\": \\"it is\\"}"]',
    });
    const bytes = new TextEncoder().encode('{"id":9007199254740993}\n{"as": "it is"}\n');
    assert.deepEqual(first(of({ kind: "ndjson", of: "events", gzip: true }), both).body, {
      kind: "ndjson",
      bytes,
      gzip: true,
    });
    assert.deepEqual(first(of({ kind: "ndjson", of: "events" }), both).body, {
      kind: "ndjson",
      bytes,
      gzip: false,
    });
    assert.deepEqual(first(of({ kind: "form", of: "events", base64Field: "data" }), { events: [1] }).body, {
      kind: "form",
      fields: [{ name: "data", value: "[1]", base64: true }],
    });
  });

  it("may be bytes or text of any type", () => {
    const params = z.object({ content: z.union([z.string(), z.instanceof(Uint8Array)]) });
    const csv = first({ params, body: { kind: "raw", of: "content", contentType: "text/csv" } }, { content: "a,ü\n" });
    assert.deepEqual(csv.body, {
      kind: "raw",
      contentType: "text/csv",
      bytes: new TextEncoder().encode("a,ü\n"),
    });
    const bytes = new Uint8Array([0, 255]);
    assert.deepEqual(first({ params, body: { kind: "raw", of: "content" } }, { content: bytes }).body, {
      kind: "raw",
      contentType: "application/octet-stream",
      bytes,
    });
  });

  it("goes with POST, PUT and PATCH, and with a DELETE that declares it", () => {
    const params = z.object({ a: text("A") });
    for (const route of [post, put, patch]) {
      assert.equal(first({ routes: [route("app", "/x")], params }, { a: "1" }).body?.kind, "json");
    }
    const bare = first({ routes: [del("app", "/x")], params }, { a: "1" });
    assert.deepEqual([bare.body, bare.query], [undefined, [["a", "1"]]]);
    const declared = first({ routes: [del("app", "/x")], params, body: { kind: "json" } }, { a: "1" });
    assert.deepEqual([declared.body, declared.query], [{ kind: "json", text: '{"a":"1"}' }, []]);
  });
});

describe("the project token", () => {
  const updates = { token: "payload" as const, body: { kind: "json" as const, of: "updates" } };
  const params = z.object({ updates: z.unknown() });
  const bodyOf = (value: unknown) => first({ ...updates, params }, { updates: value }).body as { text: string };

  it("stands in events and beside updates, unless they bring their own", () => {
    assert.equal(
      bodyOf([{ event: "E", properties: { a: 1 } }, { event: "F", properties: { token: "own" } }]).text,
      '[{"event":"E","properties":{"token":"token-1","a":1}},{"event":"F","properties":{"token":"own"}}]',
    );
    assert.equal(
      bodyOf([{ $distinct_id: "u" }, { $token: "own", $distinct_id: "u" }]).text,
      '[{"$token":"token-1","$distinct_id":"u"},{"$token":"own","$distinct_id":"u"}]',
    );
    assert.equal(bodyOf({ $distinct_id: "u" }).text, '{"$token":"token-1","$distinct_id":"u"}');
  });

  it("stands in the query string where the endpoint wants it there", () => {
    const request = first({ routes: [get("flags", "/flags")], token: "query" }, { a: "b" });
    assert.deepEqual(request.query, [["a", "b"], ["token", "token-1"]]);
  });

  it("must be set", () => {
    const missing = { category: "auth", code: "missing_credentials", hint: /MP_TOKEN/ };
    assert.throws(() => build({ token: "query" }, {}, { credentials: {} }), missing);
    assert.throws(() => build({ ...updates, params }, { updates: [{}] }, { credentials: {} }), missing);
  });
});

describe("routes", () => {
  it("are tried in order, the query family under both of its prefixes", () => {
    const requests = build({ routes: [post("query", "/engage"), get("query", "/engage")] }, { a: "b" });
    assert.deepEqual(requests.map(({ method, family, path }) => `${method} ${family} ${path}`), [
      "POST query /engage",
      "POST query_old /engage",
      "GET query /engage",
      "GET query_old /engage",
    ]);
    assert.deepEqual(requests.map((one) => one.body?.kind), ["json", "json", undefined, undefined]);
    assert.deepEqual(requests.map((one) => one.query), [[], [], [["a", "b"]], [["a", "b"]]]);
    assert.deepEqual(requests.map((one) => one.repeatable), [false, false, true, true]);
  });

  it("take what they have a place for from the path", () => {
    const params = z.object({ name: text("Name") });
    const requests = build({ routes: [get("app", "/things/{name}"), get("app", "/things")], params }, { name: "n" });
    assert.deepEqual(requests.map(({ path, query }) => [path, query]), [["/things/n", []], [
      ...["/things", [["name", "n"]]],
    ]]);
  });
});

describe("the project", () => {
  it("stands in the query string by family, unless the operation says otherwise", () => {
    const isIn = (facts: Partial<Operation>) => first(facts, {}).projectIn;
    for (const family of ["query", "export", "pipelines"] as const) {
      assert.equal(isIn({ routes: [get(family, "/x")] }), "query", family);
    }
    for (const family of ["app", "ingestion", "flags", "oauth"] as const) {
      assert.equal(isIn({ routes: [get(family, "/x")] }), "none", family);
    }
    assert.equal(isIn({ projectIn: "query" }), "query");
    assert.equal(isIn({ routes: [get("query", "/x")], projectIn: "form" }), "form");
  });

  it("fills a path, from the parameter before the connection", () => {
    const facts = { routes: [get("app", "/projects/{project_id}/w/{workspace_id}")] as Operation["routes"] };
    assert.equal(first(facts, {}, { workspaceId: "6" }).path, "/projects/5/w/6");
    const params = z.object({ project_id: id("Project").optional() });
    assert.equal(first({ ...facts, params }, { project_id: "7" }, { workspaceId: "6" }).path, "/projects/7/w/6");
  });

  it("must be known where the path needs it, and so must everything else in it", () => {
    const facts = { routes: [get("app", "/projects/{project_id}/w/{workspace_id}/{flag_id}")] as Operation["routes"] };
    assert.throws(() => build(facts, {}, { projectId: undefined }), {
      category: "input",
      code: "missing_project_id",
      message: "Cannot call test.operation: no project is set",
      hint: /--project ID or set MP_PROJECT_ID/,
    });
    assert.throws(() => build(facts, {}), {
      code: "missing_workspace_id",
      message: "Cannot call test.operation: no workspace is set",
      hint: /--workspace ID or set MP_WORKSPACE_ID/,
    });
    assert.throws(() => build(facts, {}, { workspaceId: "6" }), {
      message: "Cannot call test.operation: no flag is set",
      hint: "add --flag-id",
    });
  });
});

describe("a request", () => {
  it("knows what it costs, and whether it can be repeated", () => {
    const request = first({ quota: "query", repeatable: true, answer: "lines" }, {});
    assert.deepEqual([request.quota, request.repeatable, request.streaming], ["query", true, true]);
    const other = first({}, {});
    assert.deepEqual([other.quota, other.repeatable, other.streaming], [undefined, false, false]);
    assert.deepEqual(other.auth, ["service_account"]);
  });
});

describe("bad parameters", () => {
  const params = z.object({
    from_date: text("From", { flag: "from" }),
    limit: count("Limit", { min: 1, max: 10 }).optional(),
    unit: z.enum(["day", "week"]).optional(),
    on: z.boolean().optional(),
    steps: z.array(z.object({ event: z.string(), size: z.int().min(1).optional() }).strict()).max(2).optional(),
    who: z.union([z.string(), z.number()]).optional(),
    where: z.union([z.object({ id: z.number() }), z.object({ name: z.string().min(1) })]).optional(),
  });
  const refused = (given: Record<string, unknown>) => {
    try {
      checkParams(declare({ params }), { from_date: "x", ...given });
    } catch (error) {
      return (error as Error).message.replace("Cannot call test.operation: ", "");
    }
    return undefined;
  };

  it("are named by their flags and told what is wrong with them", () => {
    assert.equal(refused({ from_date: undefined }), "--from is missing");
    assert.equal(refused({ from_date: "" }), "--from must not be empty");
    assert.equal(refused({ from_date: 5 }), "--from 5 must be text");
    assert.equal(refused({ limit: 0 }), "--limit 0 is less than 1");
    assert.equal(refused({ limit: 11 }), "--limit 11 is more than 10");
    assert.equal(refused({ limit: 1.5 }), "--limit 1.5 must be a whole number");
    assert.equal(refused({ unit: "year" }), '--unit "year" is not one of day, week');
    assert.equal(refused({ on: "yes" }), "--on must be true or false");
    assert.equal(refused({ who: true }), "--who must be text or a number");
  });

  it("are named by their place in a body", () => {
    assert.equal(refused({ steps: "x" }), "--steps must be a list");
    assert.equal(refused({ steps: [{}] }), "--steps.0.event is missing");
    assert.equal(refused({ steps: [{ event: "a" }, { event: 1 }] }), "--steps.1.event 1 must be text");
    assert.equal(refused({ steps: [{ event: "a", size: 0 }] }), "--steps.0.size 0 is less than 1");
    assert.equal(refused({ steps: [{ event: "a", evnt: 1 }] }), '--steps.0 has no field "evnt"');
    assert.equal(refused({ steps: [1, 2, 3].map(() => ({ event: "a" })) }), "--steps must have at most 2 items");
    assert.match(refused({ where: { name: "" } }) ?? "", /^--where/);
  });

  it("are all named at once", () => {
    assert.equal(refused({ limit: 0, on: 1 }), "--limit 0 is less than 1; --on 1 must be true or false");
  });

  it("are not repeated when they could be secret", () => {
    assert.doesNotMatch(refused({ on: "hunter2hunter2", steps: "hunter2hunter2" }) ?? "", /hunter2/);
  });
});
