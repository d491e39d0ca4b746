import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { rowOfRecord } from "../../src/sandbox/ingestion/event_row.ts";
import { COHORT } from "../../src/sandbox/query/saved_cohort.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS } from "../helpers/world.ts";

let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  lab.store.profiles.putAll(
    SANDBOX.projectId,
    [1, 2, 3, 4].map((age) => ({
      distinctId: `u-${age}`,
      properties: { age, plan: age > 2 ? "pro" : "free" },
    })),
  );
  lab.store.savedObjects.put(SANDBOX.projectId, COHORT, 8001, { name: "Pro", selector: 'properties["plan"] == "pro"' });
  lab.store.events.append(
    SANDBOX.projectId,
    ["A", "B", "C"].map((event) =>
      rowOfRecord({ event, properties: { time: NOW_MS / 1000 - 60, distinct_id: "u-1", [`${event}-only`]: 1 } })
    ),
  );
});
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends([...argv, "--no-pacing"]);
const stats = (...argv: string[]) => sends("profiles", "stats", ...argv);
const bodyOf = ({ text }: { text: string }) => JSON.parse(text);

describe("mp profiles stats", () => {
  it("counts by one query, with the project in the body", async () => {
    const { method, path, text, stdout } = await stats("-f", "csv");
    assert.deepEqual([method, path], ["POST", "/api/query/engage/stats"]);
    assert.deepEqual(JSON.parse(text), { project_id: SANDBOX.projectId, action: "count()" });
    assert.equal(stdout, "result\n4\n");
    const some = await stats("--where", 'user["age"] > 1', "-f", "csv");
    assert.deepEqual([bodyOf(some).selector, some.stdout], ['user["age"] > 1', "result\n3\n"]);
  });

  it("tells Mixpanel to leave out whom it has no profile of, in a cohort", async () => {
    const { filter_by_cohort, include_all_users } = bodyOf(await stats("--cohort-id", "8001"));
    assert.deepEqual([filter_by_cohort, include_all_users], [{ id: 8001 }, false]);
    assert.equal(bodyOf(await stats("--cohort-id", "8001", "--include-all-users")).include_all_users, true);
  });

  it("computes of a property in Mixpanel's words", async () => {
    const cases: [string[], string, string][] = [
      [["extremes", "age"], 'extremes(properties["age"])', "measure,value\nmin,1\nmax,4\n"],
      [["percentile", "age", "--percentile", "75"], 'percentile(properties["age"],75)', "result\n3\n"],
      [["percentile", "age"], 'percentile(properties["age"],50)', "result\n2\n"],
      [["--action", 'extremes(user["age"])'], 'extremes(user["age"])', "measure,value\nmin,1\nmax,4\n"],
    ];
    for (const [argv, action, csv] of cases) {
      const sent = await stats(...argv, "-f", "csv");
      assert.deepEqual([bodyOf(sent).action, sent.stdout], [action, csv]);
    }
    const summary = await stats("summary", 'a "b"', "--data", '{"segment_by_cohorts": [8001]}');
    assert.deepEqual(bodyOf(summary), {
      project_id: SANDBOX.projectId,
      action: 'numeric_summary(properties["a \\"b\\""])',
      segment_by_cohorts: [8001],
    });
  });

  it("refuses what cannot be computed", async () => {
    const before = lab.requests.length;
    const cases = [
      ["extremes"],
      ["count", "age"],
      ["median", "age"],
      ["extremes", "age", "--percentile", "3"],
      ["percentile", "age", "--percentile", "101"],
      ["count", "--action", "count()"],
    ];
    for (const argv of cases) assert.equal((await lab.mp(["profiles", "stats", ...argv])).code, 3, argv.join(" "));
    assert.equal(lab.requests.length, before);
  });
});

describe("mp profiles list", () => {
  it("sorts and searches on the server", async () => {
    const sorted = await sends(
      ...["profiles", "list", "--sort-key", 'user["age"]', "--sort-order", "descending", "--search", "U-"],
    );
    const form = Object.fromEntries(new URLSearchParams(sorted.text));
    assert.deepEqual([form.sort_key, form.sort_order, form.search], ['user["age"]', "descending", "U-"]);
    const ids = JSON.parse(sorted.stdout).results.map((one: { $distinct_id: string }) => one.$distinct_id);
    assert.deepEqual(ids, ["u-4", "u-3", "u-2", "u-1"]);
    assert.equal((await lab.mp(["profiles", "list", "--sort-order", "up"])).code, 3);
  });
});

describe("mp events definitions", () => {
  it("lists all events with their properties by one query, or those that are named", async () => {
    const all = await sends("events", "definitions", "-f", "csv");
    assert.equal(all.path, "/api/query/data_definitions/events");
    assert.equal(all.query.fetch_per_event_properties, "true");
    assert.match(all.stdout, /^event,property\n(?=.*A,A-only)(?=.*C,C-only)/s);
    const one = await sends("events", "definitions", "B", "-f", "csv");
    assert.equal(one.query["name[]"], '["B"]');
    assert.doesNotMatch(one.stdout, /A-only/);
  });

  it("asks for so many at a time, and puts them together", async () => {
    const before = lab.requests.length;
    const { stdout } = await lab.mp(["events", "definitions", "--per-query", "2", "--no-pacing"]);
    const asked = lab.requests.slice(before).map(({ query }) => [query["name[]"], query.fetch_per_event_properties]);
    assert.deepEqual(asked, [[undefined, undefined], ['["A","B"]', "true"], ['["C"]', "true"]]);
    const names = JSON.parse(stdout).results.map(({ name }: { name: string }) => name);
    assert.deepEqual(names, ["A", "B", "C"]);
  });
});
