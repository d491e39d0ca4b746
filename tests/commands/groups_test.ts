import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openProgramLab()));
after(() => lab.stop());

const acme = () => lab.store.profiles.get(SANDBOX.projectId, "company", "Acme");
const target = { $token: SANDBOX.token, $group_key: "company", $group_id: "Acme" };

async function updatesOf(argv: string[]): Promise<unknown[]> {
  const { method, path, text, stdout } = await lab.sends(["groups", ...argv]);
  assert.deepEqual([method, path, stdout], ["POST", "/groups", ""]);
  return JSON.parse(text);
}

describe("changing a group's profile", () => {
  it("sets, sets once, unites, removes and deletes properties", async () => {
    assert.deepEqual(await updatesOf(["set", "company", "Acme", "plan=pro", "seats:=25"]), [
      { ...target, $set: { plan: "pro", seats: 25 } },
    ]);
    assert.deepEqual(await updatesOf(["set-once", "company", "Acme", "plan=free", "source=fair"]), [
      { ...target, $set_once: { plan: "free", source: "fair" } },
    ]);
    assert.deepEqual(await updatesOf(["union", "company", "Acme", "features=sso", "features=audit"]), [
      { ...target, $union: { features: ["sso", "audit"] } },
    ]);
    assert.deepEqual(await updatesOf(["remove", "company", "Acme", "features=sso"]), [
      { ...target, $remove: { features: "sso" } },
    ]);
    assert.deepEqual(await updatesOf(["unset", "company", "Acme", "source"]), [{ ...target, $unset: ["source"] }]);
    assert.deepEqual(acme(), { plan: "pro", seats: 25, features: ["audit"] });
  });

  it("is a group's of that key alone", async () => {
    await updatesOf(["set", "team", "Acme", "plan=free"]);
    assert.equal(acme()?.plan, "pro");
    const [{ id }] = lab.store.profiles.dataGroups(SANDBOX.projectId).filter(({ groupKey }) => groupKey === "team");
    const page = await lab.query("/engage", { data_group_id: id });
    assert.deepEqual(page.results, [{ $distinct_id: "Acme", $properties: { plan: "free" } }]);
  });

  it("wants a key, an id and something to change", async () => {
    for (const argv of [["set", "company"], ["set", "company", "Acme"], ["unset", "company", "Acme"]]) {
      const { code, stderr } = await lab.mp(["groups", ...argv]);
      assert.equal(code, 3, stderr);
    }
  });
});

describe("groups delete", () => {
  it("deletes several groups of one key, after a yes", async () => {
    await updatesOf(["set", "company", "Gone", "a=1"]);
    assert.match(
      (await lab.mp(["groups", "delete", "company", "Gone"])).stderr,
      /Delete the company profile of "Gone"\?/,
    );
    const { query, text } = await lab.sends(["groups", "delete", "company", "Gone", "Never", "--yes"]);
    assert.deepEqual(query, { verbose: "1" });
    assert.deepEqual(JSON.parse(text), [
      { ...target, $group_id: "Gone", $delete: "" },
      { ...target, $group_id: "Never", $delete: "" },
    ]);
    assert.equal(lab.store.profiles.get(SANDBOX.projectId, "company", "Gone"), undefined);
  });
});

describe("groups batch", () => {
  it("sends updates of several groups, and none that groups don't have", async () => {
    const lines = [
      '{"$group_key":"company","$group_id":"B","$set":{"a":1}}',
      '{"$group_key":"company","$group_id":7,"$union":{"a":[1]}}',
      '{"$group_key":"company","$group_id":"B","$add":{"a":1}}',
      '{"$group_id":"B","$set":{"a":1}}',
    ];
    const { code, stderr } = await lab.mp(["groups", "batch", "-"], { stdin: lines.join("\n") });
    assert.equal(code, 8, stderr);
    assert.match(stderr, /line 3: the update: it makes no change: one of \$set, /);
    assert.match(stderr, /line 4: \$group_key is missing/);
    assert.deepEqual(lab.store.profiles.get(SANDBOX.projectId, "company", "B"), { a: 1 });
    assert.deepEqual(lab.store.profiles.get(SANDBOX.projectId, "company", "7"), { a: [1] });
  });
});
