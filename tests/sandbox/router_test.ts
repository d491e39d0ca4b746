import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { anyone } from "../../src/sandbox/authentication.ts";
import { type HttpMethod, type SandboxEndpoint, textAnswer } from "../../src/sandbox/endpoint.ts";
import { endpoints } from "../../src/sandbox/endpoints.ts";
import { Router } from "../../src/sandbox/router.ts";
import { appSurface, querySurface } from "../../src/sandbox/surfaces.ts";

function endpoint(path: string, methods: HttpMethod[] = ["GET"], surface = appSurface): SandboxEndpoint {
  return { path, methods, surface, access: anyone, respond: () => textAnswer("") };
}

describe("the router", () => {
  const byId = endpoint("/things/{id}", ["GET", "DELETE"]);
  const spelled = endpoint("/things/add", ["POST", "GET"]);
  const router = new Router([byId, spelled, endpoint("/list/"), endpoint("/top", ["GET"], querySurface)]);

  it("fills the places of a path, decoded", () => {
    const match = router.match("GET", "/api/app/things/a%20b%2Fc");
    assert.deepEqual(match, { kind: "endpoint", endpoint: byId, path: { id: "a b/c" } });
    assert.deepEqual(router.match("GET", "/api/app/things/%zz"), {
      kind: "endpoint",
      endpoint: byId,
      path: { id: "%zz" },
    });
  });

  it("prefers a path that is spelled out, if it takes the method", () => {
    assert.deepEqual(router.match("GET", "/api/app/things/add"), { kind: "endpoint", endpoint: spelled, path: {} });
    assert.deepEqual(router.match("DELETE", "/api/app/things/add"), {
      kind: "endpoint",
      endpoint: byId,
      path: { id: "add" },
    });
  });

  it("answers under every prefix of a surface", () => {
    assert.equal(router.match("GET", "/api/query/top").kind, "endpoint");
    assert.equal(router.match("GET", "/api/2.0/top/").kind, "endpoint");
    assert.equal(router.match("GET", "/top").kind, "unknown");
  });

  it("tells a wrong method, a missing slash and an unknown path apart", () => {
    const wrong = router.match("PUT", "/api/app/things/add");
    assert.equal(wrong.kind, "wrong_method");
    assert.deepEqual(wrong.kind === "wrong_method" && wrong.methods, ["POST", "GET", "GET", "DELETE"]);
    assert.deepEqual(router.match("GET", "/api/app/list"), { kind: "redirect", to: "/api/app/list/" });
    assert.equal(router.match("GET", "/api/app/things/a/b").kind, "unknown");
  });
});

describe("the table of endpoints", () => {
  it("has no method and path twice", () => {
    const lines = endpoints.flatMap(({ methods, path, surface }) =>
      methods.flatMap((method) =>
        surface.prefixes.map((prefix) => `${method} ${prefix}${path.replace(/\{\w+\}/g, "{}")}`)
      )
    );
    assert.deepEqual(lines.filter((line, index) => lines.indexOf(line) !== index), []);
  });
});
