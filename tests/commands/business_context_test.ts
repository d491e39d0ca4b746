import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";
import { openStubbed } from "./stubbed.ts";

const PROJECT = `/api/app/projects/${SANDBOX.projectId}/business-context`;
const ORGANIZATION = "/api/app/organizations/1/business-context";
const files = temporaryFolder();

let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
});
after(() => lab.stop());

describe("mp business-context", () => {
  it("prints the project's, the organization's, and both", async () => {
    const { path, stdout } = await lab.sends(["business-context", "get", "--jq", ".results.content"]);
    assert.equal(path, PROJECT);
    assert.match(stdout, /^# Coffee shop\n/);
    const named = await lab.sends(["business-context", "get", "--organization", "1"]);
    assert.deepEqual([named.path, JSON.parse(named.stdout).results.content], [
      ORGANIZATION,
      "Roastery: coffee, by mail and in shops.\n",
    ]);
    const before = lab.requests.length;
    assert.equal((await lab.mp(["business-context", "get", "--org"])).code, 0);
    assert.deepEqual(lab.requests.slice(before).map((one) => one.path), ["/api/app/me", ORGANIZATION]);
    const chain = await lab.sends(["business-context", "chain", "-f", "csv"]);
    assert.equal(chain.path, `${PROJECT}/chain`);
    assert.match(chain.stdout, /^whose,content\norganization,.*Roastery.*project,.*# Coffee shop/s);
  });

  it("replaces it from a file or a pipe", async () => {
    const path = files.path("context.md");
    writeFileSync(path, "# Neu ☕\n");
    const { method, text, stderr } = await lab.sends(["business-context", "set", path]);
    assert.deepEqual([method, JSON.parse(text)], ["PUT", { content: "# Neu ☕\n" }]);
    assert.equal(stderr, "Wrote the business context of the project (8 characters)\n");
    const stdin = "From a pipe";
    const piped = await lab.sends(["business-context", "set", "-", "--organization", "1"], { stdin });
    assert.deepEqual([piped.path, JSON.parse(piped.text)], [ORGANIZATION, { content: stdin }]);
    const whole = await lab.sends(["business-context", "set", "--data", '{"content": "As JSON"}']);
    assert.deepEqual(JSON.parse(whole.text), { content: "As JSON" });
    for (const argv of [[], [path, "--data", "{}"], ["--data", '{"text": "x"}'], ["--data", "{}"]]) {
      assert.equal((await lab.mp(["business-context", "set", ...argv])).code, 3, argv.join(" "));
    }
  });

  it("refuses more than 50,000 characters, and files that are not there, before anything is sent", async () => {
    const path = files.path("long.md");
    writeFileSync(path, "😀".repeat(50_001));
    const before = lab.requests.length;
    const long = await lab.mp(["business-context", "set", path]);
    assert.equal(long.code, 3);
    assert.match(long.stderr, /long\.md: it has 50001 characters, and the most are 50000/);
    assert.equal((await lab.mp(["business-context", "set", files.path("nope.md")])).code, 3);
    assert.equal(lab.requests.length, before);
    writeFileSync(path, "😀".repeat(50_000));
    assert.equal((await lab.mp(["business-context", "set", path])).code, 0);
  });

  it("goes by POST where there is no PUT", async () => {
    const { server, mp } = await openStubbed();
    server.on("PUT", PROJECT, { status: 405, body: "<html></html>" });
    server.on("POST", PROJECT, { json: { status: "ok", results: { content: "x" } } });
    assert.equal((await mp(["business-context", "set", "-"], { stdin: "x" })).code, 0);
    await server.finish();
  });
});

describe("mp users, mp teams and mp workspaces", () => {
  it("list what is of the organization, and of the project", async () => {
    const users = await lab.sends(["users", "list", "--organization", "1", "-f", "csv"]);
    assert.equal(users.path, "/api/app/organizations/1/users/");
    assert.match(users.stdout, /owner@example\.com/);
    const teams = await lab.sends(["teams", "list", "--organization", "1", "-f", "csv"]);
    assert.equal(teams.path, "/api/app/organizations/1/teams");
    assert.match(teams.stdout, /Growth/);
    const { path, stdout } = await lab.sends(["workspaces", "list"]);
    assert.equal(path, `/api/app/projects/${SANDBOX.projectId}/workspaces/public`);
    assert.equal(JSON.parse(stdout).results[0].id, SANDBOX.workspaceId);
    assert.match((await lab.mp(["users", "list", "--help"])).stdout, /seen in one client only/);
  });

  it("say that service accounts need to be admins of the organization", async () => {
    const { server, mp } = await openStubbed();
    const refusal = { status: "error", error: "You do not have permission to access this organization" };
    server.on("GET", "/api/app/organizations/1/users/", { status: 403, json: refusal });
    const { code, stderr } = await mp(["users", "list", "--organization", "1"]);
    assert.equal(code, 2);
    assert.match(stderr, /You do not have permission to access this organization/);
    await server.finish();
  });

  it("finds workspaces where the project's own list is not there", async () => {
    const { server, mp } = await openStubbed();
    server.on("GET", `/api/app/projects/${SANDBOX.projectId}/workspaces/public`, {
      status: 404,
      body: "<html></html>",
    });
    const workspaces = {
      7: { id: 7, name: "Mine", project_id: SANDBOX.projectId },
      8: { id: 8, name: "Other", project_id: 5 },
    };
    server.on("GET", "/api/app/me", { json: { status: "ok", results: { workspaces } } });
    const { stdout } = await mp(["workspaces", "list", "-f", "csv"]);
    assert.equal(stdout, "id,name,default,all_data\n7,Mine,false,false\n");
    await server.finish();
  });
});
