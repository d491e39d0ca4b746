import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab, NOW_SECONDS, record } from "../lab.ts";
import { facts } from "./facts.ts";

const { projectId, workspaceId, organizationId, token } = SANDBOX;
const P = `/projects/${projectId}`;
const ACCOUNTS = `/organizations/${organizationId}/service-accounts`;
const BEARER = { auth: `Bearer ${SANDBOX.oauthToken}` };

const retrieve = (lab: Lab, body: Record<string, unknown>, options = BEARER) =>
  lab.app("POST", `/data-retrievals/v3.0/?token=${token}`, { distinct_ids: ["u"], ...body }, options);

facts("5.0", "the App API, further", {
  "5.0-3": {
    says: "some answers are without the envelope: tags of annotations, one service account, one schema",
    async holds(lab) {
      const { json: tag } = await lab.app("POST", `${P}/annotations/tags`, { name: "release" });
      assert.deepEqual((await lab.app("GET", `${P}/annotations/tags`)).json, [tag]);
      assert.deepEqual(Object.keys(tag).sort(), ["has_annotations", "id", "name", "project_id"]);
      assert.equal((await lab.app("GET", `${ACCOUNTS}/1`)).json.username, SANDBOX.username);
      await lab.app("POST", `${P}/schemas/event/Signup`, { description: "x" });
      assert.equal((await lab.app("GET", `${P}/schemas/event/Signup`)).json.description, "x");
    },
  },
  "5.0-4": {
    says: "the workspace to take is global, and has the name All Project Data",
    async holds(lab) {
      for (const path of [`${P}/workspaces`, `${P}/workspaces/public`]) {
        const [{ id, name, is_global, is_default }] = (await lab.app("GET", path)).json.results;
        assert.deepEqual([id, name, is_global, is_default], [workspaceId, "All Project Data", true, true], path);
      }
    },
  },
  "5.1-3": {
    says: "a project that one is not in is not in the map",
    async holds(lab) {
      const { json } = await lab.app("GET", "/me", undefined, { auth: lab.addAccount() });
      assert.deepEqual([json.status, json.results.projects], ["ok", {}]);
    },
  },
});

facts("5.2", "annotations, further", {
  "5.2-3": {
    says: "an annotation has date, description, user and tags, and tags choose",
    async holds(lab) {
      const { json: { id: tag } } = await lab.app("POST", `${P}/annotations/tags`, { name: "release" });
      const note = { date: "2026-08-01 10:00:00", description: "Release", tags: [tag] };
      const { user, tags, date, description } = (await lab.app("POST", `${P}/annotations`, note)).json.results;
      assert.deepEqual([date, description, tags], [note.date, note.description, [{ id: tag, name: "release" }]]);
      assert.deepEqual(Object.keys(user).sort(), ["first_name", "id", "last_name"]);
      await lab.app("POST", `${P}/annotations`, { ...note, tags: [], description: "Other" });
      assert.equal((await lab.app("GET", `${P}/annotations?tags=${tag}`)).json.results.length, 1);
      assert.equal((await lab.app("GET", `${P}/annotations/tags`)).json[0].has_annotations, true);
    },
  },
  "5.2-4": {
    says: "an analyst or more may write",
    async holds(lab) {
      const note = { date: "2026-08-01 10:00:00", description: "Release" };
      for (const [role, status] of [["consumer", 403], ["analyst", 201], ["admin", 201]] as const) {
        const made = await lab.app("POST", `${P}/annotations`, note, { auth: lab.addAccount(role) });
        assert.equal(made.status, status, role);
      }
    },
  },
});

facts("5.3", "Lexicon schemas, further", {
  "5.3-3": {
    says: "metadata that is left out is kept, and null removes it",
    async holds(lab) {
      const metadata = (fields: unknown) => ({ metadata: { "com.mixpanel": fields } });
      const set = (fields: unknown) => lab.app("POST", `${P}/schemas/event/Signup`, metadata(fields));
      await set({ displayName: "Sign-up", hidden: true });
      await set({ hidden: null, tags: ["core"] });
      const { json } = await lab.app("GET", `${P}/schemas/event/Signup`);
      assert.deepEqual(json.metadata["com.mixpanel"], { displayName: "Sign-up", tags: ["core"] });
    },
  },
  "5.3-4": {
    says: "the schema of users has the name $user, and entity_name chooses in a list",
    async holds(lab) {
      const entries = ["$user", "company"].map((name) => ({ entityType: "profile", name, schemaJson: {} }));
      await lab.app("POST", `${P}/schemas`, { entries });
      const { json } = await lab.app("GET", `${P}/schemas/profile?entity_name=$user`);
      assert.deepEqual(json.results.map(({ entityType, name }: Record<string, string>) => [entityType, name]), [
        ["profile", "$user"],
      ]);
    },
  },
  "5.3-5": {
    says: "a deletion by type and one of all say how many there were",
    async holds(lab) {
      const entry = (entityType: string, name: string) => ({ entityType, name, schemaJson: {} });
      const entries = [entry("event", "A"), entry("event", "B"), entry("profile", "$user")];
      await lab.app("POST", `${P}/schemas`, { entries });
      assert.deepEqual((await lab.app("DELETE", `${P}/schemas/event`)).json.results, { delete_count: 2 });
      assert.deepEqual((await lab.app("DELETE", `${P}/schemas`)).json.results, { delete_count: 1 });
    },
  },
});

facts("5.4", "service accounts, further", {
  "5.4-2": {
    says: "an account is added to a project and removed from it, and deleted",
    async holds(lab) {
      const { id } = (await lab.app("POST", ACCOUNTS, { username: "bot" })).json.results;
      const members = async () =>
        (await lab.app("GET", `${P}/service-accounts`)).json.results.filter((one: { id: number }) => one.id === id);
      assert.deepEqual(await members(), []);
      const added = { projects: [{ id: projectId, role: "consumer" }], service_account_ids: [id] };
      assert.deepEqual((await lab.app("POST", `${ACCOUNTS}/add-to-project`, added)).json, { status: "ok" });
      const [{ role, role_order, target_type, email, hasSensitiveAccess }] = await members();
      assert.deepEqual([role, typeof role_order, typeof target_type, typeof email, hasSensitiveAccess], [
        "consumer",
        "number",
        "string",
        "string",
        false,
      ]);
      const removed = { projects: [{ id: projectId, service_account_ids: [id] }] };
      assert.deepEqual((await lab.app("POST", `${ACCOUNTS}/remove-from-project`, removed)).json, { status: "ok" });
      assert.deepEqual(await members(), []);
      assert.equal((await lab.app("DELETE", `${ACCOUNTS}/${id}`)).status, 200);
      assert.equal((await lab.app("GET", `${ACCOUNTS}/${id}`)).status, 404);
    },
  },
  "5.4-3": {
    says: "the fields are those that are published, and roles those four",
    async holds(lab) {
      const [account] = (await lab.app("GET", ACCOUNTS)).json.results;
      const fields = ["id", "username", "last_used", "expires", "creator", "created", "user"];
      assert.deepEqual(Object.keys(account).sort(), fields.toSorted());
      for (const role of ["owner", "admin", "analyst", "consumer", "king"]) {
        const body = { username: "bot", projects: [{ id: projectId, role }] };
        assert.equal((await lab.app("POST", ACCOUNTS, body)).status, role === "king" ? 400 : 201, role);
      }
    },
  },
});

facts("5.5", "GDPR, further", {
  "5.5-3": {
    says: "a service account is not enough, and neither is no token",
    async holds(lab) {
      assert.equal((await retrieve(lab, {}, { auth: `${SANDBOX.username}:${SANDBOX.serviceSecret}` })).status, 401);
      assert.equal((await lab.app("POST", "/data-retrievals/v3.0/", { distinct_ids: ["u"] }, BEARER)).status, 400);
    },
  },
  "5.5-4": {
    says: "the default is GDPR, and what is disclosed is chosen for retrievals under CCPA",
    async holds(lab) {
      for (const type of ["GDPR", "CCPA"]) assert.equal((await retrieve(lab, { compliance_type: type })).status, 201);
      for (const disclosure_type of ["Data", "Categories", "Sources"]) {
        assert.equal((await retrieve(lab, { compliance_type: "CCPA", disclosure_type })).status, 201);
      }
      assert.equal((await retrieve(lab, { compliance_type: "CCPA", disclosure_type: "All" })).status, 400);
      assert.equal((await retrieve(lab, { compliance_type: "PIPA" })).status, 400);
    },
  },
  "5.5-5": {
    says: "a retrieval that is done has a link to the data, in result and destination_url alike",
    settings: { gdprStageMs: 1000 },
    async holds(lab) {
      lab.load([record({ distinct_id: "u", time: NOW_SECONDS - 60 })]);
      const { task_id } = (await retrieve(lab, {})).json.results;
      const status = async () =>
        (await lab.app("GET", `/data-retrievals/v3.0/${task_id}?token=${token}`, undefined, BEARER)).json.results;
      const pending = await status();
      assert.deepEqual([pending.status, pending.destination_url, pending.distinct_ids], ["PENDING", null, ["u"]]);
      lab.clock.advance(4000);
      const done = await status();
      assert.equal(done.status, "SUCCESS");
      for (const name of ["result", "results"]) assert.equal(done[name], done.destination_url, name);
      const { pathname } = new URL(done.destination_url);
      assert.match((await lab.send(pathname, { auth: "" })).text, /"Signup"/);
    },
  },
  "5.5-6": {
    says: "an id that is unknown has the status NOT_FOUND",
    async holds(lab) {
      for (const kind of ["data-retrievals", "data-deletions"]) {
        const { json } = await lab.app("GET", `/${kind}/v3.0/17?token=${token}`, undefined, BEARER);
        assert.equal(json.results.status, "NOT_FOUND", kind);
      }
    },
  },
  "5.5-7": {
    says: "a new task may be answered by a list, as the prose has it",
    settings: { gdprListAnswers: true },
    async holds(lab) {
      const { status, json } = await retrieve(lab, { compliance_type: "CCPA" });
      assert.equal(status, 201);
      const [{ status: state, tracking_id, project_id, distinct_id_count, destination_url }] = json;
      assert.deepEqual([state, project_id, distinct_id_count, destination_url], ["PENDING", projectId, 1, null]);
      assert.match(tracking_id, /^\d{19}$/);
    },
  },
});

facts("5.7", "feature flags, further", {
  "5.7-2": {
    says: "archived flags are listed when they are asked for, and a flag has at most ten variants and a control",
    async holds(lab) {
      const path = `${P}/workspaces/${workspaceId}/feature-flags`;
      const variants = (count: number) =>
        Array.from({ length: count }, (_, n) => ({ key: `v${n}`, value: n, is_control: n === 0, split: 1 / count }));
      const flag = (count: number, key = "f") => ({
        name: "F",
        key,
        tags: [],
        context: "distinct_id",
        serving_method: "client",
        ruleset: { variants: variants(count), rollout: [] },
      });
      assert.equal((await lab.app("POST", path, flag(12))).status, 400);
      const { id } = (await lab.app("POST", path, flag(11))).json.results;
      await lab.app("POST", `${path}/${id}/archive/`);
      assert.deepEqual((await lab.app("GET", path)).json.results, []);
      assert.equal((await lab.app("GET", `${path}?include_archived=true`)).json.results.length, 1);
      assert.equal((await lab.app("DELETE", `${path}/${id}/archive/`)).status, 200);
      assert.equal((await lab.app("GET", path)).json.results.length, 1);
    },
  },
  "5.7-3": {
    says: "name, key, tags, context, serving_method and ruleset are required, and a key is at most 255 long",
    async holds(lab) {
      const path = `${P}/workspaces/${workspaceId}/feature-flags`;
      const whole: Record<string, unknown> = {
        name: "F",
        key: "k".repeat(255),
        tags: [],
        context: "distinct_id",
        serving_method: "remote_or_local",
        ruleset: { variants: [], rollout: [] },
      };
      for (const name of Object.keys(whole)) {
        const { status, json } = await lab.app("POST", path, { ...whole, [name]: undefined });
        assert.deepEqual([status, json.status], [400, "error"], name);
      }
      assert.equal((await lab.app("POST", path, { ...whole, key: "k".repeat(256) })).status, 400);
      assert.equal((await lab.app("POST", path, { ...whole, serving_method: "both" })).status, 400);
      assert.equal((await lab.app("POST", path, whole)).status, 200);
    },
  },
});

facts("5.8", "experiments, further", {
  "5.8-2": {
    says: "a name has at most 255 characters, a description at most 400",
    async holds(lab) {
      const path = `/workspaces/${workspaceId}/experiments`;
      const make = (name: number, description: number) =>
        lab.app("POST", path, { name: "n".repeat(name), description: "d".repeat(description) });
      assert.equal((await make(255, 400)).status, 201);
      assert.equal((await make(256, 1)).status, 400);
      assert.equal((await make(1, 401)).status, 400);
    },
  },
  "5.8-3": {
    says: "an experiment is changed, archived and brought back, fails, and is deleted",
    async holds(lab) {
      const path = `/workspaces/${workspaceId}/experiments`;
      const { id } = (await lab.app("POST", path, { name: "E" })).json.results;
      const one = `${path}/${id}`;
      assert.equal((await lab.app("PATCH", one, { hypothesis: "h" })).json.results.hypothesis, "h");
      assert.equal((await lab.app("POST", `${one}/archive`)).status < 300, true);
      assert.equal((await lab.app("DELETE", `${one}/archive`)).status < 300, true);
      await lab.app("PUT", `${one}/launch`, {});
      const end_date = "2026-11-30T00:00:00Z";
      await lab.app("PUT", `${one}/force_conclude`, { end_date });
      assert.equal((await lab.app("PATCH", `${one}/decide`, {})).status, 400);
      assert.equal((await lab.app("PATCH", `${one}/decide`, { success: false })).json.results.status, "fail");
      assert.ok((await lab.app("DELETE", one)).status < 300);
      assert.equal((await lab.app("GET", one)).status, 404);
    },
  },
});
