import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS } from "../helpers/world.ts";

const PATH = `/api/app/workspaces/${SANDBOX.workspaceId}/experiments`;
const id = (number: number) => `e0000000-0000-4000-8000-00000000000${number}`;
const env = { MP_WORKSPACE_ID: String(SANDBOX.workspaceId) };
let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
});
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends(["experiments", ...argv], { env });
const mp = (...argv: string[]) => lab.mp(["experiments", ...argv], { env });
const statusOf = async (number: number) => JSON.parse((await mp("get", id(number))).stdout).results.status;

describe("mp experiments", () => {
  it("lists those that are not archived, with their flags", async () => {
    const { method, path, stdout } = await sends("list", "-f", "csv");
    assert.deepEqual([method, path], ["GET", PATH]);
    assert.match(stdout, /^id,name,status,start,end,variants,flag\n/);
    assert.match(stdout, /,New checkout,active,2026-10-25T00:00:00Z,,"control, treatment",new-checkout\n/);
    assert.doesNotMatch(stdout, /Loyalty points/);
  });

  it("shows one", async () => {
    const { path, stdout } = await sends("get", id(1), "--jq", ".results.name");
    assert.deepEqual([path, stdout], [`${PATH}/${id(1)}`, "New checkout\n"]);
    assert.equal((await mp("get", "nope")).code, 4);
  });

  it("drafts one from flags and from a body", async () => {
    const { method, path, text, stderr } = await sends(
      ...["create", "Free delivery", "--hypothesis", "More orders"],
      ...["--data", '{"hypothesis": "other", "variants": [{"key": "a"}], "settings": {"x": 1}}'],
    );
    assert.deepEqual([method, path], ["POST", PATH]);
    assert.deepEqual(JSON.parse(text), {
      hypothesis: "More orders",
      variants: [{ key: "a" }],
      settings: { x: 1 },
      name: "Free delivery",
    });
    assert.match(stderr, /^Drafted Free delivery: [0-9a-f-]{36}\n$/);
  });

  it("changes what is named", async () => {
    const { method, path, text, stdout } = await sends(
      ...["update", id(2), "--description", "Again", "--tag", "price", "--tag", "ui", "--end-date", "2026-12-01"],
    );
    assert.deepEqual([method, path], ["PATCH", `${PATH}/${id(2)}`]);
    assert.deepEqual(JSON.parse(text), {
      description: "Again",
      tags: ["price", "ui"],
      end_date: "2026-12-01T00:00:00Z",
    });
    assert.equal(JSON.parse(stdout).results.hypothesis, "Price badge brings more purchases");
    assert.match((await mp("update", id(2))).stderr, /nothing to change is given/);
  });

  it("goes through its life: launch, conclude, decide", async () => {
    const launched = await sends("launch", id(2));
    assert.deepEqual([launched.method, launched.path, launched.text], ["PUT", `${PATH}/${id(2)}/launch`, "{}"]);
    assert.equal(launched.stderr, "Price badge: active\n");
    assert.equal((await mp("conclude", id(2))).code, 3);
    const concluded = await sends("conclude", id(2), "--end-date", "yesterday", "--yes");
    assert.deepEqual([concluded.method, concluded.path], ["PUT", `${PATH}/${id(2)}/force_conclude`]);
    assert.deepEqual(JSON.parse(concluded.text), { end_date: "2026-11-22T00:00:00Z" });
    const decided = await sends("decide", id(2), "--success", "--variant", "treatment", "--message", "4% more");
    assert.deepEqual([decided.method, decided.path], ["PATCH", `${PATH}/${id(2)}/decide`]);
    assert.deepEqual(JSON.parse(decided.text), { success: true, variant: "treatment", message: "4% more" });
    assert.equal(await statusOf(2), "success");
    const failed = await sends("decide", id(5), "--no-success");
    assert.deepEqual([JSON.parse(failed.text), await statusOf(5)], [{ success: false }, "fail"]);
  });

  it("reports what the server will not do", async () => {
    const { code, stderr } = await mp("launch", id(1));
    assert.equal(code, 3);
    assert.match(stderr, /Cannot launch an experiment in status 'active'/);
  });

  it("does not decide without a verdict", async () => {
    const before = lab.requests.length;
    const { code, stderr } = await mp("decide", id(4));
    assert.deepEqual([code, lab.requests.length], [3, before]);
    assert.match(stderr, /--success/);
  });

  it("archives, brings back and deletes", async () => {
    const archived = await sends("archive", id(6));
    assert.deepEqual([archived.method, archived.path, archived.text], ["POST", `${PATH}/${id(6)}/archive`, "{}"]);
    const back = await sends("unarchive", id(6));
    assert.deepEqual([back.method, back.path, back.text], ["DELETE", `${PATH}/${id(6)}/archive`, ""]);
    assert.equal(JSON.parse(back.stdout).results.deleted, null);
    assert.equal((await mp("delete", id(8))).code, 3);
    const gone = await sends("delete", id(8), "--yes");
    assert.deepEqual([gone.method, gone.path], ["DELETE", `${PATH}/${id(8)}`]);
    assert.equal((await mp("get", id(8))).code, 4);
  });

  it("shows a dry run without knowing the workspace", async () => {
    const { code, stdout } = await lab.mp(["experiments", "list", "--dry-run"]);
    assert.equal(code, 0);
    assert.match(stdout, /\/workspaces\/'"\$MP_WORKSPACE_ID"'\/experiments/);
  });
});
