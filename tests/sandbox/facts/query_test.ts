import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab, NOW_SECONDS, record } from "../lab.ts";
import { facts } from "./facts.ts";

const { projectId } = SANDBOX;
const DAY_S = 86_400;
const noon = (daysAgo: number) => NOW_SECONDS - daysAgo * DAY_S;
const RANGE = { from_date: "2026-11-22", to_date: "2026-11-23" };
const form = (parameters: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(parameters) });

/** Signups of two days: two users today, one of them twice, and one yesterday. */
function loadSignups(lab: Lab): void {
  lab.load([
    record({ distinct_id: "a", $insert_id: "1", country: "US", n: 1, time: noon(0) - 60 }),
    record({ distinct_id: "a", $insert_id: "2", country: "US", n: 2, time: noon(0) - 50 }),
    record({ distinct_id: "b", $insert_id: "3", n: "x", time: noon(0) - 40 }),
    record({ distinct_id: "b", $insert_id: "4", country: "DE", n: 5, time: noon(1) }),
    record({ distinct_id: "c", $insert_id: "5", time: noon(1) }, "Login"),
  ]);
}

facts("3.1", "parameters of the query API", {
  "3.1-1": {
    says: "unknown parameters are ignored",
    async holds(lab) {
      assert.equal((await lab.query("/events/names", { type: "general", query_origin: "mp" })).status, 200);
    },
  },
  "3.1-2": {
    says: "form bodies work on engage, cohorts/list, jql; JSON bodies on engage, also labelled as a form",
    async holds(lab) {
      lab.store.profiles.put(projectId, "", "a", { plan: "pro" });
      const search = `project_id=${projectId}`;
      const json = JSON.stringify({ where: 'properties["plan"] == "pro"' });
      for (const type of ["application/json", "application/x-www-form-urlencoded"]) {
        const { json: answer } = await lab.send(`/api/query/engage?${search}`, {
          method: "POST",
          body: json,
          headers: { "content-type": type },
        });
        assert.equal(answer.total, 1, type);
      }
      assert.equal((await lab.query("/engage", {}, form({ where: 'properties["plan"] == "x"' }))).json.total, 0);
      assert.equal((await lab.query("/cohorts/list", {}, form({ x: "1" }))).status, 200);
    },
  },
  "3.1-3": {
    says: "60 queries an hour are counted by project, and neither later pages of profiles nor the App API nor exports",
    settings: { quotas: { query: { perHour: 2 } }, profilePageSize: 1 },
    async holds(lab) {
      for (const id of ["a", "b", "c"]) lab.store.profiles.put(projectId, "", id, {});
      const { session_id } = (await lab.query("/engage", {}, form({}))).json;
      for (const page of ["1", "2"]) {
        assert.equal((await lab.query("/engage", {}, form({ session_id, page }))).status, 200);
      }
      assert.equal((await lab.send("/api/app/me")).status, 200);
      assert.equal((await lab.export(RANGE)).status, 200);
      assert.equal((await lab.query("/events/names", { type: "general" })).status, 200);
      assert.equal((await lab.query("/events/names", { type: "general" })).status, 429);
    },
  },
  "3.1-4": {
    says: "a failing query is counted, one with wrong credentials is not",
    settings: { quotas: { query: { perHour: 2 } } },
    async holds(lab) {
      assert.equal((await lab.query("/events/names", {}, { auth: "x:y" })).status, 401);
      assert.equal((await lab.query("/segmentation", {})).status, 400);
      assert.equal((await lab.query("/events/names", { type: "general" })).status, 200);
      assert.equal((await lab.query("/events/names", { type: "general" })).status, 429);
    },
  },
});

facts("3.2", "reports on events", {
  "3.2-1": {
    says: "/events has a series of days and values by event, legend_size the number of keys",
    async holds(lab) {
      loadSignups(lab);
      const { json } = await lab.query("/events", {
        event: '["Signup","Login"]',
        type: "general",
        unit: "day",
        ...RANGE,
      });
      assert.deepEqual(json, {
        data: {
          series: ["2026-11-22", "2026-11-23"],
          values: {
            Signup: { "2026-11-22": 1, "2026-11-23": 3 },
            Login: { "2026-11-22": 1, "2026-11-23": 0 },
          },
        },
        legend_size: 2,
      });
    },
  },
  "3.2-2": {
    says: "interval takes the place of days",
    async holds(lab) {
      loadSignups(lab);
      const { json } = await lab.query("/events", { event: '["Signup"]', type: "unique", unit: "day", interval: "2" });
      assert.deepEqual(json.data.values, { Signup: { "2026-11-22": 1, "2026-11-23": 2 } });
    },
  },
  "3.2-3": {
    says: "/events/top has today's events with their amounts",
    async holds(lab) {
      loadSignups(lab);
      const { json } = await lab.query("/events/top", { type: "general" });
      assert.equal(json.type, "general");
      assert.deepEqual(json.events.map(({ event, amount }: Record<string, unknown>) => [event, amount]), [[
        "Signup",
        3,
      ]]);
      assert.equal(typeof json.events[0].percent_change, "number");
    },
  },
  "3.2-4": {
    says: "/events/names lists the most common ones of the last 31 days",
    async holds(lab) {
      loadSignups(lab);
      lab.load([record({ time: noon(40) }, "Old")]);
      assert.deepEqual((await lab.query("/events/names", { type: "general" })).json, ["Signup", "Login"]);
      assert.deepEqual((await lab.query("/events/names", { type: "general", limit: "1" })).json, ["Signup"]);
    },
  },
  "3.2-5": {
    says: "/events/properties has a series for each value",
    async holds(lab) {
      loadSignups(lab);
      const { json } = await lab.query("/events/properties", {
        event: "Signup",
        name: "country",
        values: '["US","DE"]',
        type: "general",
        unit: "day",
        ...RANGE,
      });
      assert.deepEqual(json.data.values, {
        US: { "2026-11-22": 0, "2026-11-23": 2 },
        DE: { "2026-11-22": 1, "2026-11-23": 0 },
      });
    },
  },
  "3.2-6": {
    says:
      "/events/properties/top counts properties, /events/properties/values lists values, both also without an event",
    async holds(lab) {
      loadSignups(lab);
      const top = (await lab.query("/events/properties/top", { event: "Signup" })).json;
      assert.equal(top.country.count, 3);
      assert.equal((await lab.query("/events/properties/top", {})).status, 200);
      for (const event of [{ event: "Signup" }, {}] as Record<string, string>[]) {
        const { json } = await lab.query("/events/properties/values", { ...event, name: "country" });
        assert.deepEqual(json, ["US", "DE"]);
      }
    },
  },
});

facts("3.3", "segmentation", {
  "3.3-1": {
    says: "without on the one key is the event's name",
    async holds(lab) {
      loadSignups(lab);
      const { json } = await lab.query("/segmentation", { event: "Signup", ...RANGE });
      assert.deepEqual(json, {
        data: { series: ["2026-11-22", "2026-11-23"], values: { Signup: { "2026-11-22": 1, "2026-11-23": 3 } } },
        legend_size: 1,
      });
    },
  },
  "3.3-2": {
    says: "with on there is a key a value, up to a limit",
    async holds(lab) {
      loadSignups(lab);
      const on = 'properties["country"]';
      const values = (await lab.query("/segmentation", { event: "Signup", ...RANGE, on })).json.data.values;
      assert.deepEqual([values.US, values.DE], [
        { "2026-11-22": 0, "2026-11-23": 2 },
        { "2026-11-22": 1, "2026-11-23": 0 },
      ]);
      const one = (await lab.query("/segmentation", { event: "Signup", ...RANGE, on, limit: "1" })).json.data.values;
      assert.deepEqual(Object.keys(one), ["US"]);
    },
  },
  "3.3-3": {
    says: "a bare name in on is an error",
    async holds(lab) {
      assert.equal((await lab.query("/segmentation", { event: "Signup", ...RANGE, on: "country" })).status, 400);
    },
  },
  "3.3-4": {
    says: "format=csv answers CSV",
    async holds(lab) {
      loadSignups(lab);
      const { text, headers } = await lab.query("/segmentation", { event: "Signup", ...RANGE, format: "csv" });
      assert.match(headers.get("content-type")!, /^text\/csv/);
      assert.equal(text, "date,Signup\n2026-11-22,1\n2026-11-23,3\n");
    },
  },
  "3.3-5": {
    says: "sum answers results by day; average counts what is no number as 0",
    async holds(lab) {
      loadSignups(lab);
      const on = 'properties["n"]';
      const sum = (await lab.query("/segmentation/sum", { event: "Signup", ...RANGE, on })).json;
      assert.deepEqual([sum.status, sum.results], ["ok", { "2026-11-22": 5, "2026-11-23": 3 }]);
      const average = (await lab.query("/segmentation/average", { event: "Signup", ...RANGE, on })).json;
      assert.deepEqual([average.status, average.results], ["ok", { "2026-11-22": 5, "2026-11-23": 1 }]);
    },
  },
  "3.3-6": {
    says: "numeric puts values into ranges whose names are '2,000 - 2,100'",
    async holds(lab) {
      lab.load([2010, 2450, 9990].map((n) => record({ n, $insert_id: `i-${n}` })));
      const { json } = await lab.query("/segmentation/numeric", { event: "Signup", ...RANGE, on: 'properties["n"]' });
      for (const key of Object.keys(json.data.values)) assert.match(key, /^[\d,.]+ - [\d,.]+$/);
    },
  },
});

facts("3.4", "funnels", {
  "3.4-1": {
    says: "/funnels/list has numeric ids and names",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 7509, { name: "Signup funnel", steps: ["A", "B"] });
      assert.deepEqual((await lab.query("/funnels/list")).json, [{ funnel_id: 7509, name: "Signup funnel" }]);
    },
  },
  "3.4-2": {
    says: "a funnel has steps and an analysis for each date",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 1, { name: "F", steps: ["Open", "Buy"] });
      lab.load([
        record({ distinct_id: "a", $insert_id: "1", time: noon(0) - 300 }, "Open"),
        record({ distinct_id: "a", $insert_id: "2", time: noon(0) - 90 }, "Buy"),
        record({ distinct_id: "b", $insert_id: "3", time: noon(0) - 200 }, "Open"),
      ]);
      const { json } = await lab.query("/funnels", { funnel_id: "1", from_date: "2026-11-23", to_date: "2026-11-23" });
      assert.deepEqual(json.meta.dates, ["2026-11-23"]);
      const { steps, analysis } = json.data["2026-11-23"];
      assert.deepEqual(steps.map((step: Record<string, unknown>) => [step.count, step.event, step.goal]), [
        [2, "Open", "Open"],
        [1, "Buy", "Buy"],
      ]);
      assert.deepEqual([steps[1].step_conv_ratio, steps[1].overall_conv_ratio, steps[1].avg_time], [0.5, 0.5, 210]);
      assert.equal("step_label" in steps[0], true);
      assert.deepEqual(analysis, { completion: 1, starting_amount: 2, steps: 2, worst: 1 });
    },
  },
  "3.4-3": {
    says: "with on a date has lists of steps for $overall and each segment",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 1, { name: "F", steps: ["Open", "Buy"] });
      lab.load([record({ browser: "Chrome" }, "Open")]);
      const { json } = await lab.query("/funnels", {
        funnel_id: "1",
        from_date: "2026-11-23",
        to_date: "2026-11-23",
        on: 'properties["browser"]',
      });
      const data = json.data["2026-11-23"];
      assert.deepEqual(Object.keys(data).sort(), ["$overall", "Chrome"]);
      assert.deepEqual(data.Chrome.map((step: { count: number }) => step.count), [1, 0]);
    },
  },
  "3.4-4": {
    says: "a window is at most 90 days, and an unknown funnel is 404",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 1, { name: "F", steps: ["Open", "Buy"] });
      const long = { funnel_id: "1", ...RANGE, length: "91", length_unit: "day" };
      assert.equal((await lab.query("/funnels", long)).status, 400);
      assert.equal((await lab.query("/funnels", { funnel_id: "2", ...RANGE })).status, 404);
    },
  },
});

facts("3.5", "retention", {
  "3.5-1": {
    says: "the answer is a map of dates without an envelope, with counts and first",
    async holds(lab) {
      lab.load([
        record({ distinct_id: "a", $insert_id: "1", time: noon(2) }, "Join"),
        record({ distinct_id: "a", $insert_id: "2", time: noon(1) + 60 }, "Play"),
        record({ distinct_id: "b", $insert_id: "3", time: noon(2) }, "Join"),
      ]);
      const { json } = await lab.query("/retention", {
        from_date: "2026-11-21",
        to_date: "2026-11-21",
        born_event: "Join",
        event: "Play",
        interval_count: "2",
        unit: "day",
      });
      assert.deepEqual(json, { "2026-11-21": { counts: [0, 1, 0], first: 2 } });
    },
  },
  "3.5-2": {
    says: "frequency answers data, with how many were active in at least n of the small units",
    async holds(lab) {
      lab.load(
        [0, 1, 2].map((n) => record({ distinct_id: "a", $insert_id: `${n}`, time: noon(0) - n * 3600 }, "Play")),
      );
      lab.load([record({ distinct_id: "b", $insert_id: "b", time: noon(0) - 60 }, "Play")]);
      const { json } = await lab.query("/retention/addiction", {
        from_date: "2026-11-23",
        to_date: "2026-11-23",
        unit: "day",
        addiction_unit: "hour",
        event: "Play",
      });
      const [first, second, third, fourth] = json.data["2026-11-23"];
      assert.deepEqual([first, second, third, fourth], [2, 1, 1, 0]);
    },
  },
});
