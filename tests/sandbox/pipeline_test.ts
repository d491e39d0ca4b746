import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { Lab } from "./lab.ts";

describe("requests that no endpoint answers", () => {
  it("are 404 silently of JSON, whoever sends them", async () => {
    const lab = new Lab();
    for (
      const path of ["/nothing", "/", "/api/query/nothing", "/api/app/nothing", "/api/2.0/events/top/more", "/api"]
    ) {
      for (const auth of [undefined, ""]) {
        const reply = await lab.send(path, { auth });
        assert.equal(reply.status, 404, path);
        assert.throws(() => reply.json, SyntaxError);
      }
    }
  });

  it("are 405 for a method that the path doesn't take", async () => {
    const lab = new Lab();
    const reply = await lab.send("/import", { method: "PUT", body: "{}" });
    assert.deepEqual([reply.status, reply.headers.get("allow")], [405, "GET, POST"]);
    assert.throws(() => reply.json, SyntaxError);
    assert.equal((await lab.send("/api/app/me", { method: "DELETE" })).status, 405);
    assert.equal((await lab.send("/import", { method: "OPTIONS" })).status, 405);
  });

  it("are redirected to the slash where it belongs to the path", async () => {
    const lab = new Lab();
    const path = `/api/app/projects/${SANDBOX.projectId}/data-groups`;
    const reply = await lab.send(`${path}?a=1`);
    assert.deepEqual([reply.status, reply.headers.get("location")], [301, `${path}/?a=1`]);
    assert.equal((await lab.send(`${path}/`)).status, 200);
  });
});

describe("the sandbox", () => {
  it("answers with a 500 when it fails, in the endpoint's own shape", async () => {
    const lab = new Lab();
    lab.store.close();
    const reply = await lab.send("/api/app/me");
    assert.equal(reply.status, 500);
    assert.equal(reply.json.status, "error");
    assert.match(reply.json.error, /^the sandbox failed: /);
  });
});
