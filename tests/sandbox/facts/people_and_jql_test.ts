import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { NOW_SECONDS, record } from "../lab.ts";
import { facts } from "./facts.ts";

const { projectId } = SANDBOX;
const RANGE = { from_date: "2026-11-22", to_date: "2026-11-23" };
const form = (parameters: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(parameters) });

const SIGNUPS = [60, 50].map((before) =>
  record({ distinct_id: "a", $insert_id: `i-${before}`, time: NOW_SECONDS - before })
);

facts("3.7", "profiles by the query API", {
  "3.7-1": {
    says: "a page has results, page, page_size, session_id, status and total",
    settings: { profilePageSize: 2 },
    async holds(lab) {
      for (const id of ["a", "b", "c"]) lab.store.profiles.put(projectId, "", id, { plan: "pro" });
      const { json } = await lab.query("/engage", {}, form({}));
      assert.deepEqual([json.page, json.page_size, json.status, json.total], [0, 2, "ok", 3]);
      assert.equal(typeof json.session_id, "string");
      assert.deepEqual(json.results[0], { $distinct_id: "a", $properties: { plan: "pro" } });
      const next = (await lab.query("/engage", {}, form({ session_id: json.session_id, page: "1" }))).json;
      assert.deepEqual(next.results.map((one: { $distinct_id: string }) => one.$distinct_id), ["c"]);
    },
  },
  "3.7-2": {
    says: "a later page wants a session_id",
    async holds(lab) {
      assert.equal((await lab.query("/engage", {}, form({ page: "1" }))).status, 400);
    },
  },
  "3.7-3": {
    says: "a session keeps its results, whatever is stored meanwhile",
    settings: { profilePageSize: 1 },
    async holds(lab) {
      for (const id of ["a", "b"]) lab.store.profiles.put(projectId, "", id, {});
      const { session_id } = (await lab.query("/engage", {}, form({}))).json;
      lab.store.profiles.put(projectId, "", "aa", {});
      const { json } = await lab.query("/engage", {}, form({ session_id, page: "1" }));
      assert.deepEqual(json.results.map((one: { $distinct_id: string }) => one.$distinct_id), ["b"]);
    },
  },
  "3.7-4": {
    says: "distinct_id, distinct_ids and output_properties choose",
    async holds(lab) {
      for (const id of ["a", "b", "c"]) lab.store.profiles.put(projectId, "", id, { plan: "pro", n: 1 });
      const ids = async (parameters: Record<string, string>) =>
        (await lab.query("/engage", {}, form(parameters))).json.results.map((one: { $distinct_id: string }) =>
          one.$distinct_id
        );
      assert.deepEqual(await ids({ distinct_id: "b" }), ["b"]);
      assert.deepEqual(await ids({ distinct_ids: '["a","c"]' }), ["a", "c"]);
      const { json } = await lab.query("/engage", {}, form({ output_properties: '["n"]', distinct_id: "a" }));
      assert.deepEqual(json.results[0].$properties, { n: 1 });
    },
  },
  "3.7-5": {
    says: "behaviors and filter_by_cohort exclude each other",
    async holds(lab) {
      const behaviors = '[{"window":"30d","name":"b1","event_selectors":[{"event":"Buy"}]}]';
      const both = form({ behaviors, filter_by_cohort: '{"id":1}', as_of_timestamp: String(NOW_SECONDS) });
      assert.equal((await lab.query("/engage", {}, both)).status, 400);
    },
  },
  "3.7-6": {
    says: "a page size of the request's own is taken",
    async holds(lab) {
      for (const id of ["a", "b", "c"]) lab.store.profiles.put(projectId, "", id, {});
      assert.equal((await lab.query("/engage", {}, form({ page_size: "2" }))).json.results.length, 2);
    },
  },
});

facts("3.8", "cohorts, activity and JQL", {
  "3.8-1": {
    says: "cohorts are listed by POST and by GET, is_visible as 0 or 1",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "cohort", 1000, { name: "All", selector: "true" });
      for (const method of ["GET", "POST"]) {
        const { json } = await lab.send(`/api/query/cohorts/list?project_id=${projectId}`, { method });
        assert.deepEqual([json[0].id, json[0].name, json[0].is_visible, json[0].project_id], [
          1000,
          "All",
          1,
          projectId,
        ]);
      }
    },
  },
  "3.9-1": {
    says: "the activity of users is results.events, with time and $distinct_id",
    async holds(lab) {
      lab.load(SIGNUPS);
      const { json } = await lab.query("/stream/query", { distinct_ids: '["a"]', ...RANGE });
      assert.equal(json.status, "ok");
      assert.deepEqual(
        json.results.events.map((
          { event, properties }: { event: string; properties: Record<string, unknown> },
        ) => [event, properties.$distinct_id, properties.time]),
        [["Signup", "a", NOW_SECONDS - 60], ["Signup", "a", NOW_SECONDS - 50]],
      );
    },
  },
  "3.10-1": {
    says: "JQL answers a bare list; a script that fails is 412 with its stack",
    async holds(lab) {
      lab.load(SIGNUPS);
      const jql = (script: string) => lab.query("/jql", {}, form({ script }));
      const count =
        "function main(){return Events({from_date:'2026-11-22',to_date:'2026-11-23'}).reduce(mixpanel.reducer.count())}";
      assert.deepEqual((await jql(count)).json, [2]);
      const { status, json } = await jql("function main(){ return nothing.here }");
      assert.equal(status, 412);
      assert.match(json.error, /ReferenceError/);
    },
  },
  "3.10-2": {
    says: "event.time is in milliseconds",
    async holds(lab) {
      lab.load([record({ time: NOW_SECONDS })]);
      const script =
        "function main(){return Events({from_date:'2026-11-23',to_date:'2026-11-23'}).map(function(e){return e.time})}";
      assert.deepEqual((await lab.query("/jql", {}, form({ script }))).json, [NOW_SECONDS * 1000]);
    },
  },
});

facts("3.8", "cohorts and JQL, further", {
  "3.8-2": {
    says: "a list of cohorts is one query, and says when each was made",
    settings: { quotas: { query: { perHour: 1 } } },
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "cohort", 1, { name: "All", where: "true" });
      const ask = () => lab.query("/cohorts/list", {}, { method: "POST" });
      assert.match((await ask()).json[0].created, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      assert.equal((await ask()).status, 429);
    },
  },
  "3.10-3": {
    says: "params of a script are JSON",
    async holds(lab) {
      lab.load([record()]);
      const script = "function main(){return Events(params.days).map(function(){return [params.a, params.list]})}";
      const { json } = await lab.query(
        "/jql",
        {},
        form({ script, params: JSON.stringify({ a: 1, list: [2], days: RANGE }) }),
      );
      assert.deepEqual(json, [[1, [2]]]);
    },
  },
  "3.10-4": {
    says: "a request without a script is 400",
    async holds(lab) {
      assert.equal((await lab.query("/jql", {}, form({ params: "{}" }))).status, 400);
    },
  },
});
