import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab, NOW_SECONDS, record } from "../lab.ts";
import { metric, params, RANGE as RANGE_OF_DAYS } from "../query/bookmarks/bookmark_lab.ts";
import { facts } from "./facts.ts";

const { projectId } = SANDBOX;
const DAY_S = 86_400;
const noon = (daysAgo: number) => NOW_SECONDS - daysAgo * DAY_S;
const RANGE = { from_date: "2026-11-22", to_date: "2026-11-23" };
const form = (parameters: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(parameters) });

/** Users who joined two days ago at noon, and when each of them played, in seconds after that. */
function loadPlayers(lab: Lab, players: Record<string, number[]>): void {
  for (const [id, times] of Object.entries(players)) {
    lab.load([record({ distinct_id: id, $insert_id: `${id}-join`, time: noon(2) }, "Join")]);
    lab.load(
      times.map((after, n) => record({ distinct_id: id, $insert_id: `${id}-${n}`, time: noon(2) + after }, "Play")),
    );
  }
}

const RETENTION = { from_date: "2026-11-21", to_date: "2026-11-21", born_event: "Join", event: "Play" };

facts("3.1", "parameters, further", {
  "3.1-12": {
    says: "workspace_id is taken by every report",
    async holds(lab) {
      const parameters = { type: "general", workspace_id: String(SANDBOX.workspaceId) };
      assert.equal((await lab.query("/events/names", parameters)).status, 200);
    },
  },
  "3.1-13": {
    says: "days are inclusive, and on the project's clock",
    async holds(lab) {
      const project = lab.addProject({ timeZone: "US/Pacific" });
      const at = (iso: string) => record({ time: Date.parse(iso) / 1000, $insert_id: iso.replaceAll(/\W/g, "") });
      lab.load([at("2026-11-20T07:59:59Z"), at("2026-11-20T08:00:00Z"), at("2026-11-22T07:59:59Z")], project.id);
      const days = "from_date=2026-11-20&to_date=2026-11-21";
      const { json } = await lab.send(`/api/query/segmentation?project_id=${project.id}&event=Signup&${days}`);
      assert.deepEqual(json.data.values.Signup, { "2026-11-20": 1, "2026-11-21": 1 });
    },
  },
});

facts("3.1", "where a project is named", {
  "3.1-14": {
    says: "project_id may stand in a form or in JSON, and takes precedence over the query string",
    async holds(lab) {
      const second = lab.addProject();
      lab.store.profiles.put(second.id, "", "theirs", {});
      const parameters = { project_id: String(second.id) };
      const json = {
        method: "POST",
        body: JSON.stringify(parameters),
        headers: { "content-type": "application/json" },
      };
      for (const request of [form(parameters), json]) {
        const { results } = (await lab.query("/engage", {}, request)).json;
        assert.deepEqual(results.map((one: { $distinct_id: string }) => one.$distinct_id), ["theirs"]);
      }
    },
  },
});

facts("3.2", "reports on events, further", {
  "3.2-7": {
    says: "the limit of /events/names is lowered to 5000 silently, and is 255 by default",
    async holds(lab) {
      lab.load(Array.from({ length: 5001 }, (_, n) => record({ $insert_id: `i-${n}` }, `E${n}`)));
      const count = async (limit: Record<string, string>) =>
        (await lab.query("/events/names", { type: "general", ...limit })).json.length;
      assert.equal(await count({ limit: "9000" }), 5000);
      assert.equal(await count({}), 255);
    },
  },
  "3.2-8": {
    says: "/events/names takes days, too, and says what is wrong with a year below 2000",
    async holds(lab) {
      lab.load([record({ time: noon(40) }, "Old"), record()]);
      const ask = (from_date: string, to_date: string) =>
        lab.query("/events/names", { type: "general", from_date, to_date });
      assert.deepEqual((await ask("2026-10-01", "2026-10-31")).json, ["Old"]);
      const { status, json } = await ask("1999-01-01", "2026-10-31");
      assert.deepEqual([status, json.error], [400, "Error in from_date: invalid date, bad year"]);
    },
  },
  "3.2-9": {
    says: "/events and /events/properties answer CSV when they are asked to",
    async holds(lab) {
      lab.load([record({ plan: "pro" })]);
      const common = { type: "general", unit: "day", ...RANGE, format: "csv" };
      const events = await lab.query("/events", { event: '["Signup"]', ...common });
      assert.match(events.headers.get("content-type")!, /^text\/csv/);
      assert.match(events.text, /^2026-11-23,1$/m);
      const values = await lab.query("/events/properties", { event: "Signup", name: "plan", ...common });
      assert.match(values.text, /^date,pro\n/);
    },
  },
  "3.2-10": {
    says: "there are no unique counts by the hour",
    async holds(lab) {
      const parameters = { event: '["Signup"]', unit: "hour", ...RANGE };
      assert.equal((await lab.query("/events", { ...parameters, type: "unique" })).status, 400);
      assert.equal((await lab.query("/events", { ...parameters, type: "general" })).status, 200);
    },
  },
  "3.2-11": {
    says: "/engage/properties has the properties of profiles with numbers and types",
    async holds(lab) {
      for (const id of ["a", "b"]) {
        lab.store.profiles.put(projectId, "", id, { plan: "pro", ...(id === "a" && { n: 1 }) });
      }
      const { json } = await lab.query("/engage/properties");
      assert.deepEqual(json.results.plan, { count: 2, type: "string" });
      assert.deepEqual(json.results.n, { count: 1, type: "number" });
    },
  },
});

facts("3.3", "segmentation, further", {
  "3.3-7": {
    says: "weeks, months, hours and minutes are units, and interval takes the unit's place",
    async holds(lab) {
      lab.load([record()]);
      const keys = async (parameters: Record<string, string>) =>
        (await lab.query("/segmentation", { event: "Signup", ...RANGE, ...parameters })).json.data.series.length;
      assert.equal(await keys({ unit: "month" }), 1);
      assert.equal(await keys({ unit: "hour" }), 48);
      assert.equal(await keys({ unit: "minute" }), 2880);
      assert.equal(await keys({ unit: "week" }), 2);
      assert.equal(await keys({ interval: "2" }), 1);
    },
  },
  "3.3-8": {
    says: "60 segments unless limit says otherwise",
    async holds(lab) {
      lab.load(Array.from({ length: 70 }, (_, n) => record({ n: `v${n}`, $insert_id: `i-${n}` })));
      const count = async (limit: Record<string, string>) => {
        const { json } = await lab.query("/segmentation", {
          event: "Signup",
          ...RANGE,
          on: 'properties["n"]',
          ...limit,
        });
        assert.equal(Object.keys(json.data.values).length, json.legend_size);
        return json.legend_size;
      };
      assert.equal(await count({}), 60);
      assert.equal(await count({ limit: "70" }), 70);
    },
  },
  "3.3-9": {
    says: "sum says when it was computed",
    async holds(lab) {
      lab.load([record({ n: 2 })]);
      const on = 'properties["n"]';
      const { json } = await lab.query("/segmentation/sum", { event: "Signup", ...RANGE, on });
      assert.match(json.computed_at, /^2026-11-23T12:00:00/);
      assert.equal((await lab.query("/segmentation/sum", { event: "Signup", ...RANGE })).status, 400);
    },
  },
});

facts("3.5", "retention, further", {
  "3.5-3": {
    says: "an interval is 24 hours from a user's first event, and no calendar day",
    async holds(lab) {
      // The next calendar day, but within 24 hours; and the day after that.
      loadPlayers(lab, { a: [13 * 3600], b: [DAY_S + 60] });
      const { json } = await lab.query("/retention", { ...RETENTION, interval_count: "2", unit: "day" });
      assert.deepEqual(json, { "2026-11-21": { counts: [1, 1, 0], first: 2 } });
    },
  },
  "3.5-4": {
    says: "without unit and interval it is a day, and there is one more than interval_count",
    async holds(lab) {
      loadPlayers(lab, { a: [DAY_S + 60] });
      const { json } = await lab.query("/retention", RETENTION);
      assert.deepEqual(json, { "2026-11-21": { counts: [0, 1], first: 1 } });
    },
  },
  "3.5-5": {
    says: "with unbounded_retention the counts accumulate from the right",
    async holds(lab) {
      loadPlayers(lab, { a: [60], b: [DAY_S + 60], c: [2 * DAY_S - 60] });
      const parameters = { ...RETENTION, interval_count: "1", unit: "day" };
      assert.deepEqual((await lab.query("/retention", parameters)).json["2026-11-21"].counts, [1, 2]);
      const unbounded = await lab.query("/retention", { ...parameters, unbounded_retention: "true" });
      assert.deepEqual(unbounded.json["2026-11-21"], { counts: [3, 2], first: 3 });
    },
  },
  "3.5-6": {
    says: "compounded retention has those who did the event that day as first, and needs no born_event",
    async holds(lab) {
      loadPlayers(lab, { a: [60, DAY_S + 120], b: [60] });
      const { from_date, to_date, event } = RETENTION;
      const parameters = { from_date, to_date, event, retention_type: "compounded", unit: "day" };
      assert.equal((await lab.query("/retention", parameters)).json["2026-11-21"].first, 2);
      assert.equal((await lab.query("/retention", { from_date, to_date, event, unit: "day" })).status, 400);
    },
  },
  "3.5-7": {
    says: "bookmark_id is accepted, and born_where and where choose",
    async holds(lab) {
      loadPlayers(lab, { a: [60], b: [60] });
      const parameters = { ...RETENTION, unit: "day", bookmark_id: "5" };
      const first = async (more: Record<string, string>) =>
        (await lab.query("/retention", { ...parameters, ...more })).json["2026-11-21"];
      assert.equal((await first({})).first, 2);
      assert.equal((await first({ born_where: 'properties["$insert_id"] == "a-join"' })).first, 1);
      assert.deepEqual((await first({ where: 'properties["$insert_id"] == "a-0"' })).counts[0], 1);
    },
  },
  "3.5-8": {
    says: "frequency wants unit and addiction_unit",
    async holds(lab) {
      for (const one of [{ unit: "day" }, { addiction_unit: "hour" }] as Record<string, string>[]) {
        assert.equal((await lab.query("/retention/addiction", { ...RANGE, ...one })).status, 400);
      }
    },
  },
});

facts("3.6", "insights", {
  "3.6-1": {
    says: "a saved report has when and of what range it was computed, headers and series, with the zone in its dates",
    async holds(lab) {
      lab.load([record(), record({ $insert_id: "i-2" })]);
      const time = [{ ...RANGE_OF_DAYS, value: Object.values(RANGE) }];
      const saved = { name: "R", type: "insights", params: params({ show: [metric("Signup")], time }) };
      lab.store.savedObjects.put(projectId, "report", 5, saved);
      const { json } = await lab.query("/insights", { bookmark_id: "5" });
      for (const name of ["computed_at", "date_range", "headers", "series"]) assert.ok(name in json, name);
      assert.match(json.computed_at, /^2026-11-23T12:00:00\.\d+\+00:00$/);
      assert.match(json.date_range.from_date, /^2026-11-22T00:00:00\+00:00$/);
      assert.match(json.date_range.to_date, /^2026-11-23T23:59:59/);
      assert.deepEqual(json.headers, ["$metric"]);
      assert.deepEqual(json.series, {
        "Signup [Total Events]": { "2026-11-22T00:00:00+00:00": 0, "2026-11-23T00:00:00+00:00": 2 },
      });
    },
  },
  "3.6-2": {
    says: "of a funnel the series has counts and ratios by step",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 6, { name: "F", steps: ["Open", "Buy"] });
      lab.load([record({}, "Open"), record({ time: NOW_SECONDS - 30, $insert_id: "i-2" }, "Buy")]);
      const { json } = await lab.query("/insights", { bookmark_id: "6" });
      const { count, step_conv_ratio, overall_conv_ratio } = json.series["Open through Buy"];
      assert.deepEqual(count, { "1. Open": { all: 1 }, "2. Buy": { all: 1 } });
      assert.deepEqual([step_conv_ratio["2. Buy"], overall_conv_ratio["2. Buy"]], [{ all: 1 }, { all: 1 }]);
    },
  },
  "3.6-3": {
    says: "of a retention report it has first, counts and rates by date, and an average",
    async holds(lab) {
      loadPlayers(lab, { a: [60], b: [] });
      const time = [{ ...RANGE_OF_DAYS, value: ["2026-11-21", "2026-11-23"] }];
      const show = [{
        type: "metric",
        behavior: {
          type: "retention",
          retentionType: "birth",
          retentionUnit: "day",
          retentionAlignmentType: "birth",
          retentionCustomBucketSizes: [],
          retentionUnboundedMode: "none",
          behaviors: ["Join", "Play"].map((name) => metric(name).behavior),
        },
        measurement: { math: "retention_rate" },
      }];
      const saved = { name: "R", type: "retention", params: params({ show, time }, "retention-curve") };
      lab.store.savedObjects.put(projectId, "report", 7, saved);
      const series = (await lab.query("/insights", { bookmark_id: "7" })).json.series["Join and then Play"];
      const [day] = Object.keys(series).filter((key) => key.startsWith("2026-11-21"));
      const { first, counts, rates } = series[day!];
      assert.deepEqual([first, counts.length, rates.length], [2, counts.length, counts.length]);
      assert.ok(rates.every((rate: number) => rate >= 0 && rate <= 1));
      assert.equal("$average" in series, true);
    },
  },
});

facts("3.7", "profiles, further", {
  "3.7-7": {
    says: "the whole number is said on the first page alone",
    settings: { profilePageSize: 1 },
    async holds(lab) {
      for (const id of ["a", "b"]) lab.store.profiles.put(projectId, "", id, {});
      const { session_id, total } = (await lab.query("/engage", {}, form({}))).json;
      const { json } = await lab.query("/engage", {}, form({ session_id, page: "1" }));
      assert.deepEqual([total, "total" in json, json.page], [2, false, 1]);
    },
  },
  "3.7-8": {
    says: "pages have 1000 profiles, and the last one fewer",
    async holds(lab) {
      for (let n = 0; n < 1001; n++) lab.store.profiles.put(projectId, "", `u-${n}`, {});
      const first = (await lab.query("/engage", {}, form({}))).json;
      const { json } = await lab.query("/engage", {}, form({ session_id: first.session_id, page: "1" }));
      assert.deepEqual([first.page_size, first.results.length, json.results.length], [1000, 1000, 1]);
    },
  },
  "3.7-9": {
    says: "a GET works too, and a cohort may be named in a form, in JSON and in the query string",
    async holds(lab) {
      for (const [id, plan] of [["a", "pro"], ["b", "free"]] as const) {
        lab.store.profiles.put(projectId, "", id, { plan });
      }
      const cohort = { name: "Pro", filter: JSON.stringify({ selector: 'properties["plan"] == "pro"' }) };
      const { id } = (await lab.query("/cohorts", {}, form(cohort))).json;
      const filter_by_cohort = JSON.stringify({ id });
      const json = {
        method: "POST",
        body: JSON.stringify({ filter_by_cohort }),
        headers: { "content-type": "application/json" },
      };
      const answers = [
        await lab.query("/engage", { filter_by_cohort }),
        await lab.query("/engage", {}, form({ filter_by_cohort, include_all_users: "false" })),
        await lab.query("/engage", {}, json),
      ];
      for (const { json: { results } } of answers) {
        assert.deepEqual(results.map((one: { $distinct_id: string }) => one.$distinct_id), ["a"]);
      }
    },
  },
  "3.7-10": {
    says: "profiles of groups are asked for by a data_group_id, which is longer than a double",
    async holds(lab) {
      await lab.post("/groups", [
        { $token: SANDBOX.token, $group_key: "company", $group_id: "acme", $set: { plan: "pro" } },
      ]);
      const [group] = (await lab.app("GET", `/projects/${projectId}/data-groups/`)).json.results;
      assert.equal(group.property_name, "company");
      assert.match(String(group.data_group_id), /^\d{19}$/);
      const { json } = await lab.query("/engage", {}, form({ data_group_id: String(group.data_group_id) }));
      assert.deepEqual(json.results.map((one: { $distinct_id: string }) => one.$distinct_id), ["acme"]);
    },
  },
  "3.7-11": {
    says: "$distinct_id is a text, and $last_seen an ISO time without a zone, which compares as a text",
    async holds(lab) {
      await lab.post("/engage", [{ $token: SANDBOX.token, $distinct_id: 42, $set: { a: 1 } }]);
      const seen = async (where: string) => (await lab.query("/engage", {}, form({ where }))).json.results;
      const [{ $distinct_id, $properties }] = await seen('properties["$last_seen"] >= "2026-11-23T00:00:00"');
      assert.deepEqual([$distinct_id, $properties.$last_seen], ["42", "2026-11-23T12:00:00"]);
      assert.deepEqual(await seen('properties["$last_seen"] >= "2026-11-24T00:00:00"'), []);
    },
  },
  "3.7-12": {
    says: "behaviors of more than a page want as_of_timestamp",
    settings: { profilePageSize: 2 },
    async holds(lab) {
      for (const id of ["a", "b", "c"]) {
        lab.store.profiles.put(projectId, "", id, {});
        lab.load([record({ distinct_id: id, $insert_id: id }, "Buy")]);
      }
      const behaviors = '[{"window":"30d","name":"b1","event_selectors":[{"event":"Buy"}]}]';
      const parameters = { behaviors, where: '(behaviors["b1"] > 0)' };
      const without = (await lab.query("/engage", {}, form(parameters))).json;
      const next = { session_id: without.session_id, page: "1" };
      const refused = await lab.query("/engage", {}, form({ ...parameters, ...next }));
      assert.deepEqual([refused.status, refused.json.error], [400, "request for page in uncached query for params"]);
      const timed = { ...parameters, as_of_timestamp: String(NOW_SECONDS) };
      const { session_id } = (await lab.query("/engage", {}, form(timed))).json;
      const { json } = await lab.query("/engage", {}, form({ ...timed, session_id, page: "1" }));
      assert.deepEqual(json.results.map((one: { $distinct_id: string }) => one.$distinct_id), ["c"]);
    },
  },
  "3.7-13": {
    says: "/engage/revenue is gone",
    async holds(lab) {
      assert.equal((await lab.query("/engage/revenue")).status, 404);
    },
  },
});
