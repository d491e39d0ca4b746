import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sha256 } from "../../../src/runtime/hash.ts";
import { Lab } from "../lab.ts";

const REDIRECT = "http://127.0.0.1:19284/callback";
const VERIFIER = "a-verifier-that-is-long-enough-for-the-standard-0123456789";

function challengeOf(verifier: string): string {
  const hash = sha256();
  hash.update(verifier);
  return Uint8Array.fromHex(hash.hex()).toBase64({ alphabet: "base64url", omitPadding: true });
}

async function registered(lab: Lab): Promise<string> {
  const { status, json } = await lab.send("/oauth/mcp/register/", {
    method: "POST",
    auth: "",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_name: "test", redirect_uris: [REDIRECT], token_endpoint_auth_method: "none" }),
  });
  assert.equal(status, 201);
  return json.client_id;
}

const wish = (clientId: string, changes: Record<string, string> = {}) =>
  new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: REDIRECT,
    state: "s-1",
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: "S256",
    ...changes,
  });

async function decided(lab: Lab, clientId: string, decision: string, changes: Record<string, string> = {}) {
  const body = wish(clientId, { decision, ...changes });
  const { status, headers } = await lab.send("/oauth/authorize/", { method: "POST", auth: "", body });
  assert.equal(status, 302);
  return new URL(headers.get("location")!);
}

async function traded(lab: Lab, fields: Record<string, string>) {
  const { status, json } = await lab.send("/oauth/token/", {
    method: "POST",
    auth: "",
    body: new URLSearchParams(fields),
  });
  return { status, json };
}

const codeTrade = (clientId: string, code: string, changes: Record<string, string> = {}) => ({
  grant_type: "authorization_code",
  client_id: clientId,
  code,
  redirect_uri: REDIRECT,
  code_verifier: VERIFIER,
  ...changes,
});

describe("the authorization server", () => {
  it("shows a page that says who wants what, and lets nothing of the request become markup", async () => {
    const lab = new Lab();
    const id = await registered(lab);
    const { status, text, headers } = await lab.send(`/oauth/authorize/?${wish(id, { scope: "<b>&'\"" })}`, {
      auth: "",
    });
    assert.equal(status, 200);
    assert.match(headers.get("content-type")!, /^text\/html/);
    assert.match(text, /&lt;b&gt;&amp;&#39;&quot;/);
    assert.doesNotMatch(text, /<b>/);
  });

  it("trades a code for a token that opens the project, and the refresh token for another", async () => {
    const lab = new Lab();
    const id = await registered(lab);
    const back = await decided(lab, id, "allow");
    assert.equal(back.origin + back.pathname, REDIRECT);
    assert.equal(back.searchParams.get("state"), "s-1");
    const first = await traded(lab, codeTrade(id, back.searchParams.get("code")!));
    assert.equal(first.status, 200);
    const opens = async (token: string) => (await lab.query("/events/names", {}, { auth: `Bearer ${token}` })).status;
    assert.equal(await opens(first.json.access_token), 200);
    lab.clock.advance(3_600_000);
    assert.equal(await opens(first.json.access_token), 401);
    const fields = { grant_type: "refresh_token", client_id: id, refresh_token: first.json.refresh_token };
    const second = await traded(lab, fields);
    assert.equal(await opens(second.json.access_token), 200);
    assert.deepEqual([(await traded(lab, fields)).status, (await traded(lab, fields)).json.error], [
      400,
      "invalid_grant",
    ]);
  });

  it("takes a code once, in time, with its verifier and its address", async () => {
    const lab = new Lab();
    const id = await registered(lab);
    const code = async () => (await decided(lab, id, "allow")).searchParams.get("code")!;
    const refused = async (changes: Record<string, string>, text?: string) => {
      const { status, json } = await traded(lab, codeTrade(id, text ?? await code(), changes));
      assert.deepEqual([status, json.error], [400, "invalid_grant"]);
    };
    await refused({ code_verifier: "another" });
    await refused({ redirect_uri: "http://127.0.0.1:1/callback" });
    const used = await code();
    await traded(lab, codeTrade(id, used));
    await refused({}, used);
    const late = await code();
    lab.clock.advance(61_000);
    await refused({}, late);
  });

  it("sends nobody to an address that the client did not register, but for the port of this machine", async () => {
    const lab = new Lab();
    const id = await registered(lab);
    const asked = async (changes: Record<string, string>) =>
      (await lab.send(`/oauth/authorize/?${wish(id, changes)}`, { auth: "" })).status;
    assert.equal(await asked({ redirect_uri: "http://127.0.0.1:5555/callback" }), 200);
    assert.equal(await asked({ redirect_uri: "http://127.0.0.1:5555/other" }), 400);
    assert.equal(await asked({ redirect_uri: "https://evil.example/callback" }), 400);
    assert.equal(await asked({ client_id: "nobody" }), 400);
    assert.equal(await asked({ code_challenge_method: "plain" }), 400);
    assert.equal(await asked({ response_type: "token" }), 400);
  });

  it("tells the program when the person says no", async () => {
    const lab = new Lab();
    const back = await decided(lab, await registered(lab), "deny");
    assert.deepEqual([back.searchParams.get("error"), back.searchParams.get("code")], ["access_denied", null]);
  });

  it("registers no client without an address, or one that wants a secret", async () => {
    const lab = new Lab();
    for (
      const body of [{}, { redirect_uris: ["x"] }, { redirect_uris: [REDIRECT], token_endpoint_auth_method: "basic" }]
    ) {
      const { status } = await lab.send("/oauth/mcp/register", {
        method: "POST",
        auth: "",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      assert.equal(status, 400);
    }
  });
});
