import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, it } from "node:test";
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
