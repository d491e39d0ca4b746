import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab } from "../lab.ts";

const good = {
  grant_type: "client_credentials",
  client_id: SANDBOX.clientId,
  client_secret: SANDBOX.clientSecret,
};

describe("/oauth/token", () => {
  const ask = (lab: Lab, body: string | URLSearchParams, auth = "", path = "/oauth/token") =>
    lab.send(path, { method: "POST", auth, body });

  it("gives a client a token that opens the project until it expires", async () => {
    const lab = new Lab();
    const requests = [
      () => ask(lab, new URLSearchParams(good)),
      () => ask(lab, new URLSearchParams(good), "", "/oauth/token/"),
      () => ask(lab, JSON.stringify(good)),
      () => ask(lab, "grant_type=client_credentials", `${SANDBOX.clientId}:${SANDBOX.clientSecret}`),
    ];
    for (const request of requests) {
      const { json, status, headers } = await request();
      assert.equal(status, 200);
      assert.equal(headers.get("cache-control"), "no-store");
      assert.deepEqual([json.token_type, json.expires_in], ["Bearer", 3600]);
      const names = () => lab.query("/events/names", {}, { auth: `Bearer ${json.access_token}` });
      assert.equal((await names()).status, 200);
      lab.clock.advance(3_600_000);
      assert.equal((await names()).status, 401);
    }
  });

  it("refuses in the words of RFC 6749", async () => {
    const lab = new Lab();
    const refusal = async (changes: Record<string, string>) => {
      const { status, json } = await ask(lab, new URLSearchParams({ ...good, ...changes }));
      return [status, json.error];
    };
    assert.deepEqual(await refusal({ client_secret: "x" }), [401, "invalid_client"]);
    assert.deepEqual(await refusal({ client_id: "x" }), [401, "invalid_client"]);
    assert.deepEqual(await refusal({ grant_type: "password" }), [400, "unsupported_grant_type"]);
    assert.deepEqual(await refusal({ grant_type: "" }), [400, "invalid_request"]);
  });
});
