import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PUBLISHED_QUOTAS } from "../../../src/sandbox/quotas.ts";
import { Lab } from "../lab.ts";
import { DAYS, JqlLab } from "./jql_lab.ts";

const lab = new JqlLab();

describe("a script's errors", () => {
  it("are told with status 412, their name, and where they came from", async () => {
    const script = `function main() {
  return Events(${DAYS}).map(function (e) {
    return e.nothing.here;
  });
}`;
    const reply = await lab.jql(script);
    assert.equal(reply.status, 412);
    assert.match(
      reply.json.error,
      /^UserVisiblePreconditionFailedError: Uncaught exception TypeError: cannot read property 'here'/,
    );
    assert.match(reply.json.error, /at <anonymous> \(script:3:\d+\)/);
    assert.match(reply.json.request, /^\/api\/query\/jql\?/);
  });

  it("include scripts that cannot be read, have no main(), or return no collection", async () => {
    assert.match(await lab.fails("function main( {"), /SyntaxError/);
    assert.match(await lab.fails("var main = 3"), /must define a main\(\) function/);
    assert.match(await lab.fails("1"), /must define a main\(\) function/);
    assert.match(await lab.fails("function main() { return [1, 2] }"), /must return a collection/);
    assert.match(await lab.fails(`function main() { throw "plain text" }`), /Uncaught exception Error: plain text/);
  });

  it("are not there for a main() of any form", async () => {
    const { json } = await lab.jql("const main = () => People().reduce(mixpanel.reducer.count())");
    assert.deepEqual(json, [3]);
  });

  it("come from missing and wrong parameters", async () => {
    assert.equal((await lab.query("/jql", {}, { method: "POST" })).json.error, "Missing required parameter: script");
    const form = new URLSearchParams({ script: "function main() {}", params: "[1]" });
    assert.equal((await lab.query("/jql", {}, { method: "POST", body: form })).status, 400);
  });
});

describe("a script's limits", () => {
  const limited = (settings: ConstructorParameters<typeof Lab>[0]) => {
    const small = new Lab(settings);
    return async (script: string) => {
      const reply = await small.query("/jql", {}, { method: "POST", body: new URLSearchParams({ script }) });
      assert.equal(reply.status, 412, reply.text);
      return reply.json.error as string;
    };
  };

  it("end it when it computes too long", async () => {
    const fails = limited({ jqlRunMs: 50 });
    assert.match(await fails("function main() { for (;;); }"), /exceeded its time limit of 0\.05 seconds/);
    // It cannot catch its own end.
    assert.match(await fails("function main() { for (;;) { try { for (;;); } catch (e) {} } }"), /time limit/);
  });

  it("end it when it takes too much memory", async () => {
    const fails = limited({ jqlMemoryBytes: 8 * 1024 * 1024 });
    const script = "function main() { var all = []; for (;;) all.push('x' + all.length); }";
    assert.match(await fails(script), /exceeded its memory limit of 8 MB/);
  });

  it("end it when it calls itself without end", async () => {
    assert.match(await lab.fails("function main() { return main() }"), /InternalError: stack overflow/);
  });

  it("leave the next script alone", async () => {
    await lab.fails("function main() { return main() }");
    await lab.jql("Array.prototype.map = null; Object.prototype.evil = 1; function main() { return People() }");
    assert.deepEqual(await lab.main("People().map(function (u) { return [u.distinct_id, {}.evil] })"), [
      ["a", null],
      ["b", null],
      ["z", null],
    ]);
  });
});

describe("a script's world", () => {
  it("has nothing but the language and the collections", async () => {
    const names = [
      "fetch",
      "require",
      "process",
      "Deno",
      "Bun",
      "setTimeout",
      "XMLHttpRequest",
      "WebAssembly",
      "console",
    ];
    const seen = await lab.main(
      `People().map(function () { return [${
        names.map((name) => `typeof ${name}`).join()
      }] }).reduce(mixpanel.reducer.any())`,
    );
    assert.deepEqual(seen, [names.map(() => "undefined")]);
  });

  it("sees its parameters as they were sent", async () => {
    const params = { name: "O'Hara </script> \u2028", list: [1, { a: null }] };
    assert.deepEqual(
      await lab.main("People().map(function () { return params }).reduce(mixpanel.reducer.any())", params),
      [params],
    );
  });
});

describe("the quota of scripts", () => {
  it("is one of its own, and part of the queries'", async () => {
    const counted = new Lab({
      rateLimitHeaders: "all",
      quotas: { ...PUBLISHED_QUOTAS, jql: { perHour: 2 }, query: { perHour: 4 } },
    });
    const script = "function main() { return People() }";
    const jql = () => counted.query("/jql", {}, { method: "POST", body: new URLSearchParams({ script }) });
    assert.equal((await jql()).headers.get("ratelimit"), '"project";r=1');
    assert.equal((await jql()).status, 200);
    assert.equal((await jql()).status, 429);
    const names = () => counted.query("/events/names", { type: "general" });
    // Two scripts have counted as queries; the one that was refused has not.
    assert.equal((await names()).headers.get("ratelimit"), '"project";r=1');
    assert.equal((await names()).status, 200);
    assert.equal((await names()).status, 429);
  });
});
