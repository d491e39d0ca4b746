import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openStubbed } from "./stubbed.ts";
import { openQueryLab } from "./query_lab.ts";

const folder = temporaryFolder();
let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const BY_NAME =
  'function main() { return Events(params).groupBy(["name"], mixpanel.reducer.count()).sortAsc("key.0") }';
const jql = (...argv: string[]) => lab.sends(["query", "jql", ...argv, "--no-pacing"]);

describe("query jql", () => {
  it("sends a script with its parameters, and shows keys and values as columns", async () => {
    const sent = await jql("--code", BY_NAME, "--last", "3d", "-f", "csv");
    assert.deepEqual([sent.method, sent.path], ["POST", "/api/query/jql"]);
    const form = new URLSearchParams(sent.text);
    assert.equal(form.get("script"), BY_NAME);
    assert.deepEqual(JSON.parse(form.get("params")!), { from_date: "2026-11-21", to_date: "2026-11-23" });
    assert.equal(sent.stdout, "key_1,value\nPurchase,2\nSign Up,3\n");
    assert.match(sent.stderr, /^Deprecated: JQL is in maintenance mode/);
  });

  it("prints the server's text in a pipe", async () => {
    const { stdout } = await jql("--code", BY_NAME, "--param", "from_date=2026-11-22", "--param", "to_date=2026-11-22");
    assert.equal(stdout, '[{"key":["Purchase"],"value":1},{"key":["Sign Up"],"value":1}]\n');
  });

  it("reads the script from a file or a pipe", async () => {
    const path = folder.write("query.js", BY_NAME);
    const params = ["--params", '{"from_date": "2026-11-23", "to_date": "2026-11-23"}'];
    assert.equal((await jql(path, ...params, "-f", "csv")).stdout, "key_1,value\nPurchase,1\n");
    const piped = await lab.sends(["query", "jql", "-", ...params, "-f", "csv", "--no-pacing"], { stdin: BY_NAME });
    assert.equal(piped.stdout, "key_1,value\nPurchase,1\n");
  });

  it("understands an answer that comes as a stream of JSON Lines, in every format", async () => {
    const stubbed = await openStubbed();
    const answered = {
      headers: { "content-type": "application/x-jsonlines" },
      body: '["Chrome",1500]\n["Firefox",800]\n',
    };
    stubbed.server.on("POST", "/api/query/jql", answered, 3);
    const run = async (format: string) =>
      (await stubbed.mp(["query", "jql", "--code", BY_NAME, "--no-pacing", "-f", format])).stdout;
    assert.deepEqual(JSON.parse(await run("json")), [["Chrome", 1500], ["Firefox", 800]]);
    assert.equal(await run("csv"), "value_1,value_2\nChrome,1500\nFirefox,800\n");
    assert.match(await run("table"), /Chrome +1,500/);
    await stubbed.server.finish();
  });

  it("refuses what is no script before it is sent", async () => {
    const before = lab.requests.length;
    for (const argv of [[], ["--code", "Events(params)"], ["missing.js"], ["a.js", "--code", BY_NAME]]) {
      const { code } = await lab.mp(["query", "jql", ...argv]);
      assert.equal(code, 3, argv.join(" "));
    }
    assert.equal(lab.requests.length, before);
  });

  it("shows the script's own error", async () => {
    const code = "function main() { return Events(params).map(function (e) { return e.nothing.here }) }";
    const failed = await lab.mp(["query", "jql", "--code", code, "--last", "3d", "--no-pacing"]);
    assert.equal(failed.code, 3);
    assert.match(failed.stderr, /TypeError: cannot read property 'here' of undefined/);
  });

  it("shows fields of a value, and lists of values, as columns", async () => {
    const script = `function main() { return Events(params).groupBy([], [
      mixpanel.reducer.count(), mixpanel.reducer.max("properties.amount")]) }`;
    assert.equal((await jql("--code", script, "--last", "3d", "-f", "csv")).stdout, "value_1,value_2\n5,30\n");
    const summary = `function main() { return Events(params).groupBy(["properties.country"],
      mixpanel.reducer.numeric_summary("properties.amount")).filter(function (g) { return g.key[0] == "DE" }) }`;
    assert.match(
      (await jql("--code", summary, "--last", "3d", "-f", "csv")).stdout,
      /^key_1,count,sum,sum_squares,avg,stddev\nDE,2,42\.5,/,
    );
  });
});
