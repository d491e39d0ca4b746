import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { StubReply } from "../helpers/stub_server.ts";
import { openStubbed, type Stubbed } from "./stubbed.ts";

let stub: Stubbed;
beforeEach(async () => void (stub = await openStubbed()));
afterEach(() => stub.server.finish());

const PROJECT = "/api/app/projects/1000001";
const MEGABYTES = 300;

/** More than is held of an answer, in 300 kB: members of a megabyte each, as RFC 1952 lets them follow each other. */
function bomb(content: string): { headers: Record<string, string>; body: Uint8Array } {
  const member = gzipSync(content.repeat(1_000_000 / content.length));
  const body = new Uint8Array(member.length * MEGABYTES);
  for (let index = 0; index < MEGABYTES; index++) body.set(member, index * member.length);
  return { headers: { "content-encoding": "gzip", "content-type": "application/json" }, body };
}

describe("an answer that is larger than memory should hold", () => {
  it("is left where it is too large, and said to be", async () => {
    for (
      const [argv, method, path] of [
        [["cohorts", "list"], "POST", "/api/query/cohorts/list"],
        [["profiles", "list"], "POST", "/api/query/engage"],
        [["export", "profiles"], "POST", "/api/query/engage"],
        [["api", "GET", "/api/app/me"], "GET", "/api/app/me"],
      ] as const
    ) {
      stub.server.on(method, path, bomb("[0,1],    \n"));
      const { code, stdout, stderr } = await stub.mp([...argv]);
      assert.deepEqual([code, stdout], [6, ""], argv.join(" "));
      assert.match(stderr, /: the answer is larger than 256 MB\nhint: ask for less at a time/);
    }
  });

  it("leaves a change in doubt", async () => {
    stub.server.on("POST", `${PROJECT}/annotations`, bomb("          "));
    const { code, stderr } = await stub.mp(["annotations", "create", "x", "--date", "2026-11-01"]);
    assert.equal(code, 6);
    assert.match(stderr, /larger than 256 MB\nhint: look whether it was done: mp annotations list/);
  });

  it("is a message all the same where it is an error", async () => {
    stub.server.on("POST", "/api/query/cohorts/list", { status: 400, ...bomb("0123456789") });
    const { code, stderr } = await stub.mp(["cohorts", "list"]);
    assert.equal(code, 3);
    assert.match(stderr, /the server refused the request/);
  });

  it("passes through where it is a stream", async () => {
    const line = '{"event":"E","properties":{"time":1795400000,"distinct_id":"u"}}\n';
    stub.server.on("GET", "/api/2.0/export", bomb(line.padStart(100, " ")));
    const { code, stdout } = await stub.mp(["api", "GET", "/api/2.0/export", "-o", "/dev/null"]);
    assert.deepEqual([code, stdout], [0, ""]);
  });
});

describe("an answer that is compressed as nobody asked", () => {
  for (const encoding of ["br", "zstd", "deflate"]) {
    it(`is refused, and not asked for again: ${encoding}`, async () => {
      const reply = { headers: { "content-encoding": encoding }, body: "x" };
      stub.server.on("POST", "/api/query/engage", reply);
      const { code, stderr } = await stub.mp(["export", "profiles"]);
      assert.equal(code, 7);
      assert.match(stderr, new RegExp(`is compressed as ${encoding}, and only gzip was asked for`));
      stub.server.on("GET", "/api/2.0/export", reply);
      assert.equal((await stub.mp(["export", "events", "--last", "1d"])).code, 7);
    });
  }
});

describe("mp export profiles", () => {
  for (
    const [what, reply, words] of [
      ["a part of an answer", { status: 206, json: { results: [] } }, /only a part of what was asked for \(206\)/],
      ["a page of HTML", { body: "<html><title>Log in</title></html>" }, /server: an HTML page: Log in/],
      ["a list", { json: [] }, /server: \[\]/],
      ["nothing", { status: 204 }, /server: an empty answer/],
      ["words", { body: "hello" }, /server: hello/],
      ["an error", { json: { error: "no such cohort" } }, /server: no such cohort/],
    ] as const
  ) {
    it(`ends at once, and says what it saw, when ${what} comes for a page`, async () => {
      stub.server.on("POST", "/api/query/engage", reply);
      const { code, stderr } = await stub.mp(["export", "profiles"]);
      assert.notEqual(code, 0);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /connection lost|trying again/);
    });
  }
});

describe("mp doctor", () => {
  it("reads one page of what it asks", async () => {
    const me = { user_email: "a@b.c", organizations: {}, projects: { 1000001: { name: "P", organization_id: 1 } } };
    stub.server.on("GET", "/", { body: "" });
    stub.server.on("GET", "/api/app/me", { json: { status: "ok", results: me, pagination: { next_cursor: "more" } } });
    stub.server.on("POST", "/import", { status: 400, json: { error: "bad", status: "Bad Request" } });
    await stub.mp(["doctor"]);
  });
});

describe("what a tracker answers that is neither yes nor no", () => {
  const odd: [what: string, reply: StubReply][] = [
    ["{}", { json: {} }],
    ["[]", { json: [] }],
    ["null", { json: null }],
    ["text", { body: "OK" }],
    ["nothing", { body: "" }],
    ["204", { status: 204 }],
    ["HTML", { body: "<html><title>Log in</title></html>" }],
    ["another status", { json: { status: 2 } }],
  ];
  const commands: [argv: string[], path: string][] = [
    [["track", "E", "--distinct-id", "u"], "/track"],
    [["track", "E", "--distinct-id", "u", "--no-verbose-answer"], "/track"],
    [["track", "E", "--distinct-id", "u", "--callback", "f"], "/track"],
    [["profiles", "set", "u", "a=1"], "/engage"],
    [["profiles", "add", "u", "a=1"], "/engage"],
    [["profiles", "delete", "u", "--yes"], "/engage"],
    [["groups", "set", "company", "g", "a=1"], "/groups"],
    [["groups", "delete", "company", "g", "--yes"], "/groups"],
    [["identity", "alias", "u", "v"], "/track"],
    [["identity", "identify", "u", "6f1c3a52-8d0e-4b7a-9c55-1f2e3d4c5b6a"], "/track"],
    [["identity", "merge", "u", "v", "--yes"], "/import"],
  ];

  for (const [what, reply] of odd) {
    it(`leaves it in doubt: ${what}`, async () => {
      for (const [argv, path] of commands) {
        stub.server.on("POST", path, reply);
        const { code, stdout, stderr } = await stub.mp(argv);
        assert.deepEqual([code, stdout], [6, ""], argv.join(" "));
        assert.match(stderr, /^mp: Cannot tell what became of \S+: the answer does not say/, argv.join(" "));
        assert.match(stderr, /\nhint: (it may have been|look whether it was)/);
        assert.doesNotMatch(stderr, /Tracked|^Set|Deleted|Said|Merged/);
      }
    });

    it(`counts what was sent as in doubt, and sends no more: ${what}`, async () => {
      const event = JSON.stringify({ event: "E", properties: { distinct_id: "u" } });
      stub.server.on("POST", "/track", reply);
      const tracked = await stub.mp(["track", "-", "-f", "json"], { stdin: `${event}\n${event}\n` });
      assert.equal(tracked.code, 6);
      const { accepted, in_doubt } = JSON.parse(tracked.stdout);
      assert.deepEqual([accepted, in_doubt], [0, 2]);
      stub.server.on("POST", "/engage", reply);
      const update = JSON.stringify({ $distinct_id: "u", $set: { a: 1 } });
      const updated = await stub.mp(["profiles", "batch", "-", "-f", "json"], { stdin: update });
      assert.deepEqual([updated.code, JSON.parse(updated.stdout).in_doubt], [6, 1]);
    });
  }

  it("is a yes in any of the documented forms", async () => {
    const yes: StubReply[] = [
      { body: "1" },
      { body: "1\n" },
      { json: { status: 1, error: null } },
      { json: { status: 1, error: "" } },
      { json: { code: 200, num_records_imported: 1, status: "OK" } },
    ];
    for (const reply of yes) {
      for (const [argv, path] of commands) {
        stub.server.on("POST", path, reply);
        const { code, stderr } = await stub.mp(argv);
        assert.equal(code, 0, `${argv.join(" ")}: ${stderr}`);
      }
    }
    stub.server.on("POST", "/track", { body: 'f({"status":1,"error":null});' });
    assert.equal((await stub.mp(["track", "E", "--distinct-id", "u", "--callback", "f"])).code, 0);
    stub.server.on("POST", "/track", { headers: { "content-type": "image/gif" }, body: "GIF89a…" });
    assert.equal((await stub.mp(["track", "E", "--distinct-id", "u", "--img"])).code, 0);
  });

  it("gives no advice that was followed already when it is a no without a reason", async () => {
    stub.server.on("POST", "/track", { body: "0" }, 2);
    const asked = await stub.mp(["track", "E", "--distinct-id", "u"]);
    assert.deepEqual([asked.code, /verbose/.test(asked.stderr)], [3, false]);
    const unasked = await stub.mp(["track", "E", "--distinct-id", "u", "--no-verbose-answer"]);
    assert.match(unasked.stderr, /hint: with verbose=1, as mp sends it by itself, the server says why\n$/);
  });
});

describe("a change", () => {
  const create = ["annotations", "create", "x", "--date", "2026-11-01"];

  it("is in doubt when its answer is only a part, or of a status that nobody knows", async () => {
    for (const status of [206, 304]) {
      stub.server.on("POST", `${PROJECT}/annotations`, { status, json: { status: "ok", results: {} } });
      const { code, stderr } = await stub.mp(create);
      assert.equal(code, 6);
      assert.match(stderr, /\nhint: look whether it was done: mp annotations list\n/, String(status));
    }
  });

  it("and any question is told when a server that is down wants to be asked again", async () => {
    const busy = { status: 503, headers: { "retry-after": "7200" }, body: "" };
    stub.server.on("POST", "/api/query/cohorts/list", busy);
    const asked = await stub.mp(["cohorts", "list", "-f", "json"]);
    assert.equal(asked.code, 6);
    const { message, hint, retry_after_seconds } = JSON.parse(asked.stderr).error;
    assert.match(message, /the service is unavailable \(503\) until \d\d:\d\d:\d\d$/);
    assert.deepEqual([hint, retry_after_seconds], ["try again in 2 h", 7200]);
    stub.server.on("POST", `${PROJECT}/annotations`, busy);
    assert.match((await stub.mp(create)).stderr, /until \d\d:\d\d:\d\d\nhint: look whether it was done/);
  });

  it("that may be made twice is not said to be done twice when its answer cannot be printed", async () => {
    const event = JSON.stringify({ event: "E", properties: { time: 1795400000, distinct_id: "u", $insert_id: "i" } });
    stub.server.on("POST", "/import", { json: { code: 200, num_records_imported: 1, status: "OK" } });
    const { code, stderr } = await stub.mp(["import", "-", "--jq", 'error("x")'], { stdin: event });
    assert.equal(code, 1);
    assert.match(stderr, /hint: there is no need to run the same command again; it would change nothing more\n$/);
  });
});

describe("a list", () => {
  const lists: [argv: string[], method: string, path: string][] = [
    [["cohorts", "list"], "POST", "/api/query/cohorts/list"],
    [["annotations", "list"], "GET", `${PROJECT}/annotations`],
    [["lexicon", "list"], "GET", `${PROJECT}/schemas`],
    [["lookup-tables", "list"], "GET", "/lookup-tables"],
    [["warehouse", "list"], "GET", `${PROJECT}/warehouse-sources/imports`],
    [["query", "jql", "--code", "function main() {}"], "POST", "/api/query/jql"],
    [["events", "list"], "GET", "/api/query/events/names"],
  ];

  for (
    const [what, reply] of [
      ["empty", { body: "" }],
      ["204", { status: 204 }],
      ["null", { json: null }],
      ["{}", { json: {} }],
      ["an envelope of nothing", { json: { status: "ok", results: {} } }],
    ] as [string, StubReply][]
  ) {
    it(`whose answer has nothing in it is no list without items: ${what}`, async () => {
      for (const [argv, method, path] of lists) {
        for (const format of ["json", "csv", "table"]) {
          stub.server.on(method, path, reply);
          const { code, stdout, stderr } = await stub.mp([...argv, "-f", format]);
          assert.deepEqual([code, stdout], [6, ""], `${argv.join(" ")}: ${stderr}`);
          assert.match(stderr, /Cannot read the answer of \S+: there is nothing in it|code.*unexpected_answer/);
        }
      }
    });
  }

  it("that has no items is none", async () => {
    for (const [argv, method, path] of lists) {
      stub.server.on(method, path, { json: [] });
      const { code, stderr } = await stub.mp([...argv, "-f", "json"]);
      assert.equal(code, 0, `${argv.join(" ")}: ${stderr}`);
    }
  });
});

describe("mp query jql", () => {
  const ask = ["query", "jql", "--code", "function main() {}", "-f", "json"];

  it("reads lines, whatever the server calls them", async () => {
    for (const type of ["application/x-ndjson", "application/json", "text/plain"]) {
      stub.server.on("POST", "/api/query/jql", { headers: { "content-type": type }, body: '{"a":1}\n{"a":2}\n' });
      const { code, stdout, stderr } = await stub.mp(ask);
      assert.deepEqual([code, JSON.parse(stdout)], [0, [{ a: 1 }, { a: 2 }]], stderr);
    }
  });

  it("shows what came, and says that it is not all, when one of the lines is an error", async () => {
    for (const type of ["application/x-ndjson", "application/json"]) {
      const body = '{"a":1}\n{"error":"Query timed out"}\n';
      stub.server.on("POST", "/api/query/jql", { headers: { "content-type": type }, body });
      const { code, stdout, stderr } = await stub.mp(ask);
      assert.deepEqual([code, JSON.parse(stdout)], [8, [{ a: 1 }, { error: "Query timed out" }]]);
      assert.match(stderr, /This list is not whole, line 2 of 2 is an error: Query timed out\n$/);
    }
  });

  it("takes items that all have an error for data", async () => {
    const body = '{"error":"a"}\n{"error":"b"}\n';
    stub.server.on("POST", "/api/query/jql", { headers: { "content-type": "application/x-ndjson" }, body });
    assert.equal((await stub.mp(ask)).code, 0);
  });
});
