import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { Lab, type LabRequest } from "./lab.ts";

const PROJECT = `project_id=${SANDBOX.projectId}`;
/** What only a secret opens: path, and how it is asked. */
const SECRET: [path: string, init?: LabRequest][] = [
  [`/api/query/events/names?${PROJECT}`],
  [`/api/2.0/export?${PROJECT}&from_date=2026-11-01&to_date=2026-11-02`],
  ["/api/app/me"],
  [`/import?${PROJECT}`, { method: "POST", body: "[]" }],
  [`/api/query/events/names?api_key=${SANDBOX.secret}`, { auth: "" }],
  ["/sandbox/state", { auth: "" }],
  ["/sandbox/faults", { method: "DELETE", auth: "" }],
  ["/oauth/token", { method: "POST", auth: "", body: "grant_type=client_credentials" }],
];
const EVENT = JSON.stringify([{ event: "E", properties: { token: SANDBOX.token, distinct_id: "u" } }]);

describe("names under which the sandbox is asked", () => {
  it("are those of this machine, for every path", async () => {
    const lab = new Lab();
    for (const path of ["/track", "/api/app/me", "/sandbox/state", "/nothing", "/"]) {
      for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8787", "192.168.1.5"]) {
        const { status, text } = await lab.send(path, { headers: { host } });
        assert.equal(status, 403, `${path} as ${host}`);
        assert.match(text, /127\.0\.0\.1 or localhost only/);
      }
      for (const host of ["localhost:8787", "127.0.0.1", "[::1]:1", "api.localhost"]) {
        assert.notEqual((await lab.send(path, { headers: { host } })).status, 403, `${path} as ${host}`);
      }
    }
    assert.deepEqual(await lab.exported(), []);
  });

  it("may be more when the sandbox is told so", async () => {
    const lab = new Lab({ hosts: ["api.mixpanel.com"] });
    assert.equal((await lab.send("/api/app/me", { headers: { host: "api.mixpanel.com:443" } })).status, 200);
    assert.equal((await lab.send("/api/app/me", { headers: { host: "mixpanel.com" } })).status, 403);
  });
});

describe("what needs a secret", () => {
  it("is not for pages, from whatever site they are", async () => {
    const lab = new Lab();
    const pages: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "http://localhost:3000" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", referer: "http://localhost:3000/a" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    ];
    for (const [path, init] of SECRET) {
      for (const headers of pages) {
        const { status, headers: answered } = await lab.send(path, { ...init, headers });
        assert.equal(status, 403, `${path} ${JSON.stringify(headers)}`);
        assert.equal(answered.get("access-control-allow-origin"), null);
      }
      // A program says nothing of all that, and the sandbox's own page is of its own origin.
      const own: Record<string, string>[] = [{}, { origin: "http://127.0.0.1" }, { "sec-fetch-site": "same-origin" }];
      for (const headers of own) {
        assert.notEqual((await lab.send(path, { ...init, headers })).status, 403, path);
      }
    }
  });

  it("gets no preflight through, whoever is allowed", async () => {
    const lab = new Lab({ allowOrigins: ["*"] });
    for (const [path] of SECRET) {
      const { status, headers } = await lab.send(path, { method: "OPTIONS", headers: { origin: "http://localhost" } });
      assert.equal(headers.get("access-control-allow-origin"), null, path);
      assert.ok(status >= 400, path);
    }
  });

  it("commands the sandbox only by what a simple request cannot say", async () => {
    const lab = new Lab();
    const body = JSON.stringify({ kind: "answer", status: 503, path: "/track", times: 1 });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const { status, json } = await lab.send("/sandbox/faults", {
        method: "POST",
        body,
        headers: { "content-type": type },
      });
      assert.equal(status, 415, type);
      assert.match(json.error, /content-type: application\/json/);
    }
    assert.deepEqual((await lab.send("/sandbox/state")).json.faults, []);
    for (const header of ["content-type: application/json", "x-mp-sandbox: 1"]) {
      const headers = [header.split(": ") as [string, string]];
      assert.equal((await lab.send("/sandbox/faults", { method: "POST", body, headers })).status, 200, header);
    }
  });
});

describe("what takes a project's token", () => {
  const track = (lab: Lab, headers: Record<string, string>) =>
    lab.send("/track", { method: "POST", auth: "", body: EVENT, headers });

  it("is for pages of this machine", async () => {
    const lab = new Lab();
    const origins = ["http://localhost:3000", "https://localhost", "http://127.0.0.1:5173", "http://[::1]:1"];
    for (const origin of origins) {
      const { text, headers } = await track(lab, { origin, "sec-fetch-site": "cross-site" });
      assert.equal(text, "1", origin);
      assert.equal(headers.get("access-control-allow-origin"), origin);
      assert.equal(headers.get("access-control-allow-credentials"), "true");
      assert.equal(headers.get("vary"), "Origin");
    }
    assert.equal((await lab.exported()).length, origins.length);
    // An image, which sends no Origin.
    const image = { "sec-fetch-site": "cross-site", referer: "http://localhost:3000/shop" };
    const data = encodeURIComponent(EVENT);
    assert.equal((await lab.send(`/track?data=${data}`, { auth: "", headers: image })).text, "1");
  });

  it("lets preflights of these pages through", async () => {
    const lab = new Lab();
    const { status, headers } = await lab.send("/track", {
      method: "OPTIONS",
      auth: "",
      headers: {
        origin: "http://localhost:3000",
        "access-control-request-headers": "x-mine",
        "access-control-request-private-network": "true",
      },
    });
    assert.equal(status, 204);
    assert.equal(headers.get("access-control-allow-origin"), "http://localhost:3000");
    assert.equal(headers.get("access-control-allow-headers"), "x-mine");
    assert.equal(headers.get("access-control-allow-methods"), "GET, POST");
    assert.equal(headers.get("access-control-allow-private-network"), "true");
  });

  it("stores nothing of pages of other sites", async () => {
    const lab = new Lab();
    for (const origin of ["https://evil.example", "null", "http://localhost.evil.example", "file://"]) {
      const { status, json, headers } = await track(lab, { origin });
      assert.equal(status, 403, origin);
      assert.match(json.error, /--allow-origin/);
      assert.equal(headers.get("access-control-allow-origin"), null);
      const preflight = await lab.send("/track", { method: "OPTIONS", auth: "", headers: { origin } });
      assert.equal(preflight.headers.get("access-control-allow-origin"), null);
    }
    const data = encodeURIComponent(EVENT);
    for (const referer of ["https://evil.example/", "x", ""]) {
      const headers = { "sec-fetch-site": "cross-site", referer };
      assert.equal((await lab.send(`/track?data=${data}`, { auth: "", headers })).status, 403, referer);
    }
    assert.deepEqual(await lab.exported(), []);
  });

  it("is for pages of origins that are allowed, word by word", async () => {
    const lab = new Lab({ allowOrigins: ["https://shop.test"] });
    assert.equal((await track(lab, { origin: "https://shop.test" })).text, "1");
    for (const origin of ["http://shop.test", "https://shop.test:8443", "https://www.shop.test"]) {
      assert.equal((await track(lab, { origin })).status, 403, origin);
    }
    assert.equal((await track(new Lab({ allowOrigins: ["*"] }), { origin: "https://a.test" })).text, "1");
  });
});
