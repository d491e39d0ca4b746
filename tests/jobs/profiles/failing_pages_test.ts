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
