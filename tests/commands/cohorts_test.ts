import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { cells, openQueryLab, PROJECT_ID } from "./query_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const cohorts = (...argv: string[]) => lab.sends(["cohorts", ...argv, "--no-pacing"]);

describe("cohorts", () => {
  it("are listed with their sizes", async () => {
    const sent = await cohorts("list", "-f", "table");
    assert.deepEqual([sent.method, sent.path], ["POST", "/api/query/cohorts/list"]);
    assert.deepEqual(cells(sent.stdout)[0]!.slice(0, 4), ["8001", "Paying", "2", "true"]);
  });

  it("have members", async () => {
    const sent = await cohorts("members", "8001", "--output-property", "$email", "-f", "csv");
    assert.deepEqual([sent.method, sent.path], ["POST", "/api/query/engage"]);
    const form = new URLSearchParams(sent.text);
    assert.equal(form.get("filter_by_cohort"), '{"id":8001}');
    assert.equal(form.get("output_properties"), '["$email"]');
    assert.equal(sent.stdout, "$distinct_id,$email\nann,ann@example.com\ncid,cid@example.com\n");
    const some = await cohorts(
      "members",
      "8001",
      "--where",
      'properties["$email"] == "cid@example.com"',
      "-f",
      "jsonl",
    );
    assert.equal(JSON.parse(some.stdout).$distinct_id, "cid");
    assert.equal((await lab.mp(["cohorts", "members", "paying"])).code, 3);
  });

  it("are saved from an expression, and from a filter", async () => {
    const sent = await cohorts("create", "Free ones", "--where", 'properties["plan"] == "free"');
    assert.deepEqual([sent.method, sent.path], ["POST", "/api/query/cohorts"]);
    assert.deepEqual(JSON.parse(sent.text), {
      name: "Free ones",
      project_id: PROJECT_ID,
      filter: { type: "user", selector: { where: 'properties["plan"] == "free"' } },
    });
    assert.match(sent.stderr, /^Saved the cohort "Free ones" with the id 8002\n/);
    assert.match((await cohorts("members", "8002", "-f", "csv")).stdout, /\nbob,/);
    await cohorts("create", "All", "--filter", '{"type": "user", "selector": "true"}');
    assert.match((await cohorts("list", "-f", "csv")).stdout, /\n8003,All,3,/);
  });

  it("are not saved without saying who is in them, nor from a mistake", async () => {
    const before = lab.requests.length;
    const refused = [
      ["create", "Nobody"],
      ["create", "Both", "--where", "true", "--filter", '{"type": "user", "selector": "true"}'],
      ["create", "Wrong", "--where", "plan = pro"],
      ["create", "Untyped", "--filter", '{"selector": "true"}'],
    ];
    for (const argv of refused) {
      const { code, stderr } = await lab.mp(["cohorts", ...argv]);
      assert.equal(code, 3, stderr);
    }
    assert.equal(lab.requests.length, before);
  });
});
