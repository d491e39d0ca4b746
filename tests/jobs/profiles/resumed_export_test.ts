import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import type { ProfilesExport } from "../../../src/jobs/profiles/export_profiles.ts";
import { lab, stopAt } from "./export_lab.ts";
import { failure, fieldsOf, linesUpTo, profileServer } from "./profile_server.ts";

describe("an export of profiles that was stopped", () => {
  it("is gone on with where it stopped, at every page", async () => {
    for (let page = 1; page < 8; page++) {
      const own = lab("a", 1);
      const server = profileServer(75, 10);
      await stopAt(page, own, server);
      await own.run(server);
      assert.deepEqual(server.pages, [1, 2, 3, 4, 5, 6, 7].filter((one) => one >= page));
      assert.equal(own.text(), linesUpTo(75));
      assert.deepEqual(own.notes, [`Going on after ${page} ${page === 1 ? "page" : "pages"}`]);
      assert.equal(own.seen.earlier, page * 10);
    }
  });

  it("is gone on with after a kill between two commits: what was written since is cut off", async () => {
    const own = lab("a", 1);
    const server = profileServer(75, 10);
    await stopAt(4, own, server);
    appendFileSync(`${own.state}/profiles.part`, linesUpTo(3) + '{"$distinct_id":"ha');
    await own.run(server);
    assert.equal(own.text(), linesUpTo(75));
  });

  it("starts over when what it had written is gone", async () => {
    const own = lab("a", 1);
    const server = profileServer(75, 10);
    await stopAt(4, own, server);
    truncateSync(`${own.state}/profiles.part`, 100);
    await own.run(server);
    assert.equal(server.pages[0], 0);
    assert.equal(own.text(), linesUpTo(75));
  });

  it("starts over, and says so, when Mixpanel has forgotten its session", async () => {
    const own = lab("a", 2);
    const server = profileServer(75, 10);
    await stopAt(4, own, server);
    server.sessions.clear();
    await own.run(server);
    assert.equal(own.text(), linesUpTo(75));
    assert.match(own.notes.join("\n"), /forgotten the query that was continued; it starts over/);
  });

  for (const refusal of [failure(400, { serverMessage: "bad request" }), failure(404), failure(400)]) {
    const words = `${refusal.status} ${refusal.serverMessage ?? "without words"}`;
    it(`starts over when a later page is refused with ${words}, however long the session has been gone`, async () => {
      const own = lab("a", 2);
      const server = profileServer(75, 10);
      await stopAt(4, own, server);
      server.before = (page) => {
        if (page > 0 && !server.pages.includes(0)) throw refusal;
      };
      await own.run(server);
      assert.equal(own.text(), linesUpTo(75));
    });
  }

  it("ends when every session is forgotten", async () => {
    const own = lab();
    const server = profileServer(75, 10);
    server.before = (page) => {
      if (page === 1) server.sessions.clear();
    };
    await assert.rejects(own.run(server), /has forgotten its session/);
    assert.equal(server.pages.filter((page) => page === 0).length, 3);
  });

  it("is compressed in pieces that are one file together, however often it was stopped", async () => {
    const own = lab("profiles.jsonl.gz", 1);
    const server = profileServer(75, 10);
    const job: Partial<ProfilesExport> = { form: { format: "jsonl", compression: "gzip" } };
    await stopAt(3, own, server, job);
    await stopAt(5, own, server, job);
    await own.run(server, job);
    assert.equal(gunzipSync(readFileSync(own.path)).toString(), linesUpTo(75));
  });

  it("still knows the columns of the pages that it had", async () => {
    const own = lab("a.csv", 1);
    const server = profileServer(30, 10);
    server.change = (page) =>
      page.page === 0
        ? `{"results":[${linesUpTo(10).trimEnd().replaceAll("\n", ",").replaceAll('"e":', '"early":')}],${
          JSON.stringify(page).slice(1)
        }`
        : page;
    const job: Partial<ProfilesExport> = { form: { format: "csv", compression: "none" } };
    await stopAt(2, own, server, job);
    server.change = undefined;
    await own.run(server, job);
    assert.equal(own.text().split("\n")[0], "$distinct_id,org,n,early,e");
  });

  it("keeps the moment of a query with behaviours", async () => {
    const own = lab("a", 1);
    const server = profileServer(30, 10);
    await stopAt(2, own, server, { asOfSeconds: 1000 });
    await own.run(server, { asOfSeconds: 2000 });
    assert.deepEqual(server.requests.map((request) => fieldsOf(request).as_of_timestamp), [
      "1000",
      "1000",
      "1000",
      "1000",
    ]);
  });

  it("is not mixed with another query; it can be given up", async () => {
    const own = lab("a", 1);
    const server = profileServer(30, 10);
    await stopAt(2, own, server);
    await assert.rejects(own.run(server, { query: { where: "true" } }), {
      category: "input",
      code: "other_export",
      message: /it was begun with another project, filter or format/,
    });
    assert.deepEqual(server.pages, []);
    await own.run(server, { query: { where: "true" }, restart: true });
    assert.equal(own.text(), linesUpTo(30));
  });

  it("is not gone on with from a state of a later version, or one that is damaged", async () => {
    for (
      const [text, reason] of [['{"mp_profile_export":99}', /a newer version of mp/], ["{", /it is damaged/]] as const
    ) {
      const own = lab("a", 1);
      const server = profileServer(30, 10);
      await stopAt(2, own, server);
      writeFileSync(`${own.state}/state.json`, text);
      await assert.rejects(own.run(server), { category: "input", message: reason });
      assert.deepEqual(readdirSync(own.state).sort(), ["locks", "profiles.part", "state.json"]);
    }
  });
});

describe("the lock of an export of profiles", () => {
  it("is named when it was damaged", async () => {
    const own = lab();
    const file = join(
      own.state,
      "locks",
      `${
        createHash("sha256").update(realpathSync(dirname(own.path)) + "/" + basename(own.path)).digest("hex").slice(
          0,
          32,
        )
      }.lock`,
    );
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "garbage");
    await own.run(profileServer(5, 10));
    assert.deepEqual(own.notes, [`The lock ${file} was damaged; it was replaced`]);
  });
});
