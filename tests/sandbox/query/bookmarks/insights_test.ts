import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../../src/sandbox/defaults.ts";
import { record } from "../../lab.ts";
import { at } from "../report_lab.ts";
import { BookmarkLab, by, filter, metric, params, RANGE } from "./bookmark_lab.ts";

const AMOUNT = { name: "amount", resourceType: "events", type: "number" };
const AGE = { name: "age", resourceType: "events", type: "number" };
const days = (...values: unknown[]) =>
  Object.fromEntries(values.map((value, index) => [`2026-11-${21 + index}T00:00:00+00:00`, value]));

/** The one series of a metric of sign-ups, by day. */
async function signups(measurement: object, more: object = {}): Promise<unknown> {
  const { series } = await new BookmarkLab().ask(params({ show: [metric("Signup", measurement)], ...more }));
  return Object.values(series)[0];
}

describe("math of insights (facts 2.5)", () => {
  it("counts events, people, people so far and sessions", async () => {
    assert.deepEqual(await signups({ math: "total" }), days(2, 1, 2));
    assert.deepEqual(await signups({ math: "unique" }), days(1, 1, 1));
    assert.deepEqual(await signups({ math: "cumulative_unique" }), days(1, 2, 3));
    // An hour lies between the two events of a day.
    assert.deepEqual(await signups({ math: "sessions" }), days(2, 1, 2));
  });

  it("counts people who were active in the days before", async () => {
    assert.deepEqual(await signups({ math: "dau" }), days(1, 1, 1));
    assert.deepEqual(await signups({ math: "wau" }), days(1, 2, 3));
    const only = { time: [{ ...RANGE, value: ["2026-11-23", "2026-11-23"] }] };
    assert.deepEqual(await signups({ math: "mau" }, only), { "2026-11-23T00:00:00+00:00": 3 });
  });

  it("sums, averages and ranks a property, by event or by person", async () => {
    assert.deepEqual(await signups({ math: "total", property: AGE }), days(40, 35, 100));
    assert.deepEqual(await signups({ math: "average", property: AGE }), days(20, 35, 50));
    assert.deepEqual(await signups({ math: "custom_percentile", percentile: 50, property: AGE }), days(20, 35, 50));
    assert.deepEqual(await signups({ math: "unique_values", property: { name: "country", resourceType: "events" } }), {
      ...days(1, 1, 1),
    });
    assert.deepEqual(await signups({ math: "most_frequent", property: { name: "country", resourceType: "events" } }), {
      ...days("DE", "US", "DE"),
    });
    const perUser = { math: "average", property: AGE, perUserAggregation: "total" };
    assert.deepEqual(await signups(perUser), days(40, 35, 100));
    assert.deepEqual(
      await signups({ math: "histogram", property: AGE, perUserAggregation: "max" }),
      days({ 20: 1 }, { 35: 1 }, { 50: 1 }),
    );
  });

  it("refuses what the servers refuse, and says what the emulator cannot compute", async () => {
    const refused = async (measurement: object) =>
      await new BookmarkLab().refusal(params({ show: [metric("Signup", measurement)] }));
    assert.match(await refused({ math: "unique", property: AGE }), /takes no property/);
    assert.match(await refused({ math: "average" }), /requires a property/);
    assert.match(await refused({ math: "histogram", property: AGE }), /requires perUserAggregation/);
    assert.match(await refused({ math: "total", perUserAggregation: "max" }), /requires a property/);
    assert.match(await refused({ math: "sum", property: AGE }), /"sum", which is not one of/);
    assert.match(
      await refused({ math: "multi_attribution", property: AGE }),
      /does not compute math "multi_attribution"/,
    );
  });
});

describe("charts and analysis (facts 2.2, 2.10)", () => {
  it("have totals as {all: n} but in charts over time, where the unit has no effect", async () => {
    const lab = new BookmarkLab();
    for (const chart of ["bar", "table", "insights-metric", "pie"]) {
      const { series } = await lab.ask(params({ show: [metric("Signup", { math: "unique" })] }, chart));
      assert.deepEqual(series, { "Signup [Unique Users]": { all: 3 } });
    }
  });

  it("roll and add up, for all metrics or for one, but not both", async () => {
    const lab = new BookmarkLab();
    const ask = (displayOptions: object, measurement: object = { math: "total" }) =>
      lab.ask({ ...params({ show: [metric("Signup", measurement)] }), displayOptions });
    const one = async (...asked: Parameters<typeof ask>) => Object.values((await ask(...asked)).series)[0];
    const rolling = { chartType: "line", analysis: "rolling", rollingWindowSize: 2 };
    // Fewer points than the range has days.
    assert.deepEqual(await one(rolling), {
      "2026-11-22T00:00:00+00:00": 1.5,
      "2026-11-23T00:00:00+00:00": 1.5,
    });
    assert.deepEqual(await one({ chartType: "line", analysis: "cumulative" }), days(2, 3, 5));
    assert.deepEqual(await one({ chartType: "line" }, { math: "total", cumulative: true }), days(2, 3, 5));
    const both = {
      ...params({ show: [metric("Signup", { math: "total", cumulative: true })] }),
      displayOptions: rolling,
    };
    assert.match(await lab.refusal(both), /exclude each other/);
  });

  it("compare with an earlier time, named at the root or in displayOptions", async () => {
    const lab = new BookmarkLab();
    const time = [{ ...RANGE, value: ["2026-11-22", "2026-11-22"] }];
    const timeComparison = { type: "relative", value: "day" };
    const sections = { show: [metric("Signup")], time };
    const display = { ...params(sections), displayOptions: { chartType: "line", timeComparison } };
    for (const asked of [params(sections, "line", { timeComparison }), display]) {
      const { series, time_comparison } = await lab.ask(asked);
      assert.deepEqual(series["Signup [Total Events]"], { "2026-11-22T00:00:00+00:00": 1 });
      assert.equal(time_comparison.date_range.from_date, "2026-11-21T00:00:00+00:00");
      assert.deepEqual(time_comparison.series["Signup [Total Events]"], { "2026-11-21T00:00:00+00:00": 2 });
    }
    const absolute = { timeComparison: { type: "absolute-start", value: "2026-11-20" } };
    const { time_comparison } = await lab.ask(params(sections, "line", absolute));
    assert.equal(time_comparison.date_range.to_date, "2026-11-20T23:59:59+00:00");
  });
});

describe("time of a question (facts 2.4)", () => {
  it("reads all kinds of ranges, and units of the clock", async () => {
    const at = async (entry: object) => await signups({ math: "total" }, { time: [{ unit: "day", ...entry }] });
    const last = await at({ dateRangeType: "in the last", window: { unit: "day", value: 3 } });
    assert.deepEqual(last, days(2, 1, 2));
    assert.deepEqual(await at({ dateRangeType: "since", value: "2026-11-21" }), days(2, 1, 2));
    assert.deepEqual(await at({ dateRangeType: "on", value: "2026-11-21" }), days(2));
    const after = { dateRangeType: "relative_after", value: "2026-11-21", window: { unit: "day", value: 2 } };
    assert.deepEqual(await at(after), days(2, 1, 2));
    const weekdays = await at({ ...RANGE, unit: "day_of_week" }) as Record<string, number>;
    assert.deepEqual([weekdays.Saturday, weekdays.Sunday, weekdays.Monday, weekdays.Friday], [2, 1, 2, 0]);
    const hours = await at({ ...RANGE, unit: "hour" }) as Record<string, number>;
    assert.equal(hours["2026-11-21T08:00:00+00:00"], 1);
    assert.deepEqual(await at({ ...RANGE, unit: "quarter" }), { "2026-10-01T00:00:00+00:00": 5 });
  });

  it("takes exactly one entry, of days that exist", async () => {
    const lab = new BookmarkLab();
    const show = [metric("Signup")];
    assert.match(await lab.refusal(params({ show, time: [] })), /exactly one entry/);
    assert.match(await lab.refusal(params({ show, time: [RANGE, RANGE] })), /exactly one entry/);
    assert.match(
      await lab.refusal(params({ show, time: [{ ...RANGE, value: ["2026-02-30", "2026-03-01"] }] })),
      /date/,
    );
    assert.match(
      await lab.refusal(params({ show, time: [{ ...RANGE, value: ["2026-03-02", "2026-03-01"] }] })),
      /before/,
    );
  });
});

describe("metrics and formulas (facts 2.5 to 2.7)", () => {
  it("computes formulas of the metrics before, hidden ones included, segment by segment", async () => {
    const lab = new BookmarkLab();
    const show = [
      { ...metric("Signup"), isHidden: true },
      metric("Purchase"),
      { type: "formula", name: "Rate", definition: "(B / A) * 100", measurement: {}, referencedMetrics: [] },
    ];
    assert.deepEqual((await lab.ask(params({ show }, "bar"))).series, {
      "Purchase [Total Events]": { all: 2 },
      Rate: { all: 40 },
    });
    const split = await lab.ask(params({ show, group: [by("$event_name")] }, "bar"));
    assert.deepEqual(split.series.Rate, {
      $overall: { all: 40 },
      Purchase: { all: null },
      Signup: { all: 0 },
    });
  });

  it("takes operands of its own, and refuses formulas that are none", async () => {
    const lab = new BookmarkLab();
    const formula = (definition: string, more: object = {}) => ({
      type: "formula",
      definition,
      measurement: {},
      ...more,
    });
    const referencedMetrics = [metric("Purchase"), metric("Signup", { math: "unique" })];
    const { series } = await lab.ask(params({ show: [formula("A - -2 * B", { referencedMetrics })] }, "bar"));
    assert.deepEqual(series, { "A - -2 * B": { all: 8 } });
    for (const text of ["A +", "B", "(A", "A B", "", "A ^ 2"]) {
      assert.match(await lab.refusal(params({ show: [metric("Signup"), formula(text)] })), /Invalid formula/);
    }
  });

  it("counts several events as one, once a person; filters of the outer behavior have no effect", async () => {
    const lab = new BookmarkLab();
    const inner = (name: string, filters: object[] = []) => ({
      type: "event",
      id: null,
      name,
      filters,
      filtersDeterminer: "all",
    });
    const simple = (behaviors: object[], more: object = {}) => ({
      type: "metric",
      behavior: { type: "simple", name: "Anything", behaviors, ...more },
      measurement: { math: "unique" },
    });
    const all = simple([inner("Signup"), inner("Purchase")], {
      filters: [filter("country", "string", "equals", ["US"])],
    });
    assert.deepEqual((await lab.ask(params({ show: [all] }, "bar"))).series, { "Anything [Unique Users]": { all: 3 } });
    const fromUs = simple([inner("Signup", [filter("country", "string", "equals", ["US"])]), inner("Purchase")]);
    assert.deepEqual((await lab.ask(params({ show: [fromUs] }, "bar"))).series, {
      "Anything [Unique Users]": { all: 2 },
    });
    assert.match(await lab.refusal(params({ show: [simple([])] })), /behaviors is empty/);
  });

  it("counts any event, custom events by their id, and nothing by their display name", async () => {
    const lab = new BookmarkLab();
    const made = await lab.send(`/api/app/projects/${SANDBOX.projectId}/custom_events/`, {
      method: "POST",
      body: new URLSearchParams({
        name: "Active",
        alternatives: JSON.stringify([{ event: "Signup" }, { event: "Purchase" }]),
      }),
    });
    const { id } = made.json.custom_event;
    const total = async (name: string, type = "event") =>
      await lab.totals({ show: [metric(name, { math: "total" }, { type, id: type === "event" ? null : id })] });
    assert.deepEqual(await total("$all_events"), { all: 7 });
    assert.deepEqual(await total(`$custom_event:${id}`, "custom-event"), { all: 7 });
    assert.deepEqual(await total(`$custom_event:${id}`), { all: 7 });
    assert.deepEqual(await total("Active", "custom-event"), { all: 0 });
  });

  it("knows the size of a saved cohort, and fails on one that is not saved", async () => {
    const lab = new BookmarkLab();
    lab.store.profiles.put(SANDBOX.projectId, "", "a", { plan: "pro" });
    lab.store.profiles.put(SANDBOX.projectId, "", "b", { plan: "free" });
    lab.store.savedObjects.put(SANDBOX.projectId, "cohort", 88, {
      name: "Payers",
      selector: 'properties["plan"] == "pro"',
    });
    const cohort = (more: object) => ({
      type: "metric",
      behavior: {
        type: "cohort",
        name: "Payers",
        resourceType: "cohorts",
        filtersDeterminer: "all",
        filters: [],
        ...more,
      },
      measurement: { math: "unique" },
    });
    assert.deepEqual((await lab.ask(params({ show: [cohort({ id: 88 })] }, "bar"))).series, {
      "Payers [Unique Users]": { all: 1 },
    });
    await lab.refusal(params({ show: [cohort({ raw_cohort: { selector: {} } })] }), 500);
    const people = { ...cohort({}), behavior: { type: "people", name: "Profiles", resourceType: "people" } };
    assert.deepEqual((await lab.ask(params({ show: [people] }, "bar"))).series, {
      "Profiles [Unique Users]": { all: 2 },
    });
    const customProperty = {
      displayFormula: 'if(A == "pro", 10, 1)',
      composedProperties: { A: { value: "plan", type: "string", resourceType: "user" } },
      resourceType: "people",
    };
    const { value: _, ...condition } = filter("", "number", "is greater than", 5);
    const paying = { ...people, behavior: { ...people.behavior, filters: [{ ...condition, customProperty }] } };
    assert.deepEqual(await lab.totals({ show: [paying] }), { all: 1 });
    const worth = { ...people, measurement: { math: "total", property: { customProperty, name: "" } } };
    assert.deepEqual(await lab.totals({ show: [worth] }), { all: 11 });
  });

  it("merges overrides into saved metrics", async () => {
    const lab = new BookmarkLab();
    const made = await lab.send(`/api/app/projects/${SANDBOX.projectId}/metrics/`, {
      method: "POST",
      body: JSON.stringify({
        name: "Orders",
        type: "metric",
        definition: { behavior: metric("Purchase").behavior, measurement: { math: "total", property: AMOUNT } },
      }),
      headers: { "content-type": "application/json" },
    });
    const [id] = Object.keys(made.json.results);
    const saved = { type: "metric", id: Number(id) };
    assert.deepEqual((await lab.ask(params({ show: [saved] }, "bar"))).series, { Orders: { all: 15 } });
    const average = { ...saved, overrides: { name: "Mean", measurement: { math: "average" } } };
    assert.deepEqual((await lab.ask(params({ show: [average] }, "bar"))).series, { Mean: { all: 7.5 } });
  });

  it("has funnels and retention as single numbers beside other metrics", async () => {
    const lab = new BookmarkLab();
    const step = (name: string) => ({ type: "event", name, filters: [], filtersDeterminer: "all" });
    const pair = [step("Signup"), step("Purchase")];
    const funnel = {
      type: "metric",
      behavior: { type: "funnel", behaviors: pair },
      measurement: { math: "conversion_rate" },
    };
    const retention = {
      type: "metric",
      behavior: { type: "retention", retentionUnit: "day", behaviors: pair },
      measurement: { math: "unique", retentionBucketIndex: 0 },
    };
    const { series } = await lab.ask(params({ show: [metric("Signup"), funnel, retention] }, "bar"));
    assert.equal(series["Signup through Purchase"].all, 2 / 3);
    assert.equal(series["Signup and then Purchase"].all, 3);
  });

  it("gives metrics of one label different names, and tells all events from those of people", async () => {
    const lab = new BookmarkLab();
    lab.load([record({ time: at("2026-11-22T11:00:00"), distinct_id: "", $insert_id: "n" })]);
    const { series, meta } = await lab.ask(params({ show: [metric("Signup"), metric("Signup")] }, "bar"));
    assert.deepEqual(series, { "Signup [Total Events]": { all: 6 }, "Signup [Total Events] #2": { all: 6 } });
    assert.equal(meta.sub_query_count, 2);
    assert.deepEqual(await lab.totals({ show: [metric("Signup", { math: "unique" })] }), { all: 3 });
  });
});
