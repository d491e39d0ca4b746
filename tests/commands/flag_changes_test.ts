import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS } from "../helpers/world.ts";

const PROJECT = `/api/app/projects/${SANDBOX.projectId}`;
const ID = "f0000000-0000-4000-8000-000000000003";
const ONE = `${PROJECT}/workspaces/${SANDBOX.workspaceId}/feature-flags/${ID}`;

let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
});
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends(["-w", String(SANDBOX.workspaceId), ...argv]);

describe("mp flags", () => {
  it("archives and restores, with a slash at the end of the path", async () => {
    const archived = await sends("flags", "archive", ID);
    assert.deepEqual([archived.method, archived.path], ["POST", `${ONE}/archive/`]);
    assert.match(archived.stderr, /mp flags restore/);
    const restored = await sends("flags", "restore", ID);
    assert.deepEqual([restored.method, restored.path], ["DELETE", `${ONE}/archive/`]);
  });

  it("finds the flag by its key", async () => {
    const before = lab.requests.length;
    const { stderr } = await lab.mp(["-w", String(SANDBOX.workspaceId), "flags", "archive", "old-banner"]);
    assert.match(stderr, /^Archived flag old-banner/);
    assert.equal(lab.requests.slice(before).at(-1)!.path, `${ONE}/archive/`);
  });

  it("copies one, shows its history and the limits", async () => {
    const copy = await sends("flags", "duplicate", ID, "-f", "csv");
    assert.equal(copy.path, `${ONE}/duplicate/`);
    assert.match(copy.stdout, /\nold-banner-copy,/);
    const history = await sends("flags", "history", ID, "--page", "1", "--page-size", "2");
    assert.deepEqual([history.path, history.query], [`${ONE}/history/`, { page: "1", page_size: "2" }]);
    const limits = await sends("flags", "limits", "-f", "csv");
    assert.deepEqual([limits.path, limits.stdout], [
      `${PROJECT}/feature-flags/limits/`,
      "flags,limit,trial,contract\n5,10,false,active\n",
    ]);
  });

  it("sets test users by variant", async () => {
    const { method, path, text, stderr } = await sends("flags", "test-users", ID, "on=qa-7", "off=qa=8");
    assert.deepEqual([method, path], ["PUT", `${ONE}/test-users/`]);
    assert.deepEqual(JSON.parse(text), { users: { on: "qa-7", off: "qa=8" } });
    assert.match(stderr, /qa-7 gets on, qa=8 gets off/);
    assert.deepEqual(JSON.parse((await sends("flags", "test-users", ID, "--data", '{"users": {}}')).text), {
      users: {},
    });
    for (const argv of [[ID], [ID, "on"], [ID, "on=a", "--data", "{}"]]) {
      assert.equal((await lab.mp(["flags", "test-users", ...argv])).code, 3, argv.join(" "));
    }
  });

  it("sends only what changes with --partial, without reading first", async () => {
    const { method, path, text } = await sends("flags", "update", ID, "--status", "enabled", "--partial");
    assert.deepEqual([method, path, JSON.parse(text)], ["PATCH", ONE, { status: "enabled" }]);
    for (const flag of ["--replace", "--rollout=0.5"]) {
      const { code, stderr } = await lab.mp(["flags", "update", ID, "--status", "enabled", "--partial", flag]);
      assert.deepEqual([code, /Cannot use --partial together/.test(stderr)], [3, true]);
    }
  });
});

describe("mp experiments", () => {
  const EXPERIMENT = "e0000000-0000-4000-8000-000000000001";

  it("copies one, with a name or without a body", async () => {
    const named = await sends("experiments", "duplicate", EXPERIMENT, "--name", "Again");
    assert.deepEqual([named.path, named.text], [`${PROJECT}/experiments/${EXPERIMENT}/duplicate`, '{"name":"Again"}']);
    assert.match(named.stderr, /^Drafted Again: /);
    assert.equal((await sends("experiments", "duplicate", EXPERIMENT)).text, "");
    assert.equal((await sends("experiments", "erf")).path, `${PROJECT}/experiments/erf/`);
  });
});
