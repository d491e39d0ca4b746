/** Answers to reports that the emulator does not give: odd names of segments, other shapes, nobody at all. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openStubbed, type Stubbed } from "./stubbed.ts";

const folder = temporaryFolder();
let stubbed: Stubbed;
beforeEach(async () => void (stubbed = await openStubbed()));
afterEach(() => stubbed.server.finish());

/** What a question prints as CSV when the server answers with this series. */
async function csvOf(series: object, headers: string[], ...line: string[]): Promise<string[]> {
  stubbed.server.on("POST", "/api/query/insights", { json: { headers, series } });
  const range = line.includes("--params") ? [] : ["--from", "2026-11-01", "--to", "2026-11-02"];
  const { stdout, stderr } = await stubbed.mp(["query", ...line, ...range, "--no-pacing", "-f", "csv"], {
    env: { HOME: folder.path("home") },
    stdin: "",
  });
  assert.notEqual(stdout, "", stderr);
  return stdout.trimEnd().split("\n");
}

const steps = (visits: number, buys: number, ratio: number) => ({
  count: { "1. Visit": { all: visits }, "2. Buy": { all: buys } },
  step_conv_ratio: { "1. Visit": { all: 1 }, "2. Buy": { all: ratio } },
  overall_conv_ratio: { "1. Visit": { all: 1 }, "2. Buy": { all: ratio } },
  avg_time: { "1. Visit": { all: null }, "2. Buy": { all: null } },
  avg_time_from_start: { "1. Visit": { all: null }, "2. Buy": { all: null } },
});
const row = (first: number, second: number) => ({ first, counts: [first, second], rates: [1, second / first] });

describe("an answer to retention", () => {
  it("has segments that are called as dates are", async () => {
    const series = {
      "A and then B": {
        $overall: { "2026-11-01T00:00:00": row(10, 5), $average: row(10, 5) },
        "2026-03-05": { "2026-11-01T00:00:00": row(8, 2), $average: row(8, 2) },
      },
    };
    const line = ["retention", "A", "B", "--by", "due:datetime", "--unit", "day"];
    assert.deepEqual(await csvOf(series, ["$retention", "due"], ...line), [
      "date,segment,people,day_0,day_1",
      "2026-11-01,$overall,10,10,5",
      "2026-11-01,2026-03-05,8,8,2",
    ]);
  });

  it("has segments that are called as its own keys are, and dates above them", async () => {
    const series = { "A and then B": { "2026-11-01T00:00:00": { first: row(10, 5), counts: row(8, 2) } } };
    assert.deepEqual(await csvOf(series, ["$retention", "x"], "retention", "A", "B", "--by", "x", "--unit", "day"), [
      "date,segment,people,day_0,day_1",
      "2026-11-01,first,10,10,5",
      "2026-11-01,counts,8,8,2",
    ]);
  });
});

describe("an answer to a funnel", () => {
  const HEAD = "segment,step,event,count,conversion,from_previous,avg_time";

  it("has segments that are called as dates and its own keys are", async () => {
    const series = {
      "Visit through Buy": { $overall: steps(9, 3, 1 / 3), "2026-03-05": steps(5, 1, 0.2), count: steps(4, 2, 0.5) },
    };
    assert.deepEqual(await csvOf(series, ["$funnel", "due"], "funnel", "Visit", "Buy", "--by", "due"), [
      HEAD,
      "$overall,1,Visit,9,1,,",
      `$overall,2,Buy,3,${1 / 3},${1 / 3},`,
      "2026-03-05,1,Visit,5,1,,",
      "2026-03-05,2,Buy,1,0.2,0.2,",
      "count,1,Visit,4,1,,",
      "count,2,Buy,2,0.5,0.5,",
    ]);
  });

  it("over time has such segments, too", async () => {
    const series = { "Visit through Buy": { "2026-03-05": { "2026-11-01T00:00:00": steps(5, 1, 0.2) } } };
    const line = ["funnel", "Visit", "Buy", "--by", "due", "--unit", "day"];
    const [head, first] = await csvOf(series, ["$funnel", "due"], ...line);
    assert.equal(head, HEAD);
    assert.equal(first, "2026-03-05,1,Visit,5,1,,");
  });

  it("has no shares where nobody began", async () => {
    assert.deepEqual(await csvOf({ "Visit through Buy": steps(0, 0, 0) }, ["$funnel"], "funnel", "Visit", "Buy"), [
      "step,event,count,conversion,from_previous,avg_time",
      "1,Visit,0,,,",
      "2,Buy,0,,,",
    ]);
  });

  it("of which nobody did the first step is remarked on", async () => {
    stubbed.server.on("POST", "/api/query/insights", { json: { series: { "Visit through Buy": steps(0, 0, 0) } } });
    const line = ["query", "funnel", "Visit", "Buy", "--from", "2026-11-01", "--to", "2026-11-02", "--no-pacing"];
    const { stderr } = await stubbed.mp(line, { env: { HOME: folder.path("home") }, stdin: "" });
    assert.match(stderr, /No 'Visit' in these days/);
  });

  it("is shown as one for a saved behavior, of which the report tells nothing", async () => {
    const params = {
      sections: {
        show: [{
          type: "metric",
          behavior: { type: "funnel", id: 9 },
          measurement: { math: "conversion_rate_unique" },
        }],
        time: [{ dateRangeType: "in the last", unit: "day", window: { unit: "day", value: 2 } }],
      },
      displayOptions: { chartType: "funnel-steps" },
    };
    const line = ["insights", "--params", JSON.stringify(params)];
    const [head, first] = await csvOf({ "Visit through Buy": steps(9, 3, 1 / 3) }, ["$funnel"], ...line);
    assert.match(head!, /^funnel,step,segment,count,/);
    assert.match(first!, /^Visit through Buy,1\. Visit,all,9,/);
  });
});

describe("an answer to insights", () => {
  it("by hours of the day keeps their order", async () => {
    const params = {
      sections: {
        show: [{
          type: "metric",
          behavior: { type: "event", name: "A", filters: [] },
          measurement: { math: "unique" },
        }],
        time: [{ dateRangeType: "in the last", unit: "hour_of_day", window: { unit: "day", value: 2 } }],
      },
      displayOptions: { chartType: "line" },
    };
    const hours = { "9 AM": 1, "10 AM": 2, "1 PM": 3 };
    const line = ["insights", "--params", JSON.stringify(params)];
    assert.deepEqual((await csvOf({ "A [Unique Users]": hours }, ["$metric"], ...line)).slice(1), [
      "9 AM,A [Unique Users],1",
      "10 AM,A [Unique Users],2",
      "1 PM,A [Unique Users],3",
    ]);
  });

  it("by hours has hours alone, and both of those that a clock shows twice", async () => {
    const line = ["insights", "--event", "A", "--unit", "hour"];
    const plain = { "2026-11-02T00:00:00-08:00": 1, "2026-11-02T01:00:00-08:00": 2 };
    assert.deepEqual((await csvOf({ A: plain }, ["$metric"], ...line)).slice(1), [
      "2026-11-02 00:00:00,A,1",
      "2026-11-02 01:00:00,A,2",
    ]);
    const twice = { "2026-11-01T01:00:00-07:00": 1, "2026-11-01T01:00:00-08:00": 2 };
    assert.deepEqual((await csvOf({ A: twice }, ["$metric"], ...line)).slice(1), [
      "2026-11-01T01:00:00-07:00,A,1",
      "2026-11-01T01:00:00-08:00,A,2",
    ]);
  });

  it("has parts below dates and totals", async () => {
    const day = { "2026-11-01T00:00:00": { count: 2, sum: 5 }, "2026-11-02T00:00:00": { count: 1, sum: 3 } };
    const line = ["insights", "--event", "A", "--math", "numeric_summary:x"];
    assert.deepEqual(await csvOf({ "A [Summary of x]": day }, ["$metric"], ...line), [
      "date,metric,value",
      "2026-11-01,A [Summary of x] · count,2",
      "2026-11-01,A [Summary of x] · sum,5",
      "2026-11-02,A [Summary of x] · count,1",
      "2026-11-02,A [Summary of x] · sum,3",
    ]);
    const total = ["insights", "--event", "A", "--math", "histogram:x", "--per-user", "total", "--totals", "--by", "y"];
    const series = { "A [Distribution of x]": { $overall: { all: { "10": 2 } }, all: { all: { "10": 1, "20": 1 } } } };
    assert.deepEqual(await csvOf(series, ["$metric", "y"], ...total), [
      "metric,y,part,value",
      "A [Distribution of x],$overall,10,2",
      "A [Distribution of x],all,10,1",
      "A [Distribution of x],all,20,1",
    ]);
  });

  it("in which nothing has the property is remarked on", async () => {
    const series = { A: { $overall: { all: 3 }, undefined: { all: 3 } } };
    stubbed.server.on("POST", "/api/query/insights", { json: { headers: ["$metric", "plan"], series } });
    const line = ["query", "insights", "--event", "A", "--by", "plan", "--totals", "--last", "2d", "--no-pacing"];
    const { stderr } = await stubbed.mp(line, { env: { HOME: folder.path("home") }, stdin: "" });
    assert.match(stderr, /No 'A' has a value for properties\["plan"\]/);
  });

  it("about the other days of a comparison says that it was cut or sampled", async () => {
    const series = { A: { "2026-11-01T00:00:00": 1 } };
    stubbed.server.on("POST", "/api/query/insights", { json: { series } });
    const meta = { is_segmentation_limit_hit: true, min_sampling_factor: 0.0004 };
    stubbed.server.on("POST", "/api/query/insights", { json: { series, meta } });
    const line = ["query", "insights", "--event", "A", "--last", "1d", "--compare", "previous", "--no-pacing"];
    const { stderr } = await stubbed.mp(line, { env: { HOME: folder.path("home") }, stdin: "" });
    assert.match(stderr, /more segments than came/);
    assert.match(stderr, /sampled 0\.04% of the users/);
  });

  it("in words is an answer", async () => {
    stubbed.server.on("POST", "/api/query/insights", {
      json: { series: { "A [Most Frequent of x]": { all: "Tea" } } },
    });
    const line = ["query", "insights", "--event", "A", "--math", "most_frequent:x", "--totals", "--last", "2d"];
    const { stderr } = await stubbed.mp([...line, "--no-pacing"], { env: { HOME: folder.path("home") }, stdin: "" });
    assert.doesNotMatch(stderr, /No 'A'/);
  });
});
