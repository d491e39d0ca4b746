import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { failure, harness, queryRequest, withServer } from "./harness.ts";

const CLIENT = { credentials: { clientCredentials: { clientId: "cid", clientSecret: "csecret" } } };
const SEGMENTATION = "/api/query/segmentation";
const token = (text: string, seconds?: number) => ({
  json: { access_token: text, token_type: "Bearer", expires_in: seconds },
});

describe("client credentials", () => {
  it("are traded for a token with a form, and the token is kept", () =>
    withServer(async (server) => {
      server.on("POST", "/oauth/token", token("t1", 3600));
      server.on("GET", SEGMENTATION, { json: {} }, 2);
      const { client, traces } = harness(server.url, CLIENT);
      await client.send(queryRequest());
      await client.send(queryRequest());
      const [first, second, third] = server.requests;
      assert.deepEqual(Object.fromEntries(new URLSearchParams(first!.text)), {
        grant_type: "client_credentials",
        client_id: "cid",
        client_secret: "csecret",
      });
      assert.equal(first!.headers.get("authorization"), null);
      assert.equal(second!.headers.get("authorization"), "Bearer t1");
      assert.equal(third!.headers.get("authorization"), "Bearer t1");
      assert.doesNotMatch(traces.join("\n"), /csecret|t1/);
    }));

  it("are traded again shortly before the token ends", () =>
    withServer(async (server) => {
      server.on("POST", "/oauth/token", token("t1", 3600));
      server.on("POST", "/oauth/token", token("t2", 3600));
      server.on("GET", SEGMENTATION, { json: {} }, 3);
      const { client, clock } = harness(server.url, CLIENT);
      await client.send(queryRequest());
      clock.advance(3_500_000);
      await client.send(queryRequest());
      clock.advance(80_000);
      await client.send(queryRequest());
      const used = server.requests.filter(({ method }) => method === "GET").map(({ headers }) =>
        headers.get("authorization")
      );
      assert.deepEqual(used, ["Bearer t1", "Bearer t1", "Bearer t2"]);
    }));

  it("are traded once for requests at the same time", () =>
    withServer(async (server) => {
      server.on("POST", "/oauth/token", token("t1"));
      server.on("GET", SEGMENTATION, { json: {} }, 4);
      const { client } = harness(server.url, CLIENT);
      await Promise.all([1, 2, 3, 4].map(() => client.send(queryRequest())));
      assert.equal(server.requests.length, 5);
    }));

  it("are traded again when the server refuses the token", () =>
    withServer(async (server) => {
      server.on("POST", "/oauth/token", token("old", 3600));
      server.on("POST", "/oauth/token", token("new", 3600));
      server.on("GET", SEGMENTATION, { status: 401, json: { error: "expired" } });
      server.on("GET", SEGMENTATION, { json: {} });
      await harness(server.url, CLIENT).client.send(queryRequest());
      assert.equal(server.requests.at(-1)!.headers.get("authorization"), "Bearer new");
    }));

  it("are given up when the server refuses the new token as well", () =>
    withServer(async (server) => {
      server.on("POST", "/oauth/token", token("t", 3600), 2);
      server.on("GET", SEGMENTATION, { status: 401, json: { error: "no" } }, 2);
      const error = await failure(harness(server.url, CLIENT).client.send(queryRequest()));
      assert.equal(error.category, "auth");
      assert.match(error.hint!, /MP_CLIENT_ID and MP_CLIENT_SECRET/);
    }));

  it("are sent as JSON where a form is not understood", () =>
    withServer(async (server) => {
      server.on("POST", "/oauth/token", { status: 415, body: "unsupported media type" });
      server.on("POST", "/oauth/token", token("t1"));
      server.on("GET", SEGMENTATION, { json: {} });
      await harness(server.url, CLIENT).client.send(queryRequest());
      const sent = JSON.parse(server.requests[1]!.text);
      assert.deepEqual(sent, { grant_type: "client_credentials", client_id: "cid", client_secret: "csecret" });
    }));

  for (const status of [400, 401]) {
    it(`that are refused with ${status} are said to be, by name and without the secret`, () =>
      withServer(async (server) => {
        const body = { error: "invalid_client", error_description: "Client authentication failed" };
        server.on("POST", "/oauth/token", { status, json: body });
        const error = await failure(harness(server.url, CLIENT).client.send(queryRequest()));
        assert.equal(error.exitCode, 2);
        assert.match(error.message, /OAuth client cid/);
        assert.match(error.hint!, /MP_CLIENT_ID and MP_CLIENT_SECRET/);
        assert.equal(error.serverMessage, "invalid_client: Client authentication failed");
        assert.doesNotMatch(error.message + error.hint, /csecret/);
      }));
  }

  it("with an answer that holds no token are a server's error", () =>
    withServer(async (server) => {
      server.on("POST", "/oauth/token", { body: "<html></html>" });
      const error = await failure(harness(server.url, CLIENT).client.send(queryRequest()));
      assert.equal(error.category, "server");
    }));

  it("never follow a redirect to another host", () =>
    withServer(async (server) => {
      server.on("POST", "/oauth/token", { status: 307, headers: { location: "http://127.0.0.1:1/steal" } });
      const error = await failure(harness(server.url, CLIENT).client.send(queryRequest()));
      assert.equal(error.code, "redirect");
    }));
});
