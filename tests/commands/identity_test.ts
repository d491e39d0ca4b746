import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openProgramLab()));
after(() => lab.stop());

const UUID = "6f1c3a52-8d0e-4b7a-9c55-1f2e3d4c5b6a";
const resolve = (id: string) => lab.store.identities.resolve(SANDBOX.projectId, id);
const dataOf = (text: string) => JSON.parse(new URLSearchParams(text).get("data") ?? "");

describe("identity identify", () => {
  it("sends a form with one event, and joins the ids", async () => {
    const { method, path, query, headers, text, stdout, stderr } = await lab.sends([
      "identity",
      "identify",
      "u-1",
      UUID,
    ]);
    assert.deepEqual([method, path, query], ["POST", "/track", { verbose: "1" }]);
    assert.match(headers.get("content-type") ?? "", /^application\/x-www-form-urlencoded/);
    assert.deepEqual(dataOf(text), {
      event: "$identify",
      properties: { token: SANDBOX.token, $identified_id: "u-1", $anon_id: UUID },
    });
    assert.deepEqual([stdout, stderr], ["", `Said that ${UUID} is u-1\n`]);
    assert.equal(resolve(UUID), "u-1");
  });

  it("refuses an anonymous id that Mixpanel would join to nobody, unless it is told to send it", async () => {
    const refused = await lab.mp(["identity", "identify", "u-1", "visitor-7"]);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /"visitor-7": it is not a UUID of version 4.*\nhint: 'mp identity merge'.*--no-check/);
    const { text, stdout } = await lab.sends(
      ["identity", "identify", "u-1", "visitor-7", "--no-check", "--strict", "-f", "json"],
    );
    assert.equal(new URLSearchParams(text).get("strict"), "1");
    assert.deepEqual(JSON.parse(stdout), { error: null, status: 1 });
    assert.equal(resolve("visitor-7"), "visitor-7");
  });
});

describe("identity alias", () => {
  it("lets a profile be found by its alias", async () => {
    await lab.mp(["profiles", "set", "u-2", "plan=pro"]);
    const { path, text } = await lab.sends(["identity", "alias", "u-2", "ada@example.com"]);
    assert.equal(path, "/track");
    assert.deepEqual(dataOf(text), {
      event: "$create_alias",
      properties: { token: SANDBOX.token, distinct_id: "u-2", alias: "ada@example.com" },
    });
    const { stdout } = await lab.mp(["profiles", "get", "ada@example.com", "--jq", '.results[0] | .["$distinct_id"]']);
    assert.equal(stdout, "u-2\n");
  });

  it("is no alias of itself", async () => {
    assert.equal((await lab.mp(["identity", "alias", "u-2", "u-2"])).code, 3);
  });
});

describe("identity merge", () => {
  it("asks, because it cannot be undone", async () => {
    const { code, stderr } = await lab.mp(["identity", "merge", "a", "b"]);
    assert.equal(code, 3);
    assert.match(stderr, /Merge b into a\? This cannot be undone/);
    assert.equal(resolve("b"), "b");
  });

  it("sends a pair for each further id, with the credentials of an import", async () => {
    const { method, path, query, headers, text, stderr } = await lab.sends(
      ["identity", "merge", "a", "b", "c", "b", "--yes"],
    );
    assert.deepEqual([method, path], ["POST", "/import"]);
    assert.deepEqual(query, { project_id: String(SANDBOX.projectId), strict: "1" });
    assert.match(headers.get("authorization") ?? "", /^Basic /);
    const event = (ids: string[]) => ({ event: "$merge", properties: { $distinct_ids: ids, token: SANDBOX.token } });
    assert.deepEqual(JSON.parse(text), [event(["a", "b"]), event(["a", "c"])]);
    assert.equal(stderr, "Merged b, c into a\n");
    assert.deepEqual(["b", "c"].map(resolve), ["a", "a"]);
  });

  it("leaves the token out when there is none", async () => {
    const { text } = await lab.sends(["identity", "merge", "d", "e", "--yes"], { env: { MP_TOKEN: "" } });
    assert.deepEqual(JSON.parse(text), [{ event: "$merge", properties: { $distinct_ids: ["d", "e"] } }]);
    assert.equal(resolve("e"), "d");
  });

  it("takes two different ids at least", async () => {
    for (const ids of [["a"], ["a", "a"]]) {
      const { code, stderr } = await lab.mp(["identity", "merge", ...ids, "--yes"]);
      assert.equal(code, 3);
      assert.match(stderr, /Cannot merge one id/);
    }
  });

  it("says why a project with the simplified ID merge refuses it", async () => {
    lab.store.projects.addProject({
      id: 2_000_001,
      organizationId: SANDBOX.organizationId,
      workspaceId: 2_000_002,
      name: "Simplified",
      token: "simplified-token",
      secret: "simplified-secret",
      timeZone: "UTC",
      storesLocalTime: false,
      identity: "simplified",
      createdMs: 0,
    });
    lab.store.projects.setRole(1, 2_000_001, "owner");
    const { code, stderr } = await lab.mp(["identity", "merge", "a", "b", "--yes", "--project", "2000001"]);
    assert.equal(code, 3);
    assert.match(stderr, /identity events are not allowed when project is using simplified identity management/);
  });
});
