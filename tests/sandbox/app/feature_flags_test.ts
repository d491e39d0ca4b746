import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AppLab } from "./app_lab.ts";

const PATH = `/projects/${SANDBOX.projectId}/workspaces/${SANDBOX.workspaceId}/feature-flags`;

const variant = (key: string, split: number) => ({ key, value: key, is_control: key === "off", split });
function flagOf(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: "New nav",
    key: "new-nav",
    tags: [],
    context: "distinct_id",
    serving_method: "client",
    status: "enabled",
    ruleset: {
      variants: [variant("on", 1), variant("off", 0)],
      rollout: [{ rollout_percentage: 1, variant_splits: {} }],
    },
    ...changes,
  };
}

describe("feature flags", () => {
  it("are made with 200, with a salt of their own", async () => {
    const lab = new AppLab();
    const { status, json: { results } } = await lab.post(PATH, flagOf({ status: undefined }));
    assert.deepEqual([status, results.status, results.enabled_at], [200, "disabled", null]);
    assert.match(results.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    assert.match(results.hash_salt, /^[0-9a-f]{32}$/);
    assert.deepEqual([results.content_type, results.workspace_id], ["feature-flags", SANDBOX.workspaceId]);
    assert.deepEqual((await lab.get(`${PATH}/${results.id}`)).json.results, results);
  });

  it("are replaced as a whole: what is not sent falls back, but for the salt", async () => {
    const lab = new AppLab();
    const made = (await lab.post(PATH, flagOf({ description: "x", tags: ["a"] }))).json.results;
    const path = `${PATH}/${made.id}`;
    const { results } = (await lab.send("PUT", path, flagOf({ status: undefined }))).json;
    assert.deepEqual([results.description, results.tags, results.status], [null, [], "disabled"]);
    assert.equal(results.hash_salt, made.hash_salt);
    const reset = (await lab.send("PUT", path, flagOf({ reset_hash_salt: true }))).json.results;
    assert.notEqual(reset.hash_salt, made.hash_salt);
    assert.equal((await lab.send("PUT", path, { status: "enabled" })).status, 400);
  });

  it("are listed without those that are archived, unless asked", async () => {
    const lab = new AppLab();
    await lab.post(PATH, flagOf());
    await lab.post(PATH, flagOf({ key: "gone", status: "archived" }));
    const keys = async (query: string) =>
      (await lab.get(PATH + query)).json.results.map(({ key }: { key: string }) => key);
    assert.deepEqual(await keys(""), ["new-nav"]);
    assert.deepEqual(await keys("?include_archived=true"), ["new-nav", "gone"]);
  });

  it("are refused with what the schema does not allow", async () => {
    const lab = new AppLab();
    await lab.post(PATH, flagOf());
    const ruleset = (changes: Record<string, unknown>) =>
      flagOf({ key: "other", ruleset: { ...flagOf().ruleset as object, ...changes } });
    const rollout = (changes: Record<string, unknown>) =>
      ruleset({ rollout: [{ rollout_percentage: 1, variant_splits: {}, ...changes }] });
    const bad = [
      flagOf(),
      flagOf({ key: "other", tags: undefined }),
      flagOf({ key: "other", serving_method: "telepathy" }),
      flagOf({ key: "other", extra: 1 }),
      flagOf({ key: "x".repeat(256) }),
      flagOf({ key: "other", hash_salt: "short" }),
      flagOf({ key: "other", experiment_id: "e0000000-0000-4000-8000-000000000001" }),
      ruleset({ variants: Array.from({ length: 12 }, (_, index) => variant(`v${index}`, 0)) }),
      ruleset({ variants: [variant("on", 1), variant("on", 0)] }),
      ruleset({ variants: [{ key: "on", value: 1, split: 1 }] }),
      ruleset({ variants: [{ ...variant("on", 1), value: "x".repeat(32_769) }] }),
      rollout({ rollout_percentage: 1.1 }),
      rollout({ variant_splits: undefined }),
      rollout({ variant_splits: { nobody: 1 } }),
      rollout({ variant_override: { key: "nobody" } }),
      rollout({ runtime_event_rule: { event_name: "x", time_window: "always" } }),
    ];
    for (const body of bad) {
      const { status, json } = await lab.post(PATH, body);
      assert.deepEqual([status, json.status], [400, "error"], JSON.stringify(body).slice(0, 200));
    }
    assert.equal((await lab.get(PATH)).json.results.length, 1);
  });

  it("need a workspace, and one of the project's", async () => {
    const lab = new AppLab();
    const without = await lab.get(`/projects/${SANDBOX.projectId}/feature-flags`);
    assert.deepEqual([without.status, without.json.error], [400, "Workspace is required"]);
    assert.equal((await lab.get(`/projects/${SANDBOX.projectId}/workspaces/7/feature-flags`)).status, 403);
    const unknown = await lab.get(`${PATH}/nope`);
    assert.deepEqual([unknown.status, unknown.json], [404, {
      status: "error",
      error: "Feature flag not found",
      type: "NotFound",
    }]);
  });

  it("go", async () => {
    const lab = new AppLab();
    const { id } = (await lab.post(PATH, flagOf())).json.results;
    assert.deepEqual((await lab.send("DELETE", `${PATH}/${id}`)).json, { status: "ok", results: { id } });
    assert.equal((await lab.send("DELETE", `${PATH}/${id}`)).status, 404);
  });
});

describe("experiments", () => {
  const EXPERIMENTS = `/workspaces/${SANDBOX.workspaceId}/experiments`;

  it("go through their states in order, and the flags that serve them hear of it", async () => {
    const lab = new AppLab();
    const made = await lab.post(EXPERIMENTS, { name: "Nav", hypothesis: "better" });
    assert.deepEqual([made.status, made.json.results.status], [201, "draft"]);
    const { id } = made.json.results;
    const path = `${EXPERIMENTS}/${id}`;
    await lab.post(PATH, flagOf({ experiment_id: id }));
    const flag = async () => (await lab.get(PATH)).json.results[0].is_experiment_active;
    const act = async (method: string, action: string, body?: unknown) => {
      const { status, json } = await lab.send(method, `${path}/${action}`, body);
      return [status, json.results?.status ?? json.error];
    };
    assert.equal(await flag(), false);
    assert.deepEqual(await act("PATCH", "decide", { success: true }), [
      400,
      "Cannot decide an experiment in status 'draft'",
    ]);
    assert.deepEqual(await act("PUT", "launch"), [200, "active"]);
    assert.equal(await flag(), true);
    assert.equal((await act("PUT", "launch"))[0], 400);
    assert.deepEqual(await act("PUT", "force_conclude", {}), [200, "concluded"]);
    assert.equal(await flag(), false);
    assert.equal((await act("PATCH", "decide", {}))[0], 400);
    assert.deepEqual(await act("PATCH", "decide", { success: false, message: "no" }), [200, "fail"]);
    const { results } = (await lab.get(path)).json;
    assert.deepEqual([results.start_date, results.end_date], ["2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z"]);
    assert.equal(results.feature_flag.key, "new-nav");
    assert.deepEqual(results.results_cache, { message: "no" });
  });

  it("leave the list while they are archived", async () => {
    const lab = new AppLab();
    const { id } = (await lab.post(EXPERIMENTS, { name: "Nav" })).json.results;
    assert.deepEqual((await lab.post(`${EXPERIMENTS}/${id}/archive`, {})).json.results, { id });
    assert.deepEqual((await lab.get(EXPERIMENTS)).json.results, []);
    assert.equal((await lab.get(`${EXPERIMENTS}/${id}`)).json.results.deleted, "2026-11-23T12:00:00Z");
    assert.equal((await lab.send("DELETE", `${EXPERIMENTS}/${id}/archive`)).json.results.deleted, null);
    assert.equal((await lab.get(EXPERIMENTS)).json.results.length, 1);
  });

  it("are refused with bad fields, in other workspaces, and for those who may only read", async () => {
    const lab = new AppLab();
    for (
      const body of [{}, { name: "x".repeat(256) }, { name: "x", description: "x".repeat(401) }, {
        name: "x",
        variants: 3,
      }]
    ) {
      assert.equal((await lab.post(EXPERIMENTS, body)).status, 400);
    }
    assert.equal((await lab.get("/workspaces/7/experiments")).status, 403);
    assert.equal((await lab.get(`${EXPERIMENTS}/nope`)).status, 404);
    lab.store.projects.setRole(1, SANDBOX.projectId, "consumer");
    assert.equal((await lab.post(EXPERIMENTS, { name: "x" })).status, 403);
  });
});

describe("/flags", () => {
  const context = (facts: Record<string, unknown>) => `context=${encodeURIComponent(JSON.stringify(facts))}`;
  const TOKEN = `token=${SANDBOX.token}`;

  it("takes a token in the query string or as user name, a project secret, or a service account with a project", async () => {
    const lab = new AppLab();
    const query = context({ distinct_id: "u-1" });
    const project = `project_id=${SANDBOX.projectId}`;
    for (
      const [path, auth] of [
        [`/flags?${query}&${TOKEN}`, ""],
        [`/flags?${query}`, `${SANDBOX.token}:`],
        [`/flags?${query}`, `${SANDBOX.secret}:`],
        [`/flags?${query}&${project}`, `${SANDBOX.username}:${SANDBOX.serviceSecret}`],
      ]
    ) {
      const { status, json } = await lab.ask(path!, { auth });
      assert.deepEqual([status, json], [200, { code: 200, flags: {} }], auth);
    }
    for (
      const [path, auth] of [[`/flags?${query}&token=nope`, ""], [`/flags?${query}`, "nope:"], [`/flags?${query}`, ""]]
    ) {
      const { status, json } = await lab.ask(path!, { auth });
      assert.deepEqual([status, json.status], [401, "error"], auth);
    }
  });

  it("serves what is enabled, to pages of this machine and of allowed origins", async () => {
    const lab = new AppLab({ allowOrigins: ["https://shop.test"] });
    await lab.post(PATH, flagOf());
    await lab.post(PATH, flagOf({ key: "off", status: "disabled" }));
    const path = `/flags?${TOKEN}&${context({ distinct_id: "u-1" })}`;
    const { json, headers } = await lab.ask(path, { auth: "", headers: { origin: "https://shop.test" } });
    assert.deepEqual(json, {
      code: 200,
      flags: { "new-nav": { variant_key: "on", variant_value: "on", is_qa_tester: false } },
    });
    assert.equal(headers.get("access-control-allow-origin"), "https://shop.test");
    const definitions = await lab.ask(`/flags/definitions?${TOKEN}`, { auth: "" });
    assert.deepEqual(definitions.json.flags.map(({ key }: { key: string }) => key), ["new-nav"]);
    assert.equal(definitions.json.flags[0].hash_salt.length, 32);
  });

  it("looks at members of a saved cohort", async () => {
    const lab = new AppLab();
    lab.store.savedObjects.put(SANDBOX.projectId, "cohort", 5, {
      name: "Pro",
      selector: 'properties["plan"] == "pro"',
    });
    lab.store.profiles.put(SANDBOX.projectId, "", "pro", { plan: "pro" });
    lab.store.profiles.put(SANDBOX.projectId, "", "free", { plan: "free" });
    const rollout = [{ rollout_percentage: 1, variant_splits: {}, cohort_definition: { id: 5 } }];
    await lab.post(PATH, flagOf({ ruleset: { variants: [variant("on", 1)], rollout } }));
    const served = async (id: string) =>
      Object.keys((await lab.ask(`/flags?${TOKEN}&${context({ distinct_id: id })}`, { auth: "" })).json.flags);
    assert.deepEqual([await served("pro"), await served("free"), await served("stranger")], [["new-nav"], [], []]);
  });

  it("refuses a context that is none", async () => {
    const lab = new AppLab();
    for (const query of ["", "context=", "context=x", "context=[]", context({}), context({ distinct_id: 3 })]) {
      const { status, json } = await lab.ask(`/flags?${TOKEN}&${query}`, { auth: "" });
      assert.deepEqual([status, json.status], [400, "error"], query);
    }
  });
});
