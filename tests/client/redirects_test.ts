import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { redirectTarget } from "../../src/client/redirects.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";
import { failure, harness, importRequest, queryRequest, withServer } from "./harness.ts";

const to = (location: string, status = 301) => ({ status, headers: { location } });

describe("redirects", () => {
  for (const status of [301, 307, 308]) {
    it(`with ${status} keep method, body and credentials`, () =>
      withServer(async (server) => {
        const body = { kind: "json" as const, text: '{"name":"x"}' };
        const request = importRequest({ family: "app", path: "/things", query: [], body, projectIn: "none" });
        server.on("POST", "/api/app/things", to("/api/app/things/", status));
        server.on("POST", "/api/app/things/", { json: { status: "ok", results: {} } });
        const answer = await harness(server.url).client.send(request);
        const [first, second] = server.requests;
        assert.equal(second!.text, '{"name":"x"}');
        assert.equal(second!.headers.get("authorization"), first!.headers.get("authorization"));
        assert.equal(second!.headers.get("content-type"), "application/json");
        assert.equal(answer.url, `${server.url}/api/app/things/`);
      }));
  }

  it("with 303 become a GET without a body where something was asked", () =>
    withServer(async (server) => {
      const body = { kind: "json" as const, text: "{}" };
      server.on("POST", "/api/query/jql", to("/result", 303));
      server.on("GET", "/result", { body: "1" });
      await harness(server.url).client.send(queryRequest({ method: "POST", path: "/jql", body, repeatable: true }));
      assert.equal(server.requests[1]!.body.length, 0);
      assert.equal(server.requests[1]!.headers.get("content-type"), null);
    }));

  for (
    const [status, location] of [[301, "/login"], [302, "/import/"], [302, "/elsewhere"], [303, "/import"]] as const
  ) {
    it(`of a change are not followed with ${status} to ${location}`, () =>
      withServer(async (server) => {
        server.on("POST", "/import", to(location, status));
        const error = await failure(harness(server.url).client.send(importRequest()));
        assert.deepEqual([error.code, error.inDoubt, server.requests.length], ["redirect", true, 1]);
        assert.match(error.message, new RegExp(`redirected to .*${location}$`));
      }));
  }

  it("of a change are followed once", () =>
    withServer(async (server) => {
      server.on("POST", "/import", to("/import", 307), 2);
      const error = await failure(harness(server.url).client.send(importRequest()));
      assert.match(error.message, /redirected more than once/);
      assert.deepEqual([error.inDoubt, server.requests.length], [true, 2]);
    }));

  for (
    const [what, request] of [
      ["credentials", queryRequest()],
      ["a token", queryRequest({ auth: [], query: [["token", "tkn"]], projectIn: "none" })],
      ["a body", importRequest({ auth: [], projectIn: "none" })],
      ["a header of credentials", queryRequest({ auth: [], query: [], headers: { Authorization: "Bearer x" } })],
    ] as const
  ) {
    it(`to another host are refused for a request with ${what}`, () =>
      withTwoServers(async (server, other) => {
        const path = request.family === "query" ? "/api/query/segmentation" : "/import";
        server.on(request.method, path, to(`${other.url}/steal`));
        const error = await failure(harness(server.url).client.send(request));
        assert.equal(error.category, "network");
        assert.equal(error.code, "redirect");
        assert.match(error.message, /credentials are not sent to another host$/);
        assert.equal(other.requests.length, 0);
      }));
  }

  it("to another host are followed by a request that carries nothing", () =>
    withTwoServers(async (server, other) => {
      server.on("GET", "/status", to(`${other.url}/status`));
      other.on("GET", "/status", { body: "fine" });
      const request = queryRequest({ family: "root", path: "/status", auth: [], query: [], projectIn: "none" });
      assert.equal(await (await harness(server.url).client.send(request)).text(), "fine");
    }));

  it("end after five", () =>
    withServer(async (server) => {
      server.on("GET", "/api/query/segmentation", to("/api/query/segmentation"), 6);
      const error = await failure(harness(server.url).client.send(queryRequest()));
      assert.match(error.message, /redirected more than 5 times/);
    }));

  it("without a location are an unexpected status", () =>
    withServer(async (server) => {
      server.on("GET", "/api/query/segmentation", { status: 302 });
      const error = await failure(harness(server.url).client.send(queryRequest()));
      assert.equal(error.category, "server");
      assert.match(error.message, /unexpected status 302/);
    }));

  it("lose a user and password in their address, which would replace the request's own", () =>
    withServer(async (server) => {
      const address = new URL("/api/query/segmentation/", server.url);
      address.username = "mallory";
      address.password = "planted";
      server.on("GET", "/api/query/segmentation", to(address.href));
      server.on("GET", "/api/query/segmentation/", { json: {} });
      const answer = await harness(server.url).client.send(queryRequest());
      const [first, second] = server.requests.map(({ headers }) => headers.get("authorization"));
      assert.notEqual(first, null);
      assert.equal(second, first);
      assert.doesNotMatch(answer.url, /mallory|planted/);
    }));

  it("lose them before any word is said about the address", () => {
    const exchange = {
      request: { method: "GET" as const, family: "app" as const, repeatable: true },
      url: new URL("https://mixpanel.com/api/x"),
      connection: { region: "us" as const },
    };
    const answer = { status: 302, headers: new Headers({ location: "https://mallory:planted@mixpanel.com/api/y" }) };
    assert.equal(redirectTarget(exchange, answer, 0, true)?.url.href, "https://mixpanel.com/api/y");
  });

  for (
    const [location, words] of [
      ["http://mixpanel.com/api/x/", /not encrypted/],
      ["https://mixpanel.com:8443/x", /credentials are not sent/],
      ["https://eu.mixpanel.com/x", /credentials are not sent/],
      ["file:///etc/passwd", /not encrypted/],
      ["https://[", /is none/],
    ] as const
  ) {
    it(`from https://mixpanel.com to ${location} are refused`, () => {
      const exchange = {
        request: { method: "GET" as const, family: "app" as const, repeatable: true },
        url: new URL("https://mixpanel.com/api/x"),
        connection: { region: "us" as const },
      };
      const answer = { status: 301, headers: new Headers({ location }) };
      assert.throws(() => redirectTarget(exchange, answer, 0, true), words);
    });
  }
});

async function withTwoServers(test: (server: StubServer, other: StubServer) => Promise<void>): Promise<void> {
  const other = await startStubServer();
  try {
    await withServer((server) => test(server, other));
  } finally {
    await other.finish();
  }
}
