import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AppLab } from "./app_lab.ts";

const PROJECT = `/projects/${SANDBOX.projectId}/business-context`;
const ORGANIZATION = `/organizations/${SANDBOX.organizationId}/business-context`;

describe("business context", () => {
  it("is the project's and the organization's, and both in a chain", async () => {
    const lab = new AppLab();
    assert.deepEqual((await lab.get(PROJECT)).json, { status: "ok", results: { content: "" } });
    assert.equal((await lab.send("PUT", PROJECT, { content: "# Shop" })).status, 200);
    assert.equal((await lab.send("PUT", ORGANIZATION, { content: "Coffee" })).status, 200);
    assert.deepEqual((await lab.get(PROJECT)).json.results, { content: "# Shop" });
    assert.deepEqual((await lab.get(`${PROJECT}/chain`)).json.results, {
      org_context: "Coffee",
      project_context: "# Shop",
    });
    assert.equal((await lab.post(PROJECT, { content: "x" })).status, 405);
  });

  it("has at most 50000 characters, however many bytes", async () => {
    const lab = new AppLab();
    assert.equal((await lab.send("PUT", PROJECT, { content: "😀".repeat(50_000) })).status, 200);
    const refused = await lab.send("PUT", PROJECT, { content: "x".repeat(50_001) });
    assert.deepEqual([refused.status, refused.json.error], [
      400,
      "content exceeds maximum length of 50000 characters",
    ]);
    assert.equal((await lab.send("PUT", PROJECT, {})).status, 400);
  });

  it("of the organization, its people and its teams are for its admins", async () => {
    const lab = new AppLab();
    const people = `/organizations/${SANDBOX.organizationId}`;
    assert.deepEqual((await lab.get(`${people}/users/`)).json, { status: "ok", results: [] });
    assert.deepEqual((await lab.get(`${people}/teams`)).json, { status: "ok", results: [] });
    lab.store.projects.setRole(1, SANDBOX.projectId, "analyst");
    for (const path of [ORGANIZATION, `${people}/users/`, `${people}/teams`, "/organizations/7/users/"]) {
      assert.equal((await lab.get(path)).status, 403, path);
    }
    assert.equal((await lab.get(PROJECT)).status, 200);
  });
});
