import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runProgram } from "../helpers/world.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const folder = temporaryFolder();
const EVENTS = [
  { event: "Buy", properties: { time: 1700000000, distinct_id: "ann", amount: 30, country: "DE" } },
  { event: "Buy", properties: { time: 1700000060, distinct_id: "bob", amount: 5, country: "US" } },
  { event: "Open", properties: { time: 1700000120, distinct_id: "ann", country: "DE" } },
].map((event) => JSON.stringify(event));
const events = folder.write("events.jsonl", EVENTS.join("\n") + "\n");

const expr = (argv: string[], stdin?: string) => runProgram(["expr", ...argv], { stdin });

describe("expr check", () => {
  it("ends with 0 when there is no mistake, and says so", async () => {
    assert.deepEqual(await expr(["check", 'properties["a"] == 1']), { code: 0, stdout: "", stderr: "No mistakes\n" });
  });

  it("shows mistakes at their place, and ends with 3", async () => {
    const { code, stdout, stderr } = await expr(["check", "plan = 'pro'"]);
    assert.equal(code, 3);
    assert.equal(stdout, "");
    assert.match(stderr, /\n {2}plan = 'pro'\n {2}\^\^\^\^ A property is written as/);
    assert.match(stderr, /hint: it may be meant as properties\["plan"\] == "pro"\n$/);
  });

  it("lists mistakes as JSON", async () => {
    const { code, stdout } = await expr(["check", 'properties["a"] = 1', "-f", "json"]);
    assert.equal(code, 3);
    assert.deepEqual(JSON.parse(stdout), {
      valid: false,
      problems: [{ message: 'Write "==" instead of "="', start: 16, end: 17, suggestion: "==" }],
      suggestion: 'properties["a"] == 1',
    });
    assert.deepEqual(JSON.parse((await expr(["check", "true", "-f", "json"])).stdout).valid, true);
  });

  it("knows what an expression is for, and which properties there are", async () => {
    assert.equal((await expr(["check", "1 + 1"])).code, 3);
    assert.equal((await expr(["check", 'properties["a"]', "--as", "on"])).code, 0);
    assert.match((await expr(["check", "true", "--as", "on"])).stderr, /the same for every event/);
    const known = ["--known-property", "amount", "--known-property", "plan"];
    assert.equal((await expr(["check", 'properties["amount"] > 1', ...known])).code, 0);
    assert.match((await expr(["check", 'properties["amont"] > 1', ...known])).stderr, /properties\["amount"\] > 1/);
  });

  it("reads the expression from a pipe", async () => {
    assert.equal((await expr(["check", "-"], 'properties["a"] == 1\n')).code, 0);
    assert.equal((await expr(["check", "-"], "a =\n")).code, 3);
  });
});

describe("expr format", () => {
  it("prints the usual form, and says what was put right", async () => {
    const { code, stdout, stderr } = await expr(["format", "(plan = 'pro') && !defined(trial)"]);
    assert.equal(code, 0);
    assert.equal(stdout, 'properties["plan"] == "pro" and not defined(properties["trial"])\n');
    assert.match(stderr, /Write "==" instead of "="/);
  });

  it("says where it could not go on", async () => {
    const { code, stderr } = await expr(["format", 'properties["a"] == ']);
    assert.equal(code, 3);
    assert.match(stderr, /\^/);
  });
});

describe("expr explain", () => {
  it("prints words", async () => {
    const { stdout } = await expr(["explain", 'properties["a"] == 1 and properties["b"] != 2']);
    assert.equal(stdout, "all of these hold\n  - a is 1\n  - b is not 2, or missing\n");
  });
});

describe("expr eval", () => {
  it("takes a leading minus for one, with flags on either side", async () => {
    const on = ["--properties", '{"a": 4}'];
    // A remainder has the sign of the first operand, as in C and JavaScript.
    for (const [expression, value] of [["-7 % 3", "-1"], ['-number("3")', "-3"], ['-properties["a"] + 1', "-3"]]) {
      for (const argv of [[expression!, ...on], [...on, expression!], [...on, "--", expression!]]) {
        assert.deepEqual(await expr(["eval", ...argv]), { code: 0, stdout: `${value}\n`, stderr: "" });
      }
    }
    assert.equal((await expr(["check", '-properties["a"] > 1'])).code, 0);
  });

  it("evaluates on one object", async () => {
    const on = async (expression: string, properties: string) =>
      await expr(["eval", expression, "--properties", properties]);
    assert.equal((await on('number(properties["seats"]) * 2', '{"seats": "21"}')).stdout, "42\n");
    assert.equal((await on('properties["a"] == 1', '{"a": 1}')).stdout, "true\n");
    const missing = await on('properties["a"] + 1', "{}");
    assert.equal(missing.stdout, "null\n");
    assert.match(missing.stderr, /The result is undefined/);
    assert.equal((await on('properties["big"]', '{"big": 12345678901234567890}')).stdout, "12345678901234567890\n");
  });

  it("lets matching lines of a file through, as they are", async () => {
    const { stdout, stderr } = await expr(["eval", 'properties["amount"] > 10', events]);
    assert.equal(stdout, `${EVENTS[0]}\n`);
    assert.equal(stderr, "1 of 3 match\n");
  });

  it("reads a pipe, and several files", async () => {
    assert.equal((await expr(["eval", 'event["name"] == "Open"', "-"], EVENTS.join("\n"))).stdout, `${EVENTS[2]}\n`);
    const { stderr } = await expr(["eval", 'properties["country"] == "DE"', events, events]);
    assert.equal(stderr, "4 of 6 match\n");
  });

  it("prints the values of what is no condition, and counts them", async () => {
    assert.equal((await expr(["eval", 'properties["amount"]', events])).stdout, "30\n5\nnull\n");
    const counts = await expr(["eval", 'properties["country"]', events, "--show", "counts", "-f", "csv"]);
    assert.equal(counts.stdout, "value,count\nDE,2\nUS,1\n");
  });

  it("writes to a file", async () => {
    const path = folder.path("matches.jsonl");
    const { code } = await expr(["eval", 'event["name"] == "Buy"', events, "-o", path]);
    assert.equal(code, 0);
    const counted = await expr(["eval", "true", path]);
    assert.equal(counted.stderr, "2 of 2 match\n");
  });

  it("reads dates in a time zone", async () => {
    const expression = 'datetime("2023-11-14T23:13:20") == event["$time"]';
    assert.equal((await expr(["eval", expression, events, "--timezone", "Europe/Berlin"])).stderr, "1 of 3 match\n");
    assert.equal((await expr(["eval", expression, events])).stderr, "0 of 3 match\n");
    assert.match((await expr(["eval", "true", events, "--timezone", "Mars"])).stderr, /no such time zone/);
  });

  it("refuses to evaluate on nothing, on both, and on what is not there", async () => {
    for (const argv of [["true"], ["true", events, "--properties", "{}"], ["true", "missing.jsonl"], ["(", events]]) {
      const { code, stderr } = await expr(["eval", ...argv]);
      assert.equal(code, 3, stderr);
    }
  });
});
