/** Section 9: behaviours that need a switch or a decision. Those that stand as facts elsewhere are not repeated. */
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab, NOW_SECONDS, record } from "../lab.ts";
import { facts } from "./facts.ts";

const { token, projectId } = SANDBOX;
const DAY = { from_date: "2026-11-23", to_date: "2026-11-23" };

const fault = async (lab: Lab, body: Record<string, unknown>) => {
  const headers = { "content-type": "application/json" };
  const { status } = await lab.send("/sandbox/faults", {
    method: "POST",
    auth: "",
    body: JSON.stringify(body),
    headers,
  });
  assert.equal(status, 200);
};
const load = (lab: Lab, count: number) =>
  lab.load(Array.from({ length: count }, (_, n) => record({ n, $insert_id: `i-${n}`, time: NOW_SECONDS - n })));

facts("9", "decisions and switches", {
  "9-1": {
    says: "where it is asked for, an unknown token is refused by /track, /engage and /groups",
    settings: { strictTokens: true },
    async holds(lab) {
      const bodies = {
        "/track": { event: "E", properties: { token: "none" } },
        "/engage": { $token: "none", $distinct_id: "u", $set: {} },
        "/groups": { $token: "none", $group_key: "k", $group_id: "i", $set: {} },
      };
      for (const [path, body] of Object.entries(bodies)) assert.equal((await lab.post(path, [body])).status, 401, path);
    },
  },
  "9-2": {
    says: "/engage and /groups answer a refusal with 200, 0 or a reason, and take verbose from query and form",
    async holds(lab) {
      for (const path of ["/engage", "/groups"]) {
        assert.equal((await lab.post(path, [{}])).text, "0");
        const body = new URLSearchParams({ data: "[{}]", verbose: "1" });
        const { status, json } = await lab.send(path, { method: "POST", auth: "", body });
        assert.deepEqual([status, json], [200, { error: "$token, missing or empty", status: 0 }]);
      }
    },
  },
  "9-3": {
    says: "the status of /import is a word under strict, and 0 or 1 without",
    async holds(lab) {
      const status = async (records: unknown[], query: string) => (await lab.import(records, query)).json.status;
      assert.deepEqual([await status([record()], "strict=1"), await status([{}], "strict=1")], ["OK", "Bad Request"]);
      assert.deepEqual([await status([record()], "strict=0"), await status([{}], "strict=0")], [1, 0]);
    },
  },
  "9-7": {
    says: "an export may break off with a 429 in it, a slow one arrives, and a connection may break",
    async holds(lab) {
      load(lab, 20);
      const path = "/api/2.0/export";
      await fault(lab, { path, kind: "last_words", afterLines: 2, text: "rate limit reached" });
      assert.equal((await lab.export(DAY)).text.trim().split("\n").at(-1), "rate limit reached");
      await fault(lab, { path, kind: "last_words", afterLines: 2, text: '{"error":' });
      assert.match((await lab.export(DAY)).text, /\n\{"error":\n?$/);
      await fault(lab, { path, kind: "slow", delayMs: 1 });
      assert.equal((await lab.export(DAY)).text.trim().split("\n").length, 20);
      await fault(lab, { path, kind: "reset", afterBytes: 100 });
      await assert.rejects(lab.export(DAY));
      await fault(lab, { path, kind: "rate_limit" });
      const { status, headers } = await lab.export(DAY);
      assert.deepEqual([status, headers.get("retry-after")], [429, null]);
    },
  },
  "9-12": {
    says: "a compressed export may end without its trailer",
    async holds(lab) {
      load(lab, 200);
      await fault(lab, { path: "/api/2.0/export", kind: "cut", afterBytes: 200 });
      const url = `http://127.0.0.1/api/2.0/export?project_id=${projectId}&${new URLSearchParams(DAY)}`;
      const authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;
      const headers = { authorization, "accept-encoding": "gzip" };
      const answer = await lab.sandbox.handle(new Request(url, { headers }), "127.0.0.1");
      assert.equal(answer.headers.get("content-encoding"), "gzip");
      const whole = new Response(answer.body!.pipeThrough(new DecompressionStream("gzip")));
      await assert.rejects(whole.text());
    },
  },
  "9-8": {
    says: "quotas are refused with and without headers, as it is asked for",
    async holds(lab) {
      const path = "/api/query/*";
      await fault(lab, { path, kind: "rate_limit", retryAfterSeconds: 7 });
      await fault(lab, { path, kind: "rate_limit" });
      const ask = () => lab.query("/events/names", { type: "general" });
      const [first, second] = [await ask(), await ask()];
      assert.deepEqual([first.status, first.headers.get("retry-after")], [429, "7"]);
      assert.deepEqual([second.status, second.headers.get("retry-after")], [429, null]);
    },
  },
  "9-9": {
    says: "a session of profiles ends after a while",
    settings: { profilePageSize: 1, profileSessionMs: 1000 },
    async holds(lab) {
      for (const id of ["a", "b"]) lab.store.profiles.put(projectId, "", id, {});
      const form = (parameters: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(parameters) });
      const { session_id } = (await lab.query("/engage", {}, form({}))).json;
      lab.clock.advance(1000);
      assert.equal((await lab.query("/engage", {}, form({ session_id, page: "1" }))).status, 400);
    },
  },
  "9-10": {
    says: "writes of the App API without their slash are redirected, whatever their method",
    async holds(lab) {
      const flags = `/projects/${projectId}/workspaces/${SANDBOX.workspaceId}/feature-flags/x`;
      for (
        const [method, path] of [["POST", `${flags}/archive`], ["DELETE", `${flags}/archive`], [
          "PUT",
          `${flags}/test-users`,
        ]]
      ) {
        const { status, headers } = await lab.app(method!, path!, {});
        assert.deepEqual([status, headers.get("location")], [301, `/api/app${path}/`]);
      }
    },
  },
  "9-11": {
    says: "addresses are stored, and never looked up",
    async holds(lab) {
      await lab.import([record({ ip: "203.0.113.9" })]);
      await lab.post("/engage?ip=1", [{ $token: token, $distinct_id: "u", $ip: "203.0.113.9", $set: { a: 1 } }]);
      const [{ properties }] = await lab.exported() as { properties: Record<string, unknown> }[];
      assert.equal(properties.ip, "203.0.113.9");
      for (const name of ["$city", "$region", "mp_country_code"]) assert.equal(name in properties, false);
      assert.equal("$city" in lab.store.profiles.get(projectId, "", "u")!, false);
    },
  },
});

facts("4.4", "names of time", {
  "4.4-1": {
    says: '$time, time and event["$time"] are the same in an expression',
    async holds(lab) {
      load(lab, 20);
      for (const name of ['properties["$time"]', 'properties["time"]', 'event["$time"]']) {
        const { text } = await lab.export({ ...DAY, where: `${name} >= datetime(${NOW_SECONDS - 4})` });
        assert.equal(text.trim().split("\n").length, 5, name);
      }
    },
  },
  "4.4-2": {
    says: "a copy without milliseconds is another event; with time_in_ms it is the same",
    async holds(lab) {
      const time = NOW_SECONDS * 1000 - 5432;
      await lab.import([record({ time })]);
      const count = async () => {
        const { json } = await lab.query("/segmentation", { event: "Signup", ...DAY });
        return json.data.values.Signup[DAY.to_date];
      };
      await lab.import(await lab.exported({ time_in_ms: "true" }));
      assert.equal(await count(), 1);
      await lab.import([record({ time: Math.floor(time / 1000) })]);
      assert.equal(await count(), 2);
    },
  },
});
