import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { PUBLISHED_QUOTAS, Quotas } from "../../src/sandbox/quotas.ts";
import { Refusal } from "../../src/sandbox/refusal.ts";
import { Lab, NOW_MS, record } from "./lab.ts";

const names = (lab: Lab) => lab.query("/events/names", { type: "general" });
const days = { from_date: "2026-11-22", to_date: "2026-11-23" };

describe("quotas", () => {
  it("are off unless they are asked for", async () => {
    const lab = new Lab();
    for (let count = 0; count < 70; count++) assert.equal((await names(lab)).status, 200);
    assert.equal((await names(lab)).headers.get("ratelimit"), null);
  });

  it("let sixty queries pass in any hour, and say when the next one may", async () => {
    const lab = new Lab({ quotas: PUBLISHED_QUOTAS, rateLimitHeaders: "all" });
    const first = await names(lab);
    assert.equal(first.headers.get("ratelimit"), '"project";r=59');
    lab.clock.advance(600_000);
    for (let count = 1; count < 60; count++) assert.equal((await names(lab)).status, 200);
    const refused = await names(lab);
    assert.equal(refused.status, 429);
    assert.equal(refused.json.error, "Query rate limit exceeded");
    assert.equal(refused.headers.get("retry-after"), "3000");
    assert.equal(refused.headers.get("ratelimit"), '"project";r=0');
    assert.equal(
      refused.headers.get("ratelimit-policy"),
      '"project";q=60;w=3600, "project-concurrency";q=5;qu="concurrent-requests"',
    );
    lab.clock.advance(NOW_MS + 3_600_000 - 1 - lab.clock.now());
    assert.equal((await names(lab)).status, 429);
    lab.clock.advance(1);
    assert.equal((await names(lab)).status, 200);
    assert.equal((await names(lab)).status, 429);
  });

  it("can be kept without telling of them", async () => {
    const lab = new Lab({ quotas: { query: { perHour: 1 } }, rateLimitHeaders: "none" });
    assert.equal((await names(lab)).headers.get("ratelimit-policy"), null);
    const refused = await names(lab);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("retry-after"), null);
  });

  it("count neither refused credentials nor refused requests nor later pages of profiles", async () => {
    const lab = new Lab({ quotas: { query: { perHour: 2 } } });
    assert.equal((await lab.query("/events/names", {}, { auth: "x:y" })).status, 401);
    const { session_id } = (await lab.query("/engage")).json;
    for (let count = 0; count < 3; count++) {
      assert.equal((await lab.query("/engage", { session_id, page: "1" })).status, 200);
    }
    assert.equal((await lab.query("/segmentation")).status, 400);
    assert.equal((await names(lab)).status, 429);
    lab.clock.advance(3_600_000);
    assert.equal((await names(lab)).status, 200);
  });

  it("are kept by project, and apart for queries, exports and the App API", async () => {
    const lab = new Lab({ quotas: { query: { perHour: 1 } } });
    await names(lab);
    assert.equal((await names(lab)).status, 429);
    assert.equal((await lab.export(days)).status, 200);
    assert.equal((await lab.send("/api/app/me")).status, 200);
    const { id } = lab.addProject();
    assert.equal((await lab.send(`/api/query/events/names?project_id=${id}`)).status, 200);
  });

  it("hold for a second where they are by the second", async () => {
    const lab = new Lab({ quotas: { export: { perSecond: 3 } } });
    for (let count = 0; count < 3; count++) assert.equal((await lab.export(days)).status, 200);
    const refused = await lab.export(days);
    assert.equal(refused.json.error, "too many export requests in progress for this project");
    assert.equal(refused.headers.get("retry-after"), "1");
    lab.clock.advance(1000);
    assert.equal((await lab.export(days)).status, 200);
  });

  it("count an export as running until it has been read, or given up", async () => {
    const lab = new Lab({ quotas: { export: { concurrent: 2 } } });
    lab.load(Array.from({ length: 20_000 }, (_, n) => record({ n })));
    const open = () =>
      lab.sandbox.handle(
        new Request(
          `http://127.0.0.1/api/2.0/export?project_id=${SANDBOX.projectId}&from_date=2026-11-23&to_date=2026-11-23`,
          { headers: { authorization: `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}` } },
        ),
        "127.0.0.1",
      );
    const [first, second] = [await open(), await open()];
    const third = await open();
    assert.equal(third.status, 429);
    assert.equal(third.headers.get("ratelimit"), '"project-concurrency";r=0');
    assert.equal((await first.text()).split("\n").length, 20_001);
    const fourth = await open();
    assert.equal(fourth.status, 200);
    assert.equal((await open()).status, 429);
    await second.body!.cancel();
    await fourth.body!.cancel();
    assert.equal((await open()).status, 200);
  });

  it("refuse imports in the words of the import", async () => {
    const lab = new Lab({ quotas: { ingestion: { perSecond: 1 } } });
    await lab.import([record()]);
    const refused = await lab.import([record()]);
    assert.deepEqual(refused.json, {
      code: 429,
      error: "Project exceeded rate limits. Please retry the request with exponential backoff.",
      status: "Too Many Requests",
    });
  });
});

describe("a place among concurrent requests", () => {
  const limits = { query: { concurrent: 2 }, jql: { concurrent: 2 } };
  const admit = (quotas: Quotas, name: "query" | "jql" = "query") => quotas.admit("1", name, limits, "all");
  const active = (quotas: Quotas) => Object.values(quotas.state()).map((usage) => usage.active);

  it("is free again when it is released, and only that one, however often", () => {
    const quotas = new Quotas(new Lab().clock);
    const first = admit(quotas);
    admit(quotas);
    first.release();
    first.release();
    first.release();
    assert.deepEqual(active(quotas), [1]);
    admit(quotas);
    assert.throws(() => admit(quotas), (error: unknown) => error instanceof Refusal && error.status === 429);
  });

  it("is released in each quota that it was taken in", () => {
    const quotas = new Quotas(new Lab().clock);
    const script = admit(quotas, "jql");
    assert.deepEqual(active(quotas), [1, 1]);
    script.release();
    script.release();
    assert.deepEqual(active(quotas), [0, 0]);
  });

  it("is taken in no quota when one of them is full", () => {
    const quotas = new Quotas(new Lab().clock);
    admit(quotas);
    admit(quotas);
    assert.throws(() => admit(quotas, "jql"), Refusal);
    assert.deepEqual(quotas.state()["1 jql"], { arrivals: 0, active: 0 });
  });
});
