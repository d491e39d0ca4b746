import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab } from "../lab.ts";

describe("/api/app", () => {
  it("/me says who one is and what one can see", async () => {
    const lab = new Lab();
    const { json } = await lab.send("/api/app/me?include_workspace_users=false");
    assert.equal(json.status, "ok");
    assert.equal(json.results.user_name, SANDBOX.username);
    assert.deepEqual(json.results.organizations, { 1: { id: 1, name: "Sandbox organization" } });
    assert.deepEqual(Object.keys(json.results.projects), [String(SANDBOX.projectId)]);
    const project = json.results.projects[SANDBOX.projectId];
    assert.deepEqual([project.name, project.organization_id, project.timezone], ["Sandbox", 1, "UTC"]);
    assert.ok(project.permissions.includes("view_base_reports"));
    assert.equal(json.results.workspaces[SANDBOX.workspaceId].project_id, SANDBOX.projectId);
    assert.doesNotMatch(JSON.stringify(json), new RegExp(`${SANDBOX.secret}|${SANDBOX.serviceSecret}`));
  });

  it("/me leaves out what one cannot see, and shows an OAuth user the whole organization", async () => {
    const lab = new Lab();
    lab.addProject();
    lab.store.projects.addProject({
      ...lab.store.projects.project(2_000_001)!,
      id: 3,
      workspaceId: 4,
      token: "t",
      secret: "s",
    });
    const projects = async (auth?: string) =>
      Object.keys((await lab.send("/api/app/me", { auth })).json.results.projects);
    assert.deepEqual(await projects(), ["1000001", "2000001"]);
    assert.deepEqual(await projects(`Bearer ${SANDBOX.oauthToken}`), ["3", "1000001", "2000001"]);
  });

  it("refuses wrong credentials, and a project's secret", async () => {
    const lab = new Lab();
    for (const auth of ["", "x:y", `${SANDBOX.username}:x`, `${SANDBOX.secret}:`, "Bearer x"]) {
      const reply = await lab.send("/api/app/me", { auth });
      assert.deepEqual([reply.status, reply.json], [401, {
        status: "error",
        error: "Invalid service account credentials",
      }], auth);
    }
  });

  it("lists projects, workspaces and data groups", async () => {
    const lab = new Lab();
    const results = async (path: string) => (await lab.send(`/api/app${path}`)).json.results;
    assert.deepEqual(await results("/projects"), [
      { id: SANDBOX.projectId, name: "Sandbox", token: SANDBOX.token, timezone: "UTC" },
    ]);
    const path = `/projects/${SANDBOX.projectId}`;
    assert.equal((await results(`${path}/workspaces`))[0].is_global, true);
    assert.deepEqual(await results(`${path}/data-groups/`), []);
    await lab.post("/groups", { $token: SANDBOX.token, $group_key: "company", $group_id: "x", $set: {} });
    assert.deepEqual(await results(`${path}/data-groups/`), [
      { property_name: "company", data_group_id: 1000000000000000001n },
    ]);
    assert.equal((await lab.send("/api/app/projects/17/workspaces")).status, 403);
  });

  it("lists an organization's service accounts without their secrets, to its own people", async () => {
    const lab = new Lab();
    const reply = await lab.send("/api/app/organizations/1/service-accounts");
    assert.deepEqual(reply.json.results, [{
      id: 1,
      username: SANDBOX.username,
      created: "2024-01-01T00:00:00",
      expires: null,
      last_used: "2026-11-23T12:00:00",
      creator: null,
      user: 1,
    }]);
    assert.equal((await lab.send("/api/app/organizations/2/service-accounts")).status, 403);
  });
});
