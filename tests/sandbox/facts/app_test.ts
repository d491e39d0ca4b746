import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { facts } from "./facts.ts";

const { projectId, workspaceId, organizationId } = SANDBOX;
const P = `/projects/${projectId}`;

facts("5.1", "who one is, and what one may enter", {
  "5.1-1": {
    says: "/me has maps of organizations, projects and workspaces, with what is allowed",
    async holds(lab) {
      const { json } = await lab.app("GET", "/me?include_workspace_users=false");
      assert.equal(json.status, "ok");
      assert.equal(json.results.projects[projectId].timezone, "UTC");
      assert.ok(json.results.projects[projectId].permissions.includes("view_base_reports"));
      assert.equal(json.results.workspaces[workspaceId].project_id, projectId);
      assert.equal(json.results.organizations[organizationId].id, organizationId);
    },
  },
  "5.1-2": {
    says: "a project has workspaces and data groups, which are lists",
    async holds(lab) {
      const workspaces = (await lab.app("GET", `${P}/workspaces`)).json.results;
      assert.deepEqual([workspaces[0].id, workspaces[0].is_global], [workspaceId, true]);
      assert.deepEqual((await lab.app("GET", `${P}/data-groups/`)).json.results, []);
    },
  },
});

facts("5.2", "annotations", {
  "5.2-1": {
    says: "they are made with 201, listed by days, changed, and deleted with their id",
    async holds(lab) {
      const note = { date: "2026-08-01 10:00:00", description: "Release" };
      const made = await lab.app("POST", `${P}/annotations`, note);
      assert.equal(made.status, 201);
      const { id } = made.json.results;
      assert.equal(
        (await lab.app("GET", `${P}/annotations?fromDate=2026-08-01&toDate=2026-08-01`)).json.results.length,
        1,
      );
      assert.equal(
        (await lab.app("GET", `${P}/annotations?fromDate=2026-08-02&toDate=2026-08-03`)).json.results.length,
        0,
      );
      const changed = await lab.app("PATCH", `${P}/annotations/${id}`, { description: "Rollback" });
      assert.equal(changed.json.results.description, "Rollback");
      assert.deepEqual((await lab.app("DELETE", `${P}/annotations/${id}`)).json.results, { id });
      assert.equal((await lab.app("GET", `${P}/annotations/${id}`)).status, 404);
    },
  },
});

facts("5.3", "Lexicon schemas", {
  "5.3-1": {
    says: "schemas are uploaded, listed by type, and deleted with their number",
    async holds(lab) {
      const entry = (name: string) => ({
        entityType: "event",
        name,
        schemaJson: { properties: { a: { type: "string" } } },
      });
      const added = await lab.app("POST", `${P}/schemas`, { entries: [entry("A"), entry("B")], truncate: false });
      assert.deepEqual(added.json.results, { added: 2, deleted: 0 });
      assert.equal((await lab.app("GET", `${P}/schemas/event`)).json.results.length, 2);
      const again = await lab.app("POST", `${P}/schemas`, { entries: [entry("C")], truncate: true });
      assert.deepEqual(again.json.results, { added: 1, deleted: 2 });
      assert.deepEqual((await lab.app("DELETE", `${P}/schemas/event/C`)).json.results, { delete_count: 1 });
    },
  },
  "5.3-2": {
    says: "one schema is answered bare, and set by its JSON alone",
    async holds(lab) {
      const schema = { description: "x", properties: { plan: { type: "string" } } };
      assert.equal((await lab.app("POST", `${P}/schemas/event/Signup`, schema)).json.status, "ok");
      const { json } = await lab.app("GET", `${P}/schemas/event/Signup`);
      assert.equal(json.description, "x");
    },
  },
});

facts("5.4", "service accounts", {
  "5.4-1": {
    says: "an account is made with 201, and its secret is answered once",
    async holds(lab) {
      const path = `/organizations/${organizationId}/service-accounts`;
      const made = await lab.app("POST", path, { username: "bot", projects: [{ id: projectId, role: "analyst" }] });
      assert.equal(made.status, 201);
      assert.equal(typeof made.json.results.token, "string");
      const { id, username } = made.json.results;
      assert.match(username, /^bot\.\w+\.mp-service-account$/);
      const shown = (await lab.app("GET", `${path}/${id}`)).json;
      assert.equal("token" in (shown.results ?? shown), false);
      const listed = (await lab.app("GET", `${P}/service-accounts`)).json.results;
      assert.ok(
        listed.some((one: { username: string; role: string }) => one.username === username && one.role === "analyst"),
      );
      const lists = { projects: [{ id: projectId, service_account_ids: [id] }] };
      assert.equal((await lab.app("POST", `${path}/remove-from-project`, lists)).json.status, "ok");
    },
  },
});

facts("5.5", "GDPR", {
  "5.5-1": {
    says: "a deletion moves through its states, can be cancelled while it is staged, and deletes events and profiles",
    settings: { gdprStageMs: 1000 },
    async holds(lab) {
      lab.load([{ event: "E", properties: { time: 1_700_000_000, distinct_id: "u" } }]);
      lab.store.profiles.put(projectId, "", "u", { a: 1 });
      const token = `token=${SANDBOX.token}`;
      const bearer = { auth: `Bearer ${SANDBOX.oauthToken}` };
      const create = () => lab.app("POST", `/data-deletions/v3.0/?${token}`, { distinct_ids: ["u"] }, bearer);
      const status = async (id: string) =>
        (await lab.app("GET", `/data-deletions/v3.0/${id}?${token}`, undefined, bearer)).json.results.status;
      const cancelled = (await create()).json.results.task_id;
      assert.equal(
        (await lab.app("DELETE", `/data-deletions/v3.0/${cancelled}?${token}`, undefined, bearer)).status,
        204,
      );
      assert.equal(await status(cancelled), "REVOKED");
      const made = await create();
      assert.equal(made.status, 201);
      const id = made.json.results.task_id;
      const seen = [await status(id)];
      for (let n = 0; n < 4; n++) {
        lab.clock.advance(1000);
        const now = await status(id);
        if (now !== seen.at(-1)) seen.push(now);
      }
      assert.deepEqual(seen, ["PENDING", "STAGING", "STARTED", "SUCCESS"]);
      assert.equal((await lab.app("DELETE", `/data-deletions/v3.0/${id}?${token}`, undefined, bearer)).status, 405);
      assert.equal(lab.store.events.count(projectId), 0);
      assert.equal(lab.store.profiles.get(projectId, "", "u"), undefined);
    },
  },
  "5.5-2": {
    says: "at most 2000 ids",
    async holds(lab) {
      const ids = Array.from({ length: 2001 }, (_, n) => `u-${n}`);
      const { status } = await lab.app("POST", `/data-retrievals/v3.0/?token=${SANDBOX.token}`, { distinct_ids: ids }, {
        auth: `Bearer ${SANDBOX.oauthToken}`,
      });
      assert.equal(status, 400);
    },
  },
});

facts("5.7", "feature flags are managed", {
  "5.7-1": {
    says: "a flag is made with 200, replaced by PUT, archived, and deleted",
    async holds(lab) {
      const path = `${P}/workspaces/${workspaceId}/feature-flags`;
      const flag = {
        name: "New nav",
        key: "new-nav",
        tags: [],
        context: "distinct_id",
        serving_method: "client",
        status: "enabled",
        ruleset: {
          variants: [{ key: "on", value: true, is_control: false, split: 1 }],
          rollout: [{ rollout_percentage: 1, variant_splits: {} }],
        },
      };
      const made = await lab.app("POST", path, flag);
      assert.equal(made.status, 200, made.text);
      const { id } = made.json.results;
      const evaluated = await lab.send(
        `/flags?token=${SANDBOX.token}&context=${encodeURIComponent('{"distinct_id":"u"}')}`,
        { auth: "" },
      );
      assert.equal(evaluated.json.flags["new-nav"].variant_value, true);
      const tested = await lab.app("PUT", `${path}/${id}/test-users/`, { users: { on: "u-9" } });
      assert.deepEqual(tested.json.results.ruleset.test.users, { "u-9": "on" });
      assert.equal((await lab.app("PUT", `${path}/${id}`, { ...flag, status: "disabled" })).status, 200);
      assert.equal(
        (await lab.app("POST", `${path}/${id}/archive`)).headers.get("location")?.endsWith("/archive/"),
        true,
      );
      assert.equal((await lab.app("POST", `${path}/${id}/archive/`)).json.results.status, "archived");
      assert.deepEqual((await lab.app("GET", path)).json.results, []);
      assert.equal((await lab.app("DELETE", `${path}/${id}`)).status, 200);
    },
  },
});

facts("5.8", "experiments", {
  "5.8-1": {
    says: "an experiment goes from draft to active to concluded to success",
    async holds(lab) {
      const path = `/workspaces/${workspaceId}/experiments`;
      const made = await lab.app("POST", path, { name: "E1" });
      assert.equal(made.status, 201);
      const { id, status } = made.json.results;
      const seen = [status];
      for (
        const [method, step, body] of [
          ["PUT", "launch", {}],
          ["PUT", "force_conclude", {}],
          ["PATCH", "decide", { success: true }],
        ] as const
      ) seen.push((await lab.app(method, `${path}/${id}/${step}`, body)).json.results.status);
      assert.deepEqual(seen, ["draft", "active", "concluded", "success"]);
    },
  },
});

facts("5.12", "pipelines", {
  "5.12-1": {
    says: "a pipeline is made by a form, listed under its project, and unknown ones are 404",
    async holds(lab) {
      const nessie = (method: string, path: string, form?: Record<string, string>) =>
        lab.send(`/api/2.0/nessie/pipeline${path}`, {
          method,
          auth: `${SANDBOX.secret}:`,
          ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
        });
      const made = await nessie("POST", "/create", {
        type: "gcs-raw",
        project_id: String(projectId),
        gcs_bucket: "bucket",
        gcs_region: "us",
        from_date: "2026-11-01",
      });
      assert.equal(made.status, 200, made.text);
      const [name] = made.json.pipeline_names;
      const jobs = (await nessie("GET", `/jobs?project_id=${projectId}`)).json[projectId];
      assert.ok(jobs.some((one: { name: string }) => one.name === name));
      assert.equal((await nessie("POST", "/pause", { name: "none", project_id: String(projectId) })).status, 404);
    },
  },
});
