import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { PUBLISHED_QUOTAS } from "../../../src/sandbox/quotas.ts";
import { type Lab, record } from "../lab.ts";
import { facts } from "./facts.ts";

const { projectId, organizationId } = SANDBOX;
const DAY = { from_date: "2026-11-23", to_date: "2026-11-23" };
const PUBLISHED = { quotas: PUBLISHED_QUOTAS };
const CONTEXT = `context=${encodeURIComponent('{"distinct_id":"u"}')}`;

const names = (lab: Lab, auth?: string) => lab.query("/events/names", { type: "general" }, { auth });

/** How many of so many requests are let in. */
async function letIn(count: number, ask: () => Promise<{ status: number }>): Promise<number> {
  let accepted = 0;
  for (let n = 0; n < count; n++) if ((await ask()).status !== 429) accepted++;
  return accepted;
}

/** Answers that nobody has read yet: as many requests are under way. */
async function openExports(lab: Lab, count: number): Promise<Response[]> {
  const url = `http://127.0.0.1/api/2.0/export?project_id=${projectId}&${new URLSearchParams(DAY)}`;
  const headers = { authorization: `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}` };
  const answers: Response[] = [];
  for (let n = 0; n < count; n++) answers.push(await lab.sandbox.handle(new Request(url, { headers }), "127.0.0.1"));
  return answers;
}

facts("0.5", "published limits", {
  "0.5-2": {
    says: "60 queries an hour",
    settings: PUBLISHED,
    async holds(lab) {
      assert.equal(await letIn(62, () => names(lab)), 60);
      lab.clock.advance(3_600_000);
      assert.equal((await names(lab)).status, 200);
    },
  },
  "0.5-3": {
    says: "limits of queries are those of a project, whoever asks",
    settings: { quotas: { query: { perHour: 1 } } },
    async holds(lab) {
      const second = lab.addProject();
      assert.equal((await names(lab)).status, 200);
      assert.equal((await names(lab, `${SANDBOX.secret}:`)).status, 429);
      assert.equal((await lab.send(`/api/query/events/names?type=general&project_id=${second.id}`)).status, 200);
    },
  },
  "0.5-4": {
    says: "60 exports an hour, and 100 at once",
    settings: PUBLISHED,
    async holds(lab) {
      const ask = () => {
        lab.clock.advance(1000);
        return lab.export(DAY);
      };
      assert.equal(await letIn(62, ask), 60);
      assert.deepEqual(PUBLISHED_QUOTAS.export, { perHour: 60, perSecond: 3, concurrent: 100 });
    },
  },
  "0.5-5": {
    says: "exports that are under way count, until they have been read",
    settings: { quotas: { export: { concurrent: 2 } } },
    async holds(lab) {
      lab.load([record()]);
      const open = await openExports(lab, 3);
      assert.deepEqual(open.map(({ status }) => status), [200, 200, 429]);
      await open[0]!.text();
      assert.equal((await lab.export(DAY)).status, 200);
      await open[1]!.text();
    },
  },
  "0.5-6": {
    says: "schemas: 5 requests a minute for an organization, 4000 events and properties a minute",
    settings: PUBLISHED,
    async holds(lab) {
      const second = lab.addProject({ organizationId });
      let n = 0;
      const ask = () => lab.app("GET", `/projects/${n++ % 2 === 0 ? projectId : second.id}/schemas`);
      assert.equal(await letIn(6, ask), 5);
      lab.clock.advance(60_000);
      const entries = Array.from(
        { length: 4001 },
        (_, at) => ({ entityType: "event", name: `E${at}`, schemaJson: {} }),
      );
      const upload = (count: number) =>
        lab.app("POST", `/projects/${projectId}/schemas`, { entries: entries.slice(0, count) });
      assert.equal((await upload(4001)).status, 429);
      assert.equal((await upload(4000)).status, 200);
    },
  },
  "0.5-7": {
    says: "schemas: at most 3000 are deleted by one request",
    async holds(lab) {
      const entries = Array.from(
        { length: 3001 },
        (_, at) => ({ entityType: "event", name: `E${at}`, schemaJson: {} }),
      );
      const path = `/projects/${projectId}/schemas`;
      await lab.app("POST", path, { entries });
      assert.equal((await lab.app("DELETE", path)).status, 400);
      assert.equal((await lab.app("DELETE", `${path}/event/E0`)).status, 200);
      assert.equal((await lab.app("DELETE", path)).json.results.delete_count, 3000);
    },
  },
  "0.5-8": {
    says: "one GDPR request a second",
    settings: PUBLISHED,
    async holds(lab) {
      const path = `/api/app/data-deletions/v3.0/1?token=${SANDBOX.token}`;
      const ask = () => lab.send(path, { auth: `Bearer ${SANDBOX.oauthToken}` });
      assert.deepEqual([(await ask()).status, (await ask()).status], [200, 429]);
      lab.clock.advance(1000);
      assert.equal((await ask()).status, 200);
    },
  },
  "0.5-9": {
    says: "flags: about 500 evaluations a minute for an address",
    settings: PUBLISHED,
    async holds(lab) {
      const ask = (from: string) => lab.send(`/flags?token=${SANDBOX.token}&${CONTEXT}`, { auth: "", from });
      assert.equal(await letIn(505, () => ask("10.0.0.1")), 500);
      assert.equal((await ask("10.0.0.2")).status, 200);
    },
  },
  "0.5-10": {
    says: "the App API has no limit of its own for who one is",
    settings: PUBLISHED,
    async holds(lab) {
      assert.equal(await letIn(100, () => lab.app("GET", "/me")), 100);
    },
  },
});

facts("3.1", "what a query costs", {
  "3.1-5": {
    says: "a request that was refused with 429 is not counted",
    settings: { quotas: { query: { perHour: 2 } } },
    async holds(lab) {
      await names(lab);
      lab.clock.advance(1_800_000);
      await names(lab);
      for (let n = 0; n < 5; n++) assert.equal((await names(lab)).status, 429);
      lab.clock.advance(1_800_000);
      assert.equal((await names(lab)).status, 200);
    },
  },
  "3.1-6": {
    says: "a 429 names the limit that tripped, its size, and when to come back",
    settings: { quotas: { query: { perHour: 1, concurrent: 5 } } },
    async holds(lab) {
      await names(lab);
      lab.clock.advance(1_800_000);
      const { headers } = await names(lab);
      assert.equal(headers.get("retry-after"), "1800");
      assert.equal(headers.get("ratelimit"), '"project";r=0');
      assert.equal(
        headers.get("ratelimit-policy"),
        '"project";q=1;w=3600, "project-concurrency";q=5;qu="concurrent-requests"',
      );
    },
  },
  "3.1-7": {
    says: "where too many are under way, the headers say so, and the wait is seconds",
    settings: { quotas: { export: { perHour: 60, concurrent: 1 } } },
    async holds(lab) {
      lab.load([record()]);
      const [open, refused] = await openExports(lab, 2);
      assert.equal(refused!.headers.get("ratelimit"), '"project-concurrency";r=0');
      assert.equal(refused!.headers.get("retry-after"), "1");
      await open!.text();
    },
  },
  "3.1-8": {
    says: "a 429 may come without any header, too",
    settings: { quotas: { query: { perHour: 1 } }, rateLimitHeaders: "none" },
    async holds(lab) {
      await names(lab);
      const { status, headers, json } = await names(lab);
      assert.equal(status, 429);
      assert.match(json.error, /Query rate limit exceeded/);
      for (const name of ["ratelimit", "ratelimit-policy", "retry-after"]) assert.equal(headers.get(name), null);
    },
  },
  "3.1-9": {
    says: "a plan without the API answers 402 with an error, and that is not counted",
    settings: { planLacks: ["query"], quotas: { query: { perHour: 1 } } },
    async holds(lab) {
      for (let n = 0; n < 3; n++) {
        const { status, json } = await names(lab);
        assert.deepEqual([status, typeof json.error], [402, "string"]);
      }
      assert.equal((await lab.export(DAY)).status, 200);
      assert.equal((await lab.app("GET", "/me")).status, 200);
    },
  },
  "3.1-10": {
    says: "a plan that keeps so many days answers 403 in the server's words for earlier ones",
    settings: { historyDays: 90 },
    async holds(lab) {
      const ask = (from_date: string) => lab.query("/segmentation", { event: "E", from_date, to_date: "2026-11-23" });
      assert.equal((await ask("2026-08-25")).status, 200);
      const { status, json } = await ask("2026-08-24");
      assert.deepEqual([status, json.error], [403, "Date range exceeds 90 days into the past"]);
    },
  },
  "3.1-11": {
    says: "what is not there is 404, what is not one's own 403",
    async holds(lab) {
      assert.equal((await lab.query("/funnels", { funnel_id: "9", ...DAY })).status, 404);
      assert.equal((await names(lab, lab.addAccount())).status, 403);
    },
  },
});

facts("4.2", "plans and exports", {
  "4.2-5": {
    says: "an export that begins before what the plan keeps is 403 in the server's words",
    settings: { historyDays: 30 },
    async holds(lab) {
      const { status, text } = await lab.export({ from_date: "2026-10-01", to_date: "2026-10-02" });
      assert.equal(status, 403);
      assert.match(text, /Date range exceeds 30 days into the past/);
      assert.equal((await lab.export(DAY)).status, 200);
    },
  },
  "4.1-6": {
    says: "a plan without raw export says so",
    settings: { planLacks: ["export"] },
    async holds(lab) {
      const { status, text } = await lab.export(DAY);
      assert.equal(status, 402);
      assert.match(text, /Your plan does not support raw data export\. Visit mixpanel\.com\/pricing to upgrade\./);
      assert.equal((await names(lab)).status, 200);
    },
  },
  "5.2-2": {
    says: "annotations reach back as far as the plan does",
    settings: { historyDays: 90 },
    async holds(lab) {
      const path = `/projects/${projectId}/annotations`;
      const { status, json } = await lab.app("GET", `${path}?fromDate=2026-01-01&toDate=2026-11-23`);
      assert.deepEqual([status, json], [403, { status: "error", error: "Date range exceeds 90 days into the past" }]);
      assert.equal((await lab.app("GET", `${path}?fromDate=2026-11-01&toDate=2026-11-23`)).status, 200);
    },
  },
});
