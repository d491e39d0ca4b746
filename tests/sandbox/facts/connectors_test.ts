import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { sha256 } from "../../../src/runtime/hash.ts";
import type { Lab } from "../lab.ts";
import { facts } from "./facts.ts";

const { projectId } = SANDBOX;
const IMPORTS = `/projects/${projectId}/warehouse-sources/imports`;
const HOUR_NS = 3_600_000_000_000;

const common = { warehouse_source_id: 1, table_params: { table: "t" }, sync_mode: "full_sync" };
/** What each kind of import needs. */
const IMPORT_BODIES: Record<string, Record<string, unknown>> = {
  "event-stream": { ...common, import_type: "event_stream", time_column_name: "time" },
  people: { ...common, import_type: "people", user_column_name: "id" },
  groups: { ...common, import_type: "groups", group_key: "company", group_id_column: "id" },
  "lookup-table": { ...common, import_type: "lookup_table", mixpanel_property: "p", property_key_column_name: "id" },
};
const people = IMPORT_BODIES.people!;

facts("5.11", "warehouse connectors", {
  "5.11-1": {
    says: "each kind of import is made at its own path, and needs its columns",
    async holds(lab) {
      for (const [kind, body] of Object.entries(IMPORT_BODIES)) {
        for (const name of Object.keys(body)) {
          assert.equal(
            (await lab.app("POST", `${IMPORTS}/${kind}`, { ...body, [name]: undefined })).status,
            400,
            `${kind} ${name}`,
          );
        }
        const made = await lab.app("POST", `${IMPORTS}/${kind}`, body);
        assert.equal(made.status, 200, kind);
        assert.equal(made.json.results.import_type, body.import_type);
      }
      assert.equal((await lab.app("GET", IMPORTS)).json.results.length, 4);
    },
  },
  "5.11-2": {
    says: "a lookup table is synchronized whole or once, all others in four ways",
    async holds(lab) {
      const modes = ["time_based", "mirror_mode", "full_sync", "one_time"];
      for (const [kind, body] of Object.entries(IMPORT_BODIES)) {
        for (const sync_mode of modes) {
          const isGood = kind !== "lookup-table" || sync_mode === "full_sync" || sync_mode === "one_time";
          const { status } = await lab.app("POST", `${IMPORTS}/${kind}`, { ...body, sync_mode });
          assert.equal(status, isGood ? 200 : 400, `${kind} ${sync_mode}`);
        }
      }
    },
  },
  "5.11-3": {
    says: "run_every is in nanoseconds: never, an hour, a day, a week",
    async holds(lab) {
      for (
        const [run_every, status] of [[0, 200], [HOUR_NS, 200], [24 * HOUR_NS, 200], [168 * HOUR_NS, 200], [3600, 400]]
      ) {
        assert.equal(
          (await lab.app("POST", `${IMPORTS}/people`, { ...people, run_every })).status,
          status,
          `${run_every}`,
        );
      }
    },
  },
  "5.11-4": {
    says: "a change needs paused and run_every, and a deletion says whether the data goes too",
    async holds(lab) {
      const { id } = (await lab.app("POST", `${IMPORTS}/people`, people)).json.results;
      for (const body of [{ paused: true }, { run_every: 0 }]) {
        assert.equal((await lab.app("PATCH", `${IMPORTS}/${id}`, body)).status, 400);
      }
      const { paused, run_every } =
        (await lab.app("PATCH", `${IMPORTS}/${id}`, { paused: true, run_every: HOUR_NS })).json.results;
      assert.deepEqual([paused, run_every], [true, HOUR_NS]);
      assert.equal((await lab.app("DELETE", `${IMPORTS}/${id}`, { delete_data: false })).status, 200);
      assert.equal((await lab.app("GET", `${IMPORTS}/${id}`)).status, 404);
    },
  },
  "5.11-5": {
    says: "a run that is asked for has an id, and the history the last 30 with their states",
    async holds(lab) {
      const body = { ...people, sync_mode: "one_time" };
      const { id } = (await lab.app("POST", `${IMPORTS}/people`, body)).json.results;
      const history = async () => (await lab.app("GET", `${IMPORTS}/${id}/history`)).json.results.runs;
      const { run_id } = (await lab.app("PUT", `${IMPORTS}/${id}/manual-sync`)).json.results;
      assert.equal(typeof run_id, "string");
      assert.equal((await history())[0].status, "RUNNING");
      lab.clock.advance(60_000);
      const [{ status, start_time, end_time, num_events_imported }] = await history();
      assert.deepEqual([status, typeof num_events_imported], ["SUCCEEDED", "number"]);
      assert.ok(end_time >= start_time);
      for (let n = 0; n < 35; n++) await lab.app("PUT", `${IMPORTS}/${id}/manual-sync`);
      assert.equal((await history()).length, 30);
    },
  },
});

const nessie = (lab: Lab, method: string, path: string, form?: Record<string, string>) =>
  lab.send(`/api/2.0/nessie/pipeline${path}`, {
    method,
    auth: `${SANDBOX.secret}:`,
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  });
const GCS = { type: "gcs-raw", gcs_bucket: "b", gcs_region: "us", from_date: "2026-11-01" };

facts("5.12", "pipelines, further", {
  "5.12-2": {
    says: "there are two recurring event pipelines and one with an end for a project",
    async holds(lab) {
      const s3 = { type: "s3-raw", s3_bucket: "b", s3_region: "us", s3_role: "r", from_date: "2026-11-01" };
      const once = { to_date: "2026-11-05", frequency: "hourly" };
      const statuses = [];
      for (const form of [GCS, s3, { ...GCS, frequency: "hourly" }, { ...GCS, ...once }, { ...s3, ...once }]) {
        statuses.push((await nessie(lab, "POST", "/create", form)).status);
      }
      assert.deepEqual(statuses, [200, 200, 400, 200, 400]);
    },
  },
  "5.12-3": {
    says: "a pipeline is paused, resumed, edited and cancelled by its name, and is gone then",
    async holds(lab) {
      const [name] = (await nessie(lab, "POST", "/create", GCS)).json.pipeline_names;
      for (const step of ["/pause", "/resume", "/edit", "/cancel"]) {
        const form = { name, project_id: String(projectId), ...(step === "/edit" && { where: "true" }) };
        assert.equal((await nessie(lab, "POST", step, form)).status, 200, step);
      }
      assert.equal((await nessie(lab, "POST", "/resume", { name })).status, 404);
      assert.deepEqual((await nessie(lab, "GET", `/jobs?project_id=${projectId}`)).json, { [projectId]: [] });
    },
  },
  "5.12-4": {
    says: "the status has lists by state, the timeline days with their syncs",
    async holds(lab) {
      const [name] = (await nessie(lab, "POST", "/create", GCS)).json.pipeline_names;
      const status = (await nessie(lab, "GET", `/status?name=${name}`)).json;
      for (const state of ["canceled", "retried", "succeeded"]) assert.ok(Array.isArray(status[state]), state);
      const { day_syncs } = (await nessie(lab, "GET", `/timeline?name=${name}`)).json;
      assert.deepEqual(Object.keys(day_syncs[0]).sort(), ["date", "status", "sync_times"]);
    },
  },
  "5.12-5": {
    says: "jobs have name, Dispatcher, last_dispatched, frequency and sync_enabled",
    async holds(lab) {
      await nessie(lab, "POST", "/create", GCS);
      const [job] = (await nessie(lab, "GET", `/jobs?project_id=${projectId}`)).json[projectId];
      const fields = ["Dispatcher", "frequency", "last_dispatched", "name", "sync_enabled"];
      assert.deepEqual(Object.keys(job).sort(), fields);
    },
  },
});

const REDIRECT = "http://127.0.0.1:19284/callback";
const VERIFIER = "a-verifier-that-is-long-enough-for-the-standard-0123456789";

function challenge(): string {
  const hash = sha256();
  hash.update(VERIFIER);
  return Uint8Array.fromHex(hash.hex()).toBase64({ alphabet: "base64url", omitPadding: true });
}

const oauth = (lab: Lab, path: string, fields: Record<string, string>) =>
  lab.send(`/oauth${path}`, { method: "POST", auth: "", body: new URLSearchParams(fields) });

async function register(lab: Lab): Promise<string> {
  const { status, json } = await lab.send("/oauth/mcp/register/", {
    method: "POST",
    auth: "",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_name: "t",
      redirect_uris: [REDIRECT],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    }),
  });
  assert.equal(status, 201);
  return json.client_id;
}

async function allowed(lab: Lab, client_id: string, changes: Record<string, string> = {}) {
  const wish = {
    response_type: "code",
    client_id,
    redirect_uri: REDIRECT,
    state: "s-1",
    code_challenge: challenge(),
    code_challenge_method: "S256",
    decision: "allow",
    ...changes,
  };
  return await oauth(lab, "/authorize/", wish);
}

facts("5.13", "OAuth, further", {
  "5.13-2": {
    says: "a program registers itself, sends its user to be asked, and trades the code with its verifier for a token",
    async holds(lab) {
      const client_id = await register(lab);
      const target = new URL((await allowed(lab, client_id)).headers.get("location")!);
      assert.equal(target.searchParams.get("state"), "s-1");
      const trade = {
        grant_type: "authorization_code",
        client_id,
        code: target.searchParams.get("code")!,
        redirect_uri: REDIRECT,
        code_verifier: VERIFIER,
      };
      const { json } = await oauth(lab, "/token/", trade);
      assert.equal((await lab.app("GET", "/me", undefined, { auth: `Bearer ${json.access_token}` })).status, 200);
      const next = { grant_type: "refresh_token", client_id, refresh_token: json.refresh_token };
      assert.equal((await oauth(lab, "/token/", next)).status, 200);
    },
  },
  "5.13-3": {
    says: "a refresh token that is worth nothing is invalid_grant",
    async holds(lab) {
      const client_id = await register(lab);
      const { status, json } = await oauth(lab, "/token/", {
        grant_type: "refresh_token",
        client_id,
        refresh_token: "x",
      });
      assert.ok(status === 400 || status === 401);
      assert.equal(json.error, "invalid_grant");
    },
  },
  "5.13-4": {
    says: "on this machine the address to come back to may have any port",
    async holds(lab) {
      const client_id = await register(lab);
      const other = await allowed(lab, client_id, { redirect_uri: "http://127.0.0.1:5555/callback" });
      assert.match(other.headers.get("location")!, /^http:\/\/127\.0\.0\.1:5555\/callback\?/);
      const elsewhere = await allowed(lab, client_id, { redirect_uri: "https://evil.test/callback" });
      assert.equal(elsewhere.status, 400);
    },
  },
  "5.13-5": {
    says: "the scopes that are needed are offered",
    async holds(lab) {
      const needed =
        "projects analysis events insights segmentation retention data:read funnels flows data_definitions";
      const optional = "dashboard_reports bookmarks user_details business_context";
      const { scopes_supported } = (await lab.send("/.well-known/oauth-authorization-server/mcp", { auth: "" })).json;
      for (const scope of `${needed} ${optional}`.split(" ")) assert.ok(scopes_supported.includes(scope), scope);
    },
  },
  "5.13-6": {
    says: "a client with a secret gives it as Basic or in the form",
    async holds(lab) {
      const { clientId, clientSecret } = SANDBOX;
      const grant = { grant_type: "client_credentials" };
      const basic = await lab.send("/oauth/token/", {
        method: "POST",
        auth: `${clientId}:${clientSecret}`,
        body: new URLSearchParams(grant),
      });
      const posted = await oauth(lab, "/token/", { ...grant, client_id: clientId, client_secret: clientSecret });
      for (const { status, json } of [basic, posted]) {
        assert.deepEqual([status, typeof json.access_token], [200, "string"]);
      }
    },
  },
});
