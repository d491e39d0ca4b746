import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { familyUrl, isLoopback, requestUrl } from "../../src/client/hosts.ts";
import type { Family, Region } from "../../src/client/types.ts";

const FAMILIES: Record<Family, [us: string, eu: string, based: string]> = {
  ingestion: ["https://api.mixpanel.com", "https://api-eu.mixpanel.com", ""],
  flags: ["https://api.mixpanel.com", "https://api-eu.mixpanel.com", ""],
  query: ["https://mixpanel.com/api/query", "https://eu.mixpanel.com/api/query", "/api/query"],
  query_old: ["https://mixpanel.com/api/2.0", "https://eu.mixpanel.com/api/2.0", "/api/2.0"],
  export: ["https://data.mixpanel.com/api/2.0", "https://data-eu.mixpanel.com/api/2.0", "/api/2.0"],
  pipelines: [
    "https://data.mixpanel.com/api/2.0/nessie/pipeline",
    "https://data-eu.mixpanel.com/api/2.0/nessie/pipeline",
    "/api/2.0/nessie/pipeline",
  ],
  app: ["https://mixpanel.com/api/app", "https://eu.mixpanel.com/api/app", "/api/app"],
  oauth: ["https://mixpanel.com/oauth", "https://eu.mixpanel.com/oauth", "/oauth"],
  root: ["https://mixpanel.com", "https://eu.mixpanel.com", ""],
};

describe("familyUrl", () => {
  for (const [family, [us, eu, based]] of Object.entries(FAMILIES) as [Family, [string, string, string]][]) {
    it(`finds ${family} in each region and under a base URL`, () => {
      assert.equal(familyUrl(family, { region: "us" }), us);
      assert.equal(familyUrl(family, { region: "eu" }), eu);
      assert.equal(familyUrl(family, { region: "in" }), eu.replace(/([-/])eu\./, "$1in."));
      for (const baseUrl of ["http://127.0.0.1:8080", "http://127.0.0.1:8080/", "https://gate.test/mixpanel/"]) {
        const base = baseUrl.replace(/\/$/, "");
        assert.equal(familyUrl(family, { region: "eu", baseUrl }), base + based);
      }
    });
  }

  for (
    const baseUrl of ["mixpanel.com", "", "ftp://h", "https://user:pa55@h", "https://h?a=b", "https://h#x", "://"]
  ) {
    it(`refuses ${JSON.stringify(baseUrl)} as a base URL`, () => {
      const region: Region = "us";
      assert.throws(() => familyUrl("query", { region, baseUrl }), (error: Error & { category?: string }) => {
        assert.equal(error.category, "input");
        assert.match(error.message, /MP_API_BASE_URL/);
        assert.doesNotMatch(error.message, /pa55/);
        return true;
      });
    });
  }
});

describe("requestUrl", () => {
  const hosts = { region: "us" as const };

  it("encodes every parameter so that no server can misread it", () => {
    const query: [string, string][] = [["where", 'properties["a b"] == "x&y=1+2%"'], ["é", "ü"]];
    const url = requestUrl({ family: "query", path: "/events", query }, hosts, [["project_id", "1"]]);
    assert.equal(url.searchParams.get("where"), 'properties["a b"] == "x&y=1+2%"');
    assert.equal(url.searchParams.get("é"), "ü");
    assert.equal(url.search.includes("+"), false);
    assert.ok(url.search.startsWith("?project_id=1&"));
  });

  it("keeps slashes that are encoded, slashes at the end, and a query in the path", () => {
    const slashed = requestUrl({ family: "app", path: "/schemas/a%2Fb/", query: [] }, hosts);
    assert.equal(slashed.href, "https://mixpanel.com/api/app/schemas/a%2Fb/");
    const queried = requestUrl({ family: "app", path: "/me?x=1", query: [["y", "2"]] }, hosts);
    assert.equal(queried.search, "?x=1&y=2");
  });

  for (const path of ["/projects/../me", "/projects/.", "/a/%2e%2E/b"]) {
    it(`refuses ${path}, which leads elsewhere`, () => {
      assert.throws(() => requestUrl({ family: "app", path, query: [] }, hosts), /cannot stand in a path/);
    });
  }
});

describe("isLoopback", () => {
  for (const host of ["127.0.0.1:8080", "127.1.2.3", "[::1]:80", "localhost", "x.localhost:1"]) {
    it(`is true for ${host}`, () => assert.equal(isLoopback(new URL(`http://${host}`)), true));
  }
  for (const host of ["mixpanel.com", "127.0.0.1.evil.test", "localhost.test", "10.0.0.1", "[::2]"]) {
    it(`is false for ${host}`, () => assert.equal(isLoopback(new URL(`http://${host}`)), false));
  }
});
