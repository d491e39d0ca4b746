import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AppLab } from "./app_lab.ts";

const PATH = "/organizations/1/service-accounts";
const PROJECT = SANDBOX.projectId;

describe("service accounts", () => {
  it("tell their secret once, and work", async () => {
    const lab = new AppLab();
    const made = await lab.post(PATH, { username: "ETL job", role: "analyst", projects: [{ id: PROJECT }] });
    const { token, ...account } = made.json.results;
    assert.equal(made.status, 201);
    assert.match(account.username, /^etl-job\.\w{6}\.mp-service-account$/);
    const one = await lab.get(`${PATH}/${account.id}`);
    assert.deepEqual([one.status, one.json], [200, account]);
    const auth = `${account.username}:${token}`;
    assert.equal((await lab.get("/me", { auth })).status, 200);
    const members = (await lab.get(`/projects/${PROJECT}/service-accounts`)).json.results;
    assert.deepEqual(
      members.map(({ role, role_order, target_type }: Record<string, unknown>) => [role, role_order, target_type]),
      [["owner", 0, "individual"], ["analyst", 2, "individual"]],
    );
  });

  it("expire by UTC when no time zone is said, wherever the sandbox runs", async () => {
    const zone = process.env.TZ;
    process.env.TZ = "Asia/Kolkata";
    try {
      for (const expires of ["2026-11-24", "2026-11-24T00:00:00", "2026-11-24 00:00", "2026-11-24T05:30:00+05:30"]) {
        const { results } = (await new AppLab().post(PATH, { username: "x", expires })).json;
        assert.match(results.expires, /^2026-11-24T00:00:00/, expires);
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it("end when they expire", async () => {
    const lab = new AppLab();
    const made = await lab.post(PATH, { username: "x", expires: "2026-11-24T00:00:00Z" });
    const { username, token } = made.json.results;
    const status = async () => (await lab.get("/me", { auth: `${username}:${token}` })).status;
    assert.equal(await status(), 200);
    lab.clock.advance(86_400_000);
    assert.equal(await status(), 401);
  });

  it("join and leave projects", async () => {
    const lab = new AppLab();
    lab.addProject();
    const { id } = (await lab.post(PATH, { username: "x" })).json.results;
    const roles = () => [PROJECT, 2_000_001].map((project) => lab.store.projects.role(id, project));
    const projects = [{ id: PROJECT, role: "admin" }, { id: 2_000_001, role: "consumer" }];
    const added = await lab.post(`${PATH}/add-to-project`, { projects, service_account_ids: [id] });
    assert.deepEqual([added.json, roles()], [{ status: "ok" }, ["admin", "consumer"]]);
    const leaving = { projects: [{ id: PROJECT, service_account_ids: [id] }] };
    assert.deepEqual((await lab.post(`${PATH}/remove-from-project`, leaving)).json, { status: "ok" });
    assert.deepEqual(roles(), [undefined, "consumer"]);
    assert.deepEqual((await lab.send("DELETE", `${PATH}/${id}`)).json, { status: "ok" });
    assert.deepEqual(roles(), [undefined, undefined]);
    assert.equal((await lab.get(`${PATH}/${id}`)).status, 404);
    assert.equal((await lab.send("DELETE", `${PATH}/${id}`)).status, 404);
  });

  it("are refused with bad fields, and for projects and accounts that are not there", async () => {
    const lab = new AppLab();
    const cases: [string, unknown, number][] = [
      ["", {}, 400],
      ["", { username: "x", role: "boss" }, 400],
      ["", { username: "x", expires: "soon" }, 400],
      ["", { username: "x", projects: [{ id: 7, role: "admin" }] }, 404],
      ["", { username: "x", projects: [{ id: PROJECT }] }, 400],
      ["/add-to-project", { service_account_ids: [1] }, 400],
      ["/add-to-project", { projects: [{ id: PROJECT, role: "admin" }], service_account_ids: [9] }, 404],
      ["/remove-from-project", { projects: [{ id: PROJECT, service_account_ids: [9] }] }, 404],
    ];
    for (const [path, body, status] of cases) {
      assert.equal((await lab.post(PATH + path, body)).status, status, JSON.stringify(body));
    }
    assert.equal(lab.store.projects.serviceAccounts(1).length, 1);
  });

  it("are managed by owners and admins of the organization alone", async () => {
    const lab = new AppLab();
    assert.equal((await lab.get("/organizations/2/service-accounts")).status, 403);
    lab.store.projects.setRole(1, PROJECT, "analyst");
    assert.equal((await lab.get(PATH)).status, 200);
    assert.equal((await lab.post(PATH, { username: "x" })).status, 403);
    assert.equal((await lab.post(PATH, { username: "x" }, { auth: `Bearer ${SANDBOX.oauthToken}` })).status, 201);
  });
});

describe("POST /projects", () => {
  it("makes a project that its maker owns", async () => {
    const lab = new AppLab();
    const { status, json } = await lab.post("/projects", { name: "New", timezone: "US/Pacific" });
    assert.equal(status, 200);
    assert.equal(lab.store.projects.role(1, json.id), "owner");
    assert.deepEqual(lab.store.projects.projectByToken(json.token)!.timeZone, "US/Pacific");
    assert.equal((await lab.post("/projects", { name: "New", timezone: "Mars" })).status, 400);
    assert.equal((await lab.post("/projects", {})).status, 400);
    const again = await lab.post("/projects", { name: "Another" });
    assert.ok(again.json.id > json.id + 1, "a workspace has an id as well");
  });
});

describe("POST /projects/{id}/delete-events", () => {
  it("is for admins, and wants a name and two days", async () => {
    const lab = new AppLab();
    const path = `/projects/${PROJECT}/delete-events`;
    const body = { event_name: "X", start_date: "2026-11-01", end_date: "2026-11-02" };
    assert.equal((await lab.post(path, body)).json.status, "pending");
    assert.equal((await lab.post(path, { ...body, start_date: "2026-11-31" })).status, 400);
    assert.equal((await lab.post(path, { ...body, event_name: undefined })).status, 400);
    lab.store.projects.setRole(1, PROJECT, "analyst");
    assert.equal((await lab.post(path, body)).status, 403);
  });
});
