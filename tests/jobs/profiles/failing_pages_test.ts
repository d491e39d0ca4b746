import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { MpError } from "../../../src/errors.ts";
import { lab } from "./export_lab.ts";
import { failure, linesUpTo, profileLine, profileServer } from "./profile_server.ts";

describe("a page that does not come", () => {
  for (
    const [what, error] of [
      ["a failing server", failure(503)],
      ["a broken connection", new MpError("reset", { category: "network" })],
      ["an answer that is no page", undefined],
    ] as const
  ) {
    it(`because of ${what} is asked for again, after ever longer waits`, async () => {
      const own = lab("a", 1);
      const server = profileServer(30, 10);
      let failures = 3;
      server.before = (page) => {
        if (page === 1 && error !== undefined && failures-- > 0) throw error;
      };
      server.change = (page) =>
        page.page === 1 && error === undefined && failures-- > 0 ? '{"page":1,"results":[{"$dis' : page;
      await own.run(server);
      assert.equal(own.text(), linesUpTo(30));
      assert.deepEqual(own.clock.sleeps, [1500, 3000, 6000]);
    });
  }

  it("is waited for as long as the server says", async () => {
    const own = lab("a", 1);
    const server = profileServer(30, 10);
    let failures = 2;
    server.before = () => {
      if (failures-- > 0) throw failure(429, { retryAfterSeconds: 600 });
    };
    await own.run(server);
    assert.deepEqual(own.clock.sleeps, [600_000, 600_000]);
  });

  it("ends the export after eight tries; what came before it is kept", async () => {
    const own = lab("a", 1);
    const server = profileServer(50, 10);
    server.before = (page) => {
      if (page === 3) throw failure(500);
    };
    await assert.rejects(own.run(server), /status 500/);
    assert.equal(server.pages.filter((page) => page === 3).length, 8);
    assert.equal(existsSync(own.path), false);
    server.before = undefined;
    server.pages.length = 0;
    await own.run(server);
    assert.deepEqual(server.pages, [3, 4]);
    assert.equal(own.text(), linesUpTo(50));
  });

  it("is not asked for again when the request itself is wrong, and leaves nothing behind", async () => {
    const own = lab();
    const server = profileServer(30, 10);
    server.before = () => {
      throw failure(400);
    };
    await assert.rejects(own.run(server), /status 400/);
    assert.deepEqual(server.pages, [0]);
    assert.equal(existsSync(own.state), false);
  });

  it("is told from another page that came in its place", async () => {
    const server = profileServer(30, 10);
    server.change = (page) => page.page === 2 ? { ...page, page: 1 } : page;
    await assert.rejects(lab().run(server), /page 1 came for page 2/);
  });

  it("is not asked for again when something else than a page answers, and the pages before it are kept", async () => {
    for (const instead of ["<!doctype html><title>Log in</title>", "[]", "{}", "", "ok", '{"results":[1]}']) {
      const own = lab("a", 1);
      const server = profileServer(30, 10);
      server.change = (page) => page.page === 2 ? instead : page;
      const error = await own.run(server).then(() => assert.fail("it succeeded"), (cause: MpError) => cause);
      assert.equal(error.message, "Cannot read the answer of query.engage: it is no page of profiles", instead);
      assert.match(error.hint ?? "", /mp whoami'; then the same command goes on after the pages that are there/);
      assert.deepEqual([server.pages, own.clock.sleeps], [[0, 1, 2], []]);
      server.change = undefined;
      await own.run(server);
      assert.deepEqual([server.pages.slice(3), own.text()], [[2], linesUpTo(30)]);
    }
  });

  it("ends the export when it is the one before it again, which could go on forever", async () => {
    const server = profileServer(30, 10);
    const first = Array.from({ length: 10 }, (_, index) => profileLine(index)).join(",");
    server.change = () => `{"results":[${first}],"page_size":10,"session_id":"s-1","status":"ok"}`;
    await assert.rejects(lab().run(server), /page 1 is the one before it again/);
  });

  it("does not count the profiles of a page that was cut off as coming twice", async () => {
    const own = lab();
    const server = profileServer(25, 10);
    let isFirst = true;
    server.change = (page) => {
      if (page.page !== 1 || !isFirst) return page;
      isFirst = false;
      return `{"results":[${Array.from({ length: 10 }, (_, index) => profileLine(10 + index)).join(",")}],"pa`;
    };
    const summary = await own.run(server);
    assert.equal(server.pages.length, 4);
    assert.equal(summary.repeated, 0);
  });
});
