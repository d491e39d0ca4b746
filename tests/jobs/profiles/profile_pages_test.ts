import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PageSequence, profilePages } from "../../../src/jobs/profiles/profile_pages.ts";
import type { WireRequest } from "../../../src/client/types.ts";
import { type FakeClient, fakeClient } from "../fake_client.ts";

const ids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => ({ $distinct_id: `u-${from + n}`, $properties: {} }));

const fieldsOf = (request: WireRequest) =>
  request.body?.kind === "form" ? Object.fromEntries(request.body.fields.map(({ name, value }) => [name, value])) : {};

/** A server with so many profiles, which answers in the way that a test is about. */
function server(total: number, pageSize: number, answer: (page: Record<string, unknown>) => object = (page) => page) {
  return fakeClient((request) => {
    const { page: number = "0" } = fieldsOf(request);
    const page = Number(number);
    const results = ids(Math.min(page * pageSize, total), Math.min((page + 1) * pageSize, total));
    const first = page === 0 ? { total } : {};
    return JSON.stringify(answer({ ...first, page, page_size: pageSize, session_id: "s-1", status: "ok", results }));
  });
}

async function collect(client: FakeClient, params: Parameters<typeof profilePages>[1] = {}) {
  const found: unknown[] = [];
  for await (const page of profilePages(client, params)) {
    found.push(...page.result().results.map((one) => one.$distinct_id));
  }
  return found.length;
}

describe("profiles page by page", () => {
  // A full first page whose total is its own count: by some accounts that is all that a total ever says.
  it("are followed until the total is reached, and past a total that one page could have", async () => {
    for (const [total, pages] of [[0, 1], [1, 1], [9, 1], [10, 2], [11, 2], [20, 2], [25, 3]] as const) {
      const client = server(total, 10);
      assert.equal(await collect(client), total);
      assert.equal(client.requests.length, pages, `${total} profiles`);
    }
  });

  it("are followed to a short page when no total is known", async () => {
    for (const [total, pages] of [[9, 1], [10, 2], [25, 3]] as const) {
      const client = server(total, 10, (page) => ({ ...page, total: undefined }));
      assert.equal(await collect(client), total);
      assert.equal(client.requests.length, pages, `${total} profiles`);
    }
  });

  it("belong to the first page's session, with the same filter, and are free after it", async () => {
    const client = server(25, 10);
    await collect(client, { where: 'properties["plan"] == "pro"' });
    assert.deepEqual(client.requests.map(fieldsOf), [
      { where: 'properties["plan"] == "pro"' },
      { where: 'properties["plan"] == "pro"', session_id: "s-1", page: "1" },
      { where: 'properties["plan"] == "pro"', session_id: "s-1", page: "2" },
    ]);
    assert.deepEqual(client.requests.map((one) => one.countsAgainstQuota), [undefined, false, false]);
  });

  it("are all read where only the first page names the session", async () => {
    const client = server(25, 10, (page) => page.page === 0 ? page : { ...page, session_id: undefined });
    assert.equal(await collect(client), 25);
    assert.equal(fieldsOf(client.requests[2]!).session_id, "s-1");
  });

  it("end with the first page when there is no session", async () => {
    const client = server(25, 10, (page) => ({ ...page, session_id: null }));
    assert.equal(await collect(client), 10);
    assert.equal(client.requests.length, 1);
  });

  it("do not go on forever when a server repeats empty pages", async () => {
    const client = server(25, 10, (page) => page.page === 0 ? page : { ...page, results: [], page_size: 0 });
    assert.equal(await collect(client), 10);
    assert.equal(client.requests.length, 2);
  });

  it("end where a server gives the same page again, and somebody is told", async () => {
    const client = server(1000, 10, (page) => ({ ...page, total: undefined, page: undefined, results: ids(0, 10) }));
    const sequence = new PageSequence();
    const pages = await Array.fromAsync(profilePages(client, {}, sequence));
    assert.deepEqual([pages.length, sequence.reason], [1, "the server gave the same page again"]);
  });

  it("are asked for only as long as somebody reads", async () => {
    const client = server(1000, 10);
    for await (const page of profilePages(client, {})) {
      if (page.result().page === 1) break;
    }
    assert.equal(client.requests.length, 2);
  });
});
