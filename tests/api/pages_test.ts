import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { call } from "../../src/api/call.ts";
import { get, type Operation, operation, post } from "../../src/api/operation.ts";
import { count, text } from "../../src/api/params.ts";
import type { WireRequest } from "../../src/client/types.ts";
import { MpError } from "../../src/errors.ts";
import { failure } from "../client/harness.ts";
import { fakeClient } from "../jobs/fake_client.ts";

const params = z.object({
  limit: count("Limit").optional(),
  page: count("Page").optional(),
  name: text("Name").optional(),
});
const list = operation({
  id: "things.list",
  summary: "list things",
  routes: [get("app", "/things")],
  auth: ["service_account"],
  envelope: true,
  params,
  result: z.array(z.looseObject({ id: z.number() })),
});
const things = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => ({ id: from + index }));

/** A server of `total` things that gives at most `size` in a page; pages are counted from `first`. */
function pagedServer(total: number, size: number, { first = 1, promised = total } = {}) {
  const queries: Record<string, string>[] = [];
  const client = fakeClient((request: WireRequest) => {
    const query = Object.fromEntries(request.query);
    queries.push(query);
    const page = Number(query.page ?? first);
    const start = (page - first) * size;
    const results = things(start, Math.min(start + size, total));
    return JSON.stringify({ status: "success", results, pagination: { page, page_size: size, total: promised } });
  });
  return { client, queries };
}

describe("a list that comes in pages", () => {
  it("is followed to its end, and is one answer", async () => {
    const { client, queries } = pagedServer(250, 100);
    const answer = await call(client, list, { name: "a" });
    assert.deepEqual(answer.result(), things(0, 250));
    assert.deepEqual(queries, [
      { name: "a" },
      { name: "a", page: "2", page_size: "100" },
      { name: "a", page: "3", page_size: "100" },
    ]);
    assert.deepEqual(JSON.parse(answer.text), {
      status: "success",
      results: things(0, 250),
      pagination: { page: 1, page_size: 250, total: 250 },
    });
    assert.equal(answer.gap, undefined);
  });

  it("may begin with page 0, have a last page that is full, or only one page, which stays as it came", async () => {
    const fromZero = pagedServer(200, 100, { first: 0 });
    assert.equal((await call(fromZero.client, list, {})).result().length, 200);
    assert.deepEqual(fromZero.queries.map(({ page }) => page), [undefined, "1"]);
    const text = '{"status":"ok", "results":[{"id":1}], "pagination":{"page":1,"page_size":100,"total":1}}\n';
    assert.equal((await call(fakeClient(() => text), list, {})).text, text);
  });

  it("ends where a limit is reached, and is not followed where a page was asked for", async () => {
    const limited = pagedServer(250, 100);
    assert.equal((await call(limited.client, list, { limit: 150 })).result().length, 150);
    assert.equal(limited.queries.length, 2);
    const chosen = pagedServer(250, 100);
    assert.equal((await call(chosen.client, list, { page: 2 })).result()[0]!.id, 100);
    assert.equal(chosen.queries.length, 1);
  });

  it("is followed by cursors", async () => {
    for (const [field, parameter] of [["next_cursor", "next_cursor"], ["cursor", "cursor"]] as const) {
      const queries: Record<string, string>[] = [];
      const pages: Record<string, unknown> = {
        "": { results: things(0, 2), pagination: { page_size: 2, [field]: "b2Zm", previous_cursor: null } },
        b2Zm: { results: things(2, 3), pagination: { page_size: 2, [field]: null, previous_cursor: "x" } },
      };
      const client = fakeClient((request: WireRequest) => {
        const query = Object.fromEntries(request.query);
        queries.push(query);
        return JSON.stringify({ status: "ok", ...pages[query[parameter] ?? ""] as object });
      });
      assert.deepEqual((await call(client, list, {})).result(), things(0, 3));
      assert.deepEqual(queries[1], { [parameter]: "b2Zm", page_size: "2" });
    }
  });

  it("asks by the other name of a cursor where the first is not known, and until a page is short where nothing is counted", async () => {
    const other = fakeClient((request: WireRequest) => {
      const { cursor } = Object.fromEntries(request.query);
      const [from, next] = cursor === undefined ? [0, "a"] : cursor === "a" ? [2, "b"] : [4, null];
      return JSON.stringify({ status: "ok", results: things(from, from + 2), pagination: { next_cursor: next } });
    });
    assert.deepEqual((await call(other, list, {})).result(), things(0, 6));
    const uncounted = pagedServer(250, 100, { promised: null as unknown as number });
    assert.equal((await call(uncounted.client, list, {})).result().length, 250);
    const even = pagedServer(200, 100, { promised: null as unknown as number });
    assert.equal((await call(even.client, list, {})).gap, undefined);
    assert.equal(even.queries.length, 3);
  });

  it("joins objects by their names, page by page", async () => {
    const byName = { ...list, result: z.record(z.string(), z.array(z.number())) } as unknown as typeof list;
    const client = fakeClient((request: WireRequest) => {
      const page = Number(Object.fromEntries(request.query).page ?? 1);
      const results = { all: [page], [`p${page}`]: [page] };
      return JSON.stringify({ status: "ok", results, pagination: { page, page_size: 2, total: 5 } });
    });
    assert.deepEqual((await call(client, byName, {})).result() as unknown, {
      all: [1, 2, 3],
      p1: [1],
      p2: [2],
      p3: [3],
    });
  });

  it("that is not whole is an error, or says so", async () => {
    const same = fakeClient(() =>
      JSON.stringify({ status: "ok", results: things(0, 100), pagination: { page: 1, page_size: 100, total: 150 } })
    );
    const short = pagedServer(120, 100, { promised: 150 }).client;
    const empty = pagedServer(100, 100, { promised: 150 }).client;
    const circle = fakeClient((request: WireRequest) =>
      JSON.stringify({ status: "ok", results: things(request.query.length, 9), pagination: { next_cursor: "a" } })
    );
    let given = 0;
    const endless = fakeClient(() =>
      JSON.stringify({ status: "ok", results: things(given, ++given), pagination: { next_cursor: `c-${given}` } })
    );
    for (
      const [client, gap] of [
        [same, "100 of 150: the server gave the same page again"],
        [short, "120 of 150: the next page is empty"],
        [empty, "100 of 150: the next page is empty"],
        [circle, "17: the server led back to a page that had come"],
        [endless, "10000: 10000 pages came, and the server names one more"],
      ] as const
    ) {
      const error = await failure(call(client, list, {}));
      assert.equal(error.message, `Cannot read the whole list of things.list: ${gap}`);
      assert.deepEqual([error.code, error.exitCode], ["incomplete_list", 6]);
      assert.equal((await call(client, list, {}, { partial: true })).gap, gap);
    }
  });

  it("of which the server refuses a page is not whole; what may pass with time is the error that it is", async () => {
    const refusing = (error: MpError) =>
      fakeClient((request: WireRequest) => {
        if (request.query.length > 0) throw error;
        return JSON.stringify({ status: "ok", results: things(0, 2), pagination: { page: 1, page_size: 2, total: 3 } });
      });
    const unknown = new MpError("Cannot GET /things: the server refused the request", { category: "input" });
    const answer = await call(refusing(unknown), list, {}, { partial: true });
    assert.equal(answer.gap, "2 of 3: Cannot GET /things: the server refused the request");
    assert.deepEqual(answer.result(), things(0, 2));
    const busy = new MpError("rate limited", { category: "rate_limited" });
    assert.equal((await failure(call(refusing(busy), list, {}, { partial: true }))).exitCode, 5);
  });

  it("is not looked for in the answer to a write", async () => {
    const write = { ...list, routes: [post("app", "/things")] as Operation["routes"] } as typeof list;
    const { client, queries } = pagedServer(150, 100);
    await call(client, write, {});
    assert.equal(queries.length, 1);
  });
});
