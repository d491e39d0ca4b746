import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { cells, openQueryLab, PROJECT_ID } from "./query_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const P = `/api/app/projects/${PROJECT_ID}`;
const idOf = (stdout: string) => Object.keys(JSON.parse(stdout).results)[0]!;
let revenue = "";

describe("saved metrics", () => {
  it("are made from an event, what is made of it, and a condition", async () => {
    const sent = await lab.sends([
      ...["metrics", "create", "Revenue", "--event", "Purchase", "--math", "total:amount"],
      ...["--where", 'properties["country"] == "DE"'],
    ]);
    assert.deepEqual([sent.method, sent.path], ["POST", `${P}/metrics/`]);
    const { name, type, definition: { behavior, measurement } } = JSON.parse(sent.text);
    assert.deepEqual([name, type], ["Revenue", "metric"]);
    assert.deepEqual([behavior.type, behavior.name, behavior.filters[0].filterValue], ["event", "Purchase", ["DE"]]);
    assert.deepEqual([measurement.math, measurement.property.name], ["total", "amount"]);
    revenue = idOf(sent.stdout);
  });

  it("are verified and given to somebody by a second request", async () => {
    const count = lab.requests.length;
    const { code, stdout } = await lab.mp([
      ...["metrics", "create", "Orders", "--event", "Purchase", "--verified", "--owner", "7"],
    ]);
    assert.equal(code, 0);
    const [post, patch] = lab.requests.slice(count);
    assert.equal("verified" in JSON.parse(post!.text), false);
    assert.deepEqual([patch!.method, patch!.path], ["PATCH", `${P}/metrics/${idOf(stdout)}/`]);
    assert.deepEqual(JSON.parse(patch!.text), { verified: true, owned_by: { id: 7 } });
    assert.equal(Object.values(JSON.parse(stdout).results as Record<string, { verified: boolean }>)[0]!.verified, true);
  });

  it("are listed, shown and changed", async () => {
    assert.deepEqual(cells((await lab.sends(["metrics", "list", "-f", "table"])).stdout)[0]!.slice(0, 3), [
      ...[revenue, "Revenue", "metric"],
    ]);
    assert.equal((await lab.sends(["metrics", "get", revenue])).path, `${P}/metrics/${revenue}/`);
    const one = await lab.sends(["metrics", "update", revenue, "--description", "In euros"]);
    assert.deepEqual(JSON.parse(one.text), { description: "In euros" });
    const ids = Object.keys(JSON.parse((await lab.sends(["metrics", "list"])).stdout).results);
    const both = await lab.sends(["metrics", "update", ...ids, "--verified"]);
    assert.deepEqual([both.method, both.path], ["PATCH", `${P}/metrics/`]);
    assert.deepEqual(JSON.parse(both.text), { metrics: ids.map((id) => ({ id: Number(id), verified: true })) });
    assert.match((await lab.mp(["metrics", "update", revenue])).stderr, /nothing to change is given/);
  });

  it("are refused before they are sent when the server would fail on them", async () => {
    const count = lab.requests.length;
    for (
      const argv of [
        ["x".repeat(256), "--event", "A"],
        ["Nothing"],
        ["Both", "--event", "A", "--definition", "{}"],
        ["Wrong", "--event", "A", "--where", "plan = 1"],
        ["Kind", "--event", "A", "--type", "funnel"],
        ["Owner", "--event", "A", "--owner", "ann"],
      ]
    ) assert.equal((await lab.mp(["metrics", "create", ...argv])).code, 3, argv.join(" "));
    assert.equal(lab.requests.length, count);
  });

  it("are looked up, and deleted by the form for many", async () => {
    assert.equal((await lab.mp(["metrics", "delete", "4711", "--yes"])).code, 4);
    const count = lab.requests.length;
    assert.equal((await lab.mp(["metrics", "delete", revenue, "--yes"])).code, 0);
    const [get, remove] = lab.requests.slice(count);
    assert.deepEqual([get!.method, remove!.method, remove!.path], ["GET", "DELETE", `${P}/metrics/`]);
    assert.equal(remove!.text, `{"metrics":[{"id":${revenue}}]}`);
    assert.equal((await lab.mp(["metrics", "get", revenue])).code, 4);
  });
});

describe("saved behaviors", () => {
  it("are made from a definition, and one is deleted by its own path", async () => {
    const definition = { behavior: { type: "event", name: "Purchase" } };
    const sent = await lab.sends([
      ...["behaviors", "create", "Buying", "--type", "simple", "--definition", JSON.stringify(definition)],
    ]);
    assert.deepEqual([sent.path, JSON.parse(sent.text)], [
      `${P}/behaviors/`,
      { name: "Buying", type: "simple", definition },
    ]);
    const id = idOf(sent.stdout);
    const count = lab.requests.length;
    assert.equal((await lab.mp(["behaviors", "delete", id, "--yes"])).code, 0);
    assert.deepEqual([lab.requests.at(-1)!.method, lab.requests.at(-1)!.path], ["DELETE", `${P}/behaviors/${id}/`]);
    assert.equal(lab.requests.length, count + 2);
  });

  it("that are not there are asked for once, and the failure is explained", async () => {
    const count = lab.requests.length;
    const { code, stderr } = await lab.mp(["behaviors", "get", "4711"]);
    assert.equal(code, 6);
    assert.match(stderr, /an id that it does not know: 'mp behaviors list'/);
    assert.equal(lab.requests.length, count + 1);
  });
});
