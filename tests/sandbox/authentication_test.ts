import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { Lab, NOW_MS, record } from "./lab.ts";

const ACCOUNT = `${SANDBOX.username}:${SANDBOX.serviceSecret}`;
const QUERY = "/api/query/events/names?type=general";
const PROJECT = `project_id=${SANDBOX.projectId}`;

describe("the query API", () => {
  it("takes a service account, its secret as a bearer token, an OAuth token, a project secret and an api_key", async () => {
    const lab = new Lab();
    const status = async (path: string, auth: string) => (await lab.send(path, { auth })).status;
    assert.equal(await status(`${QUERY}&${PROJECT}`, ACCOUNT), 200);
    assert.equal(await status(`${QUERY}&${PROJECT}`, `Bearer ${SANDBOX.serviceSecret}`), 200);
    assert.equal(await status(`${QUERY}&${PROJECT}`, `Bearer ${SANDBOX.oauthToken}`), 200);
    assert.equal(await status(QUERY, `${SANDBOX.secret}:`), 200);
    assert.equal(await status(`${QUERY}&api_key=${SANDBOX.secret}`, ""), 200);
  });

  it("refuses everyone else in the same words", async () => {
    const lab = new Lab();
    const wrong = ["", "nobody:x", `${SANDBOX.username}:x`, "nothing:", `${SANDBOX.token}:`, "Bearer x"];
    for (const auth of wrong) {
      const reply = await lab.send(`${QUERY}&${PROJECT}`, { auth });
      assert.equal(reply.status, 401, auth);
      assert.equal(reply.json.error, "Unable to authenticate request");
      assert.match(reply.json.request, /^\/api\/query\/events\/names\?/);
    }
  });

  it("needs a project, and one that the account is a member of", async () => {
    const lab = new Lab();
    assert.deepEqual((await lab.send(QUERY)).json.error, "Missing required parameter: project_id");
    for (const id of ["17", "abc", "2000001"]) {
      const reply = await lab.send(`${QUERY}&project_id=${id}`);
      assert.equal(reply.status, 403, id);
    }
    lab.addProject();
    assert.equal((await lab.send(`${QUERY}&project_id=2000001`)).status, 200);
    const other = await lab.send(`${QUERY}&project_id=2000001`, { auth: `${SANDBOX.secret}:` });
    assert.equal(other.json.error, "Credentials in request did not match project_id URL parameter");
  });

  it("takes the project's id from a body before the query string's", async () => {
    const lab = new Lab();
    const body = new URLSearchParams({ project_id: String(SANDBOX.projectId) });
    const reply = await lab.send("/api/query/engage?project_id=17", { method: "POST", body });
    assert.equal(reply.status, 200);
  });

  it("refuses accounts and tokens that have expired", async () => {
    const lab = new Lab();
    const { projects } = lab.store;
    const { organizationId } = SANDBOX;
    projects.addServiceAccount({
      id: 9,
      organizationId,
      username: "old.mp-service-account",
      secret: "old-secret",
      createdMs: 0,
      expiresMs: NOW_MS + 1,
    });
    projects.setRole(9, SANDBOX.projectId, "analyst");
    projects.addOAuthToken({ token: "old", organizationId, userEmail: "a@x.io", scope: "", expiresMs: NOW_MS + 1 });
    for (const auth of ["old.mp-service-account:old-secret", "Bearer old", "Bearer old-secret"]) {
      lab.clock.advance(NOW_MS - lab.clock.now());
      assert.equal((await lab.send(`${QUERY}&${PROJECT}`, { auth })).status, 200, auth);
      lab.clock.advance(1);
      assert.equal((await lab.send(`${QUERY}&${PROJECT}`, { auth })).status, 401, auth);
    }
  });
});

describe("/import", () => {
  const send = (lab: Lab, auth: string, query = `?strict=1&${PROJECT}`) =>
    lab.send(`/import${query}`, { method: "POST", auth, body: JSON.stringify([record()]) });

  it("tells an unknown account, a wrong secret, and a wrong project apart", async () => {
    const lab = new Lab();
    const refusal = async (auth: string, query?: string) => {
      const reply = await send(lab, auth, query);
      return [reply.status, reply.json.error, reply.json.status];
    };
    assert.deepEqual(await refusal("nobody:x"), [401, "Not a valid service account username", "Unauthorized"]);
    assert.deepEqual(await refusal(`${SANDBOX.username}:x`), [
      401,
      "Invalid service account credentials",
      "Unauthorized",
    ]);
    assert.deepEqual(await refusal(ACCOUNT, "?strict=1&project_id=17"), [403, "not a project member", "Forbidden"]);
    assert.deepEqual(await refusal(ACCOUNT, "?strict=1"), [400, "project_id, missing or empty", "Bad Request"]);
    assert.match(String((await refusal("nothing:"))[1]), /^Unauthorized, invalid project secret\. See docs/);
    assert.deepEqual(await refusal(`${SANDBOX.secret}:`, "?project_id=17"), [
      401,
      "Credentials in request did not match project_id URL parameter",
      "Unauthorized",
    ]);
    assert.deepEqual(await refusal(""), [401, "Invalid credentials", "Unauthorized"]);
    assert.equal(lab.store.events.count(SANDBOX.projectId), 0);
  });

  it("is for owners and admins", async () => {
    const lab = new Lab();
    for (const [role, status] of [["owner", 200], ["admin", 200], ["analyst", 403], ["consumer", 403]] as const) {
      lab.store.projects.setRole(1, SANDBOX.projectId, role);
      assert.equal((await send(lab, ACCOUNT)).status, status, role);
    }
  });

  it("takes the secret as an old SDK's api_key, in the query string or in the form", async () => {
    const lab = new Lab();
    assert.equal((await send(lab, "", `?strict=1&api_key=${SANDBOX.secret}`)).json.num_records_imported, 1);
    const body = new URLSearchParams({ data: JSON.stringify([record()]), api_key: SANDBOX.secret });
    assert.equal((await lab.send("/import", { method: "POST", auth: "", body })).text, "1");
    const data = encodeURIComponent(btoa(JSON.stringify(record())));
    assert.equal((await lab.send(`/import?data=${data}&api_key=${SANDBOX.secret}`, { auth: "" })).text, "1");
    assert.equal((await lab.send(`/import?data=${data}&api_key=x`, { auth: "" })).status, 401);
    assert.equal(lab.store.events.count(SANDBOX.projectId), 3);
  });

  it("takes a bearer token", async () => {
    assert.equal((await send(new Lab(), `Bearer ${SANDBOX.oauthToken}`)).status, 200);
  });
});
