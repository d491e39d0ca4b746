import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { pipeTarget } from "../../../src/jobs/target.ts";
import { lab } from "./export_lab.ts";
import { failure, fieldsOf, linesUpTo, profileServer } from "./profile_server.ts";

describe("an export of profiles", () => {
  it("has every profile as it was sent, in the order of the pages", async () => {
    for (const count of [0, 1, 9, 10, 11, 95, 100]) {
      const own = lab();
      const summary = await own.run(profileServer(count, 10));
      assert.equal(own.text(), linesUpTo(count));
      assert.deepEqual(summary, {
        profiles: count,
        pages: summary.pages,
        bytes: linesUpTo(count).length,
        total: count,
        repeated: 0,
        complete: true,
      });
      assert.equal(own.seen.records, count);
      assert.equal(existsSync(own.state), false);
    }
  });

  it("keeps the order when later pages come first", async () => {
    const own = lab();
    const server = profileServer(200, 10);
    server.before = (page) => new Promise((resolve) => setTimeout(resolve, page % 4 === 1 ? 8 : 0));
    await own.run(server);
    assert.equal(own.text(), linesUpTo(200));
  });

  it("fetches as many pages at a time as it may, and each once", async () => {
    const server = profileServer(200, 10);
    server.before = () => new Promise((resolve) => setTimeout(resolve, 1));
    await lab("a", 5).run(server);
    assert.equal(server.mostAtATime, 5);
    assert.deepEqual(
      [...server.pages].sort((one, other) => one - other),
      Array.from({ length: 20 }, (_, page) => page),
    );
  });

  it("asks for later pages of the first one's session, which are free, with the same filter", async () => {
    const server = profileServer(25, 10);
    await lab().run(server, { query: { where: "true" } });
    assert.deepEqual(
      server.requests.map((one) => [fieldsOf(one).session_id, fieldsOf(one).where, one.countsAgainstQuota]),
      [
        [undefined, "true", undefined],
        ["s-1", "true", false],
        ["s-1", "true", false],
      ],
    );
  });

  it("follows the page size that is given, not the one that is named", async () => {
    const own = lab();
    const server = profileServer(95, 10);
    server.change = (page) => ({ ...page, page_size: 1000 });
    assert.equal((await own.run(server)).complete, true);
    assert.equal(own.text(), linesUpTo(95));
  });

  it("goes on to an empty page where no total is told", async () => {
    const own = lab();
    const server = profileServer(40, 10);
    server.change = ({ total: _total, ...page }) => page;
    assert.equal((await own.run(server)).total, undefined);
    assert.equal(own.text(), linesUpTo(40));
  });

  it("goes on past a total that counts the first page alone", async () => {
    const own = lab();
    const server = profileServer(35, 10);
    server.change = (page) => page.page === 0 ? { ...page, total: 10 } : page;
    assert.equal((await own.run(server)).profiles, 35);
    assert.equal(own.text(), linesUpTo(35));
  });

  it("says when fewer profiles came than were reported", async () => {
    const server = profileServer(35, 10);
    server.change = (page) => page.page === 0 ? { ...page, total: 37 } : page;
    const { complete, profiles, total } = await lab().run(server);
    assert.deepEqual({ complete, profiles, total }, { complete: false, profiles: 35, total: 37 });
  });

  it("says when the first page names no session, so that the next cannot be asked for", async () => {
    const server = profileServer(35, 10);
    server.change = (page) => ({ ...page, session_id: undefined });
    const { complete, profiles } = await lab().run(server);
    assert.deepEqual({ complete, profiles }, { complete: false, profiles: 10 });
  });

  it("counts profiles that come twice", async () => {
    const server = profileServer(30, 10);
    server.change = (page) =>
      page.page === 2 ? `{"page":2,"results":[${linesUpTo(10).trimEnd().replaceAll("\n", ",")}]}` : page;
    assert.equal((await lab().run(server)).repeated, 10);
  });

  it("is written as CSV with the columns of all pages, and as one JSON list", async () => {
    const csv = lab("profiles.csv");
    await csv.run(profileServer(30, 10), { form: { format: "csv", compression: "none" } });
    const [header, first, ...rest] = csv.text().split("\n");
    assert.equal(header, "$distinct_id,org,n,e");
    assert.equal(first, "u-0,1000000000000000007,0.0,é");
    assert.equal(rest.length, 30);
    const json = lab("profiles.json");
    await json.run(profileServer(30, 10), { form: { format: "json", compression: "none" } });
    assert.equal(json.text(), `[\n${linesUpTo(30).trimEnd().replaceAll("\n", ",\n")}\n]\n`);
  });
});

describe("an export of profiles to a pipe", () => {
  const pipe = (written: string[]) =>
    pipeTarget({ write: (bytes) => Promise.resolve(void written.push(new TextDecoder().decode(bytes))) });

  it("is written as pages come", async () => {
    const written: string[] = [];
    const own = lab();
    const summary = await own.run(profileServer(75, 10), { target: pipe(written), stateFolder: undefined });
    assert.equal(written.join(""), linesUpTo(75));
    assert.equal(summary.complete, true);
  });

  it("says that what was printed is not all when it fails", async () => {
    const written: string[] = [];
    const server = profileServer(75, 10);
    server.before = (page) => {
      if (page === 5) throw failure(403, { hint: "ask for access" });
    };
    await assert.rejects(lab("a", 1).run(server, { target: pipe(written), stateFolder: undefined }), {
      hint: /^ask for access; the profiles that were printed are not all/,
    });
    assert.equal(written.join(""), linesUpTo(50));
  });
});
