import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { NOW_SECONDS } from "../lab.ts";
import { facts } from "./facts.ts";

const PROJECT = `project_id=${SANDBOX.projectId}`;
const TOKEN = `token=${SANDBOX.token}`;
const SECRET = { auth: `${SANDBOX.secret}:` };
const context = (value: unknown) => `context=${encodeURIComponent(JSON.stringify(value))}`;
const UUID = "1f7c1a2e-3b4d-4e6f-8a90-b1c2d3e4f506";

facts("11.2", "identity as SDKs send it", {
  "11.2-1": {
    says: "the browser SDK's $identify joins the device and the user on an original project",
    async holds(lab) {
      const device = `$device:${UUID}`;
      await lab.post("/track", [
        {
          event: "Before",
          properties: { token: SANDBOX.token, distinct_id: device, $device_id: UUID, time: NOW_SECONDS },
        },
        {
          event: "$identify",
          properties: {
            token: SANDBOX.token,
            distinct_id: "user-1",
            $user_id: "user-1",
            $device_id: UUID,
            $anon_distinct_id: device,
            time: NOW_SECONDS,
          },
        },
      ]);
      assert.equal(lab.store.identities.resolve(SANDBOX.projectId, device), "user-1");
    },
  },
  "11.2-2": {
    says: "$anon_id may carry the $device: prefix",
    async holds(lab) {
      const properties = { token: SANDBOX.token, $identified_id: "user-1", $anon_id: `$device:${UUID}` };
      await lab.post("/track", [{ event: "$identify", properties }]);
      assert.equal(lab.store.identities.resolve(SANDBOX.projectId, `$device:${UUID}`), "user-1");
    },
  },
  "11.2-3": {
    says: "base64 of CESU-8, as the browser SDK makes it, has its emoji back",
    async holds(lab) {
      // U+1F600 as its two surrogates, of three bytes each; beside it a real UTF-8 character and one of U+D7xx.
      const cesu = (text: string) =>
        [...text].flatMap((character) =>
          character === "😀" ? [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80] : [...new TextEncoder().encode(character)]
        );
      const event = JSON.stringify({
        event: "Smile 😀",
        properties: { token: SANDBOX.token, distinct_id: "u", note: "é😀퟿😀", time: NOW_SECONDS },
      });
      const data = btoa(String.fromCharCode(...cesu(event)));
      const { text } = await lab.send("/track", { method: "POST", auth: "", body: new URLSearchParams({ data }) });
      assert.equal(text, "1");
      const [{ event: name, properties }] = await lab.exported() as { event: string; properties: { note: string } }[];
      assert.deepEqual([name, properties.note], ["Smile 😀", "é😀퟿😀"]);
    },
  },
});

facts("11.3", "answers that clients read", {
  "11.3-1": {
    says: "/flags and /flags/definitions carry code 200 beside the data",
    async holds(lab) {
      for (const path of [`/flags?${TOKEN}&${context({ distinct_id: "u" })}`, `/flags/definitions?${TOKEN}`]) {
        const { status, json } = await lab.send(path, { auth: "" });
        assert.deepEqual([status, json.code, "flags" in json], [200, 200, true], path);
      }
    },
  },
  "11.3-2": {
    says: "/flags without a distinct_id is refused in the server's words",
    async holds(lab) {
      for (const value of [{}, { distinct_id: 5 }, { distinct_id: "" }]) {
        const { status, json } = await lab.send(`/flags?${TOKEN}&${context(value)}`, { auth: "" });
        assert.deepEqual([status, json.error], [400, "distinct_id must be provided in evalContext as a string"]);
      }
    },
  },
  "11.3-3": {
    says: "old annotations are listed for the project secret and for a service account, with their project_id",
    async holds(lab) {
      const note = { date: "2026-11-01 10:00:00", description: "Release" };
      await lab.send(`/api/app/projects/${SANDBOX.projectId}/annotations`, {
        method: "POST",
        body: JSON.stringify(note),
      });
      const days = "from_date=2026-10-01&to_date=2026-11-30";
      for (const [query, options] of [[days, SECRET], [`${days}&${PROJECT}`, {}]] as const) {
        const { status, json } = await lab.send(`/api/2.0/annotations?${query}`, options);
        assert.equal(status, 200);
        assert.deepEqual(json.annotations, [{ id: json.annotations[0].id, project_id: SANDBOX.projectId, ...note }]);
      }
    },
  },
  "11.3-4": {
    says: "/api/2.0/annotations/create makes one from parameters",
    async holds(lab) {
      const search = new URLSearchParams({ date: "2026-11-02 00:00:00", description: "Old" });
      assert.equal((await lab.send(`/api/2.0/annotations/create?${search}`, SECRET)).json.error, false);
      const { json } = await lab.send(`/api/app/projects/${SANDBOX.projectId}/annotations`);
      assert.equal(json.results[0].description, "Old");
      assert.equal(json.results[0].project_id, SANDBOX.projectId);
    },
  },
  "11.3-8": {
    says: "/api/2.0/annotations/update and /delete change the annotation of an id",
    async holds(lab) {
      const ask = (path: string, parameters: Record<string, string>) =>
        lab.send(`/api/2.0/annotations${path}?${new URLSearchParams(parameters)}`, SECRET);
      const all = async () => (await ask("", {})).json.annotations as { id: number; description: string }[];
      await ask("/create", { date: "2026-11-02 00:00:00", description: "Old" });
      const id = String((await all())[0]!.id);
      const update = await ask("/update", { id, date: "2026-11-03 00:00:00", description: "New" });
      assert.deepEqual([update.status, update.json], [200, { error: false }]);
      const changed = {
        id: Number(id),
        project_id: SANDBOX.projectId,
        date: "2026-11-03 00:00:00",
        description: "New",
      };
      assert.deepEqual(await all(), [changed]);
      assert.deepEqual((await ask("/delete", { id })).json, { error: false });
      assert.deepEqual(await all(), []);
      assert.equal((await ask("/delete", { id })).status, 404);
    },
  },
  "11.3-5": {
    says: "rows of cohorts/list have a data_group_id",
    async holds(lab) {
      lab.store.savedObjects.put(SANDBOX.projectId, "cohort", 1, { name: "All", selector: "true" });
      const { json } = await lab.send(`/api/query/cohorts/list?${PROJECT}`, { method: "POST" });
      assert.equal("data_group_id" in json[0], true);
    },
  },
  "11.3-6": {
    says: "ordinary answers have no RateLimit headers, a 429 has them",
    settings: { quotas: { query: { perHour: 1 } } },
    async holds(lab) {
      const ask = () => lab.query("/events/names", { type: "general" });
      const first = await ask();
      assert.deepEqual([...first.headers.keys()].filter((name) => /rate-?limit|retry/.test(name)), []);
      const refused = await ask();
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.get("ratelimit"), '"project";r=0');
      assert.equal(refused.headers.get("retry-after"), "3600");
    },
  },
  "11.3-7": {
    says: "a refused import speaks of the project's rate limit, not of queries",
    settings: { faults: [{ kind: "rate_limit", path: "/import" }, { kind: "rate_limit", path: "/api/query/*" }] },
    async holds(lab) {
      const imported = await lab.import([]);
      assert.deepEqual([imported.status, imported.json.code], [429, 429]);
      assert.match(imported.json.error, /^Project exceeded rate limits/);
      const query = await lab.query("/events/names", { type: "general" });
      assert.deepEqual([query.status, query.json.error], [429, "Query rate limit exceeded"]);
    },
  },
});

facts("5.0", "paths of the App API", {
  "5.0-1": {
    says: "what belongs to a project is there below its workspaces too",
    async holds(lab) {
      const { projectId, workspaceId } = SANDBOX;
      const note = JSON.stringify({ date: "2026-11-01 10:00:00", description: "Release" });
      const scopes = [
        `/projects/${projectId}`,
        `/workspaces/${workspaceId}`,
        `/projects/${projectId}/workspaces/${workspaceId}`,
      ];
      for (const [index, scope] of scopes.entries()) {
        const made = await lab.send(`/api/app${scope}/annotations`, { method: "POST", body: note });
        assert.equal(made.status, 201, scope);
        assert.equal((await lab.send(`/api/app${scope}/annotations`)).json.results.length, index + 1, scope);
        assert.equal((await lab.send(`/api/app${scope}/experiments`)).status, 200, scope);
      }
      const strangers = [
        "/workspaces/77",
        `/projects/${projectId}/workspaces/77`,
        `/projects/77/workspaces/${workspaceId}`,
      ];
      for (const scope of strangers) {
        assert.equal((await lab.send(`/api/app${scope}/annotations`)).status, 403, scope);
      }
    },
  },
  "5.0-2": {
    says: "feature flags want a workspace",
    async holds(lab) {
      const { status, json } = await lab.send(`/api/app/projects/${SANDBOX.projectId}/feature-flags`);
      assert.deepEqual([status, json.error], [400, "Workspace is required"]);
    },
  },
});

facts("5.13", "OAuth", {
  "5.13-1": {
    says: "the authorization server describes itself to anyone, in both forms of the address",
    async holds(lab) {
      for (const path of ["/oauth-authorization-server/mcp", "/oauth-authorization-server"]) {
        const { status, json } = await lab.send(`/.well-known${path}`, { auth: "" });
        assert.equal(status, 200);
        assert.equal(json.token_endpoint, "http://127.0.0.1/oauth/token/");
        assert.equal(json.registration_endpoint, "http://127.0.0.1/oauth/mcp/register/");
        assert.deepEqual(json.code_challenge_methods_supported, ["S256"]);
        assert.deepEqual(json.token_endpoint_auth_methods_supported, [
          "none",
          "client_secret_basic",
          "client_secret_post",
        ]);
      }
      const { json } = await lab.send("/.well-known/oauth-protected-resource/mcp", { auth: "" });
      assert.deepEqual(json.authorization_servers, ["http://127.0.0.1"]);
    },
  },
});
