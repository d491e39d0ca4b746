import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PageSequence, profilePages } from "../../../src/jobs/profiles/profile_pages.ts";
import { lab, stopAt } from "./export_lab.ts";
import { failure, fieldsOf, linesUpTo, numberedServer, profileServer } from "./profile_server.ts";

async function list(server: ReturnType<typeof numberedServer>) {
  const sequence = new PageSequence();
  const pages: number[] = [];
  for await (const page of profilePages(server, {}, sequence)) pages.push(page.result().results.length);
  return { pages, sequence };
}

describe("pages of profiles in the reference's standard answer", () => {
  it("are followed to the end", async () => {
    for (const [total, pages] of [[0, 1], [1, 1], [10, 1], [11, 2], [20, 2], [95, 10]] as const) {
      const own = lab();
      const server = numberedServer(total, 10);
      const summary = await own.run(server);
      assert.deepEqual([summary.profiles, summary.total, summary.complete], [total, total, true]);
      assert.equal(own.text(), linesUpTo(total));
      assert.equal(server.requests.length, pages, `${total} profiles`);
      assert.equal((await list(numberedServer(total, 10))).pages.length, pages);
    }
  });

  it("are asked for by their numbers, with the same filter; each is a query", async () => {
    const server = numberedServer(25, 10);
    await lab().run(server, { query: { where: "true" } });
    assert.deepEqual(
      server.requests.map((one) => [fieldsOf(one).page, fieldsOf(one).where, one.countsAgainstQuota]),
      [[undefined, "true", undefined], ["2", "true", undefined], ["3", "true", undefined]],
    );
    assert.equal(server.requests.some((one) => "session_id" in fieldsOf(one)), false);
  });

  it("may be numbered from 0, and say no total", async () => {
    for (const server of [numberedServer(35, 10, 0), numberedServer(35, 10)]) {
      const whole = server.change!;
      server.change = (facts) => {
        const { pagination } = whole(facts) as { pagination: object };
        return { pagination: { ...pagination, total: undefined } };
      };
      const own = lab();
      assert.equal((await own.run(server)).complete, true);
      assert.equal(own.text(), linesUpTo(35));
    }
  });

  it("belong to a session where they have one", async () => {
    const own = lab();
    const server = profileServer(35, 10);
    server.change = ({ page, page_size, session_id }) => ({ pagination: { page, page_size, total: 35 }, session_id });
    await own.run(server);
    assert.equal(own.text(), linesUpTo(35));
    assert.deepEqual(server.requests.map((one) => fieldsOf(one).session_id), [undefined, "s-1", "s-1", "s-1"]);
  });

  it("are gone on with after a stop", async () => {
    const own = lab("a", 1);
    const server = numberedServer(75, 10);
    await stopAt(4, own, server);
    await own.run(server);
    assert.deepEqual(server.pages, [4, 5, 6, 7]);
    assert.equal(own.text(), linesUpTo(75));
  });

  for (
    const [what, spoil] of [
      ["gives the first page for each", (server: ReturnType<typeof numberedServer>) => {
        const whole = server.change!;
        server.change = (facts) => whole({ ...facts, page: 0 });
      }],
      ["refuses the second", (server: ReturnType<typeof numberedServer>) => {
        server.before = (page) => {
          if (page > 0) throw failure(400);
        };
      }],
    ] as const
  ) {
    it(`are kept as far as they came, and said to be no whole, where a server ${what}`, async () => {
      const own = lab();
      const server = numberedServer(25, 10);
      spoil(server);
      const { profiles, total, complete, repeated } = await own.run(server);
      assert.deepEqual({ profiles, total, complete, repeated }, {
        profiles: 10,
        total: 25,
        complete: false,
        repeated: 0,
      });
      assert.equal(own.text(), linesUpTo(10));
    });
  }

  it("that lead on by a cursor are said to be no whole", async () => {
    const server = profileServer(25, 10);
    server.change = ({ page_size }) => ({ pagination: { page_size, next_cursor: "b2Zm" } });
    assert.equal((await lab().run(server)).complete, false);
    assert.equal((await list(server)).sequence.hasMore, true);
  });
});
