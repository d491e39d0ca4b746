/** Questions that are asked by a report's JSON, against a server that answers as Mixpanel's is known to. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { cells } from "./query_lab.ts";
import { openStubbed, type Stubbed } from "./stubbed.ts";

const folder = temporaryFolder();
let stubbed: Stubbed;
beforeEach(async () => void (stubbed = await openStubbed()));
afterEach(() => stubbed.server.finish());

const mp = (...line: string[]) =>
  stubbed.mp(["query", ...line, "--no-pacing"], { env: { HOME: folder.path("home") }, stdin: "" });
const body = () => JSON.parse(stubbed.server.requests.at(-1)!.text);
const answers = (json: unknown, times = 1) => stubbed.server.on("POST", "/api/query/insights", { json }, times);
const RANGE = ["--from", "2026-11-01", "--to", "2026-11-02"];

const LINE = {
  computed_at: "2026-11-23T08:00:00.120+00:00",
  date_range: { from_date: "2026-11-01T00:00:00-07:00", to_date: "2026-11-02T23:59:59-07:00" },
  headers: ["$metric"],
  series: {
    "Purchase [Total Events]": { "2026-11-01T00:00:00-07:00": 12, "2026-11-02T00:00:00-07:00": 7 },
  },
  meta: { is_segmentation_limit_hit: false, min_sampling_factor: 1, sub_query_count: 1 },
};

describe("mp query insights --event", () => {
  it("sends the bookmark that the fact sheet has, with the project in the body, and prints dates", async () => {
    answers(LINE);
    const { code, stdout, stderr } = await mp(
      ...["insights", "--event", "Purchase", "--math", "total:amount", "--by", "plan", "--limit", "10", ...RANGE],
      ...["--where", 'user["plan"] == "pro"', "-f", "csv"],
    );
    assert.equal(code, 0, stderr);
    assert.equal(
      stdout,
      "date,metric,value\n2026-11-01,Purchase [Total Events],12\n2026-11-02,Purchase [Total Events],7\n",
    );
    assert.match(stderr, /POST \/insights, which Mixpanel does not publish/);
    const { project_id, bookmark, queryLimits } = body();
    assert.equal(typeof project_id, "number");
    assert.deepEqual(queryLimits, { limit: 10 });
    assert.deepEqual(bookmark, {
      sections: {
        show: [{
          type: "metric",
          isHidden: false,
          behavior: { type: "event", name: "Purchase", resourceType: "events", filtersDeterminer: "all", filters: [] },
          measurement: {
            math: "total",
            property: { name: "amount", resourceType: "events", type: "number" },
            perUserAggregation: null,
          },
        }],
        time: [{ dateRangeType: "between", unit: "day", value: ["2026-11-01", "2026-11-02"] }],
        filter: [{
          resourceType: "people",
          value: "plan",
          filterType: "string",
          defaultType: "string",
          filterOperator: "equals",
          filterValue: ["pro"],
        }],
        group: [{
          value: "plan",
          propertyName: "plan",
          resourceType: "events",
          propertyType: "string",
          propertyDefaultType: "string",
        }],
      },
      displayOptions: { chartType: "line", plotStyle: "standard", analysis: "linear", value: "absolute" },
    });
    assert.equal(stubbed.server.requests.at(-1)!.query.get("project_id"), null);
  });

  it("hides what a formula is made of, and puts alternatives on each event", async () => {
    answers(LINE);
    const { code } = await mp(
      ...["insights", "--event", "Sign Up", "--event", "Purchase", "--formula", "B / A * 100", ...RANGE],
      ...["--where", '(properties["a"] == 1 or properties["b"] == "x") and properties["c"] == true'],
    );
    assert.equal(code, 0);
    const { show, filter } = body().bookmark.sections;
    assert.deepEqual(show.map((one: { isHidden: boolean }) => one.isHidden), [true, true, false]);
    assert.equal(show[2].definition, "B / A * 100");
    for (const { behavior } of show.slice(0, 2)) {
      assert.equal(behavior.filtersDeterminer, "any");
      assert.deepEqual(behavior.filters.map((one: { value: string }) => one.value), ["a", "b"]);
    }
    assert.deepEqual(filter.map((one: { filterOperator: string }) => one.filterOperator), ["true"]);
  });

  it("has a row and a bar for each number with --totals", async () => {
    answers({
      headers: ["$metric", "plan"],
      series: { "Purchase [Unique Users]": { $overall: { all: 3 }, pro: { all: 2 }, free: { all: 1 } } },
    }, 2);
    const question = ["insights", "--event", "Purchase", "--math", "unique", "--by", "plan", "--totals", ...RANGE];
    const { stdout } = await mp(...question, "-f", "csv");
    assert.equal(body().bookmark.displayOptions.chartType, "bar");
    assert.equal(
      stdout,
      "metric,plan,value\nPurchase [Unique Users],$overall,3\nPurchase [Unique Users],pro,2\nPurchase [Unique Users],free,1\n",
    );
    assert.match((await mp(...question, "-f", "chart")).stdout, /^pro +2/m);
  });

  it("names the segments of a single metric by what they are", async () => {
    const day = (value: number) => ({ "2026-08-01T00:00:00+00:00": value });
    const question = ["insights", "--event", "Purchase", "--by", "plan", "--by", "country", ...RANGE];
    answers({ headers: ["$metric", "plan", "country"], series: { A: { $overall: day(3), pro: { DE: day(1) } } } });
    const { stdout } = await mp(...question, "-f", "csv");
    assert.equal(stdout, "date,plan · country,value\n2026-08-01,$overall,3\n2026-08-01,pro · DE,1\n");
    answers({ headers: ["$metric", "plan"], series: { A: { pro: day(2) }, B: { pro: day(1) } } });
    assert.match((await mp(...question, "-f", "csv")).stdout, /^date,metric,value\n2026-08-01,A · pro,2$/m);
  });

  it("says that an answer was cut or sampled", async () => {
    answers({ ...LINE, meta: { is_segmentation_limit_hit: true, min_sampling_factor: 0.1 } });
    const { stderr } = await mp("insights", "--event", "Purchase", ...RANGE);
    assert.match(stderr, /more segments than came/);
    assert.match(stderr, /sampled 10% of the users/);
  });

  it("fails where the server says an error with status 200", async () => {
    answers({ error: "Invalid bookmark: unknown key" });
    const { code, stderr } = await mp("insights", "--event", "Purchase", ...RANGE);
    assert.equal(code, 3);
    assert.match(stderr, /Invalid bookmark: unknown key/);
  });

  it("says of nothing but zeros that a custom event is counted by its id", async () => {
    answers({ headers: ["$metric"], series: { "Orders [Total Events]": { "2026-11-01T00:00:00": 0 } } });
    const { code, stderr } = await mp("insights", "--event", "Orders", ...RANGE);
    assert.equal(code, 0);
    assert.match(stderr, /\$custom_event:ID/);
  });

  it("asks about custom events, cohorts and saved metrics by their ids", async () => {
    answers(LINE);
    await mp(
      ...["insights", "--event", "$custom_event:7", "--cohort-size", "88", "--metric", "501", "--last", "30d"],
      ...["--cohort", "9:Payers", "--not-cohort", "8"],
    );
    const { show, filter, time } = body().bookmark.sections;
    assert.equal(show[0].behavior.name, "$custom_event:7");
    assert.equal(show[0].behavior.id, 7);
    assert.equal(show[0].behavior.type, "custom-event");
    assert.deepEqual(show[1], { type: "metric", id: 501 });
    assert.deepEqual([show[2].behavior.type, show[2].behavior.id, show[2].measurement.math], ["cohort", 88, "unique"]);
    assert.deepEqual(time, [{ dateRangeType: "in the last", unit: "day", window: { unit: "day", value: 30 } }]);
    assert.deepEqual(filter.map((one: { filterOperator: string }) => one.filterOperator), [
      "contains",
      "does not contain",
    ]);
    assert.deepEqual(filter[0].filterValue, [{ cohort: { id: 9, name: "Payers", negated: false } }]);
  });

  it("compares with other days by a second question", async () => {
    answers(LINE);
    answers({
      ...LINE,
      series: { "Purchase [Total Events]": { "2026-10-30T00:00:00-07:00": 6, "2026-10-31T00:00:00-07:00": 7 } },
    });
    const { stdout } = await mp("insights", "--event", "Purchase", ...RANGE, "--compare", "previous", "-f", "csv");
    assert.deepEqual(body().bookmark.sections.time[0].value, ["2026-10-30", "2026-10-31"]);
    assert.match(stdout, /2026-11-01,Purchase \[Total Events\],12,2026-10-30,6,6,100/);
  });

  it("prints the JSON and sends nothing with --print-params, and asks with it by --params", async () => {
    const { stdout } = await mp("insights", "--event", "Purchase", "--last", "7d", "--print-params");
    const params = JSON.parse(stdout);
    assert.equal(stubbed.server.requests.length, 0);
    answers(LINE);
    const { code } = await mp("insights", "--params", JSON.stringify({ ...params, legend: { a: 1 } }), "-f", "csv");
    assert.equal(code, 0);
    assert.deepEqual(body().bookmark, { ...params, legend: { a: 1 } });
  });

  it("prints the server's own CSV", async () => {
    stubbed.server.on("POST", "/api/query/insights", {
      headers: { "content-type": "text/csv" },
      body: "Date,Purchase\n",
    });
    const { stdout } = await mp("insights", "--event", "Purchase", ...RANGE, "--server-format", "csv");
    assert.equal(stdout, "Date,Purchase\n");
    assert.equal(body().format, "csv");
  });

  for (
    const [line, words] of [
      [["--math", "unique:amount"], /count unique of a property/],
      [["--math", "average"], /average of nothing/],
      [["--math", "sum:amount"], /did you mean --math total:PROPERTY/],
      [["--rolling", "7", "--cumulative"], /--rolling with --cumulative/],
      [["--formula", "A / C"], /C[^]*no metric C/],
      [["--by", "a", "--by", "b", "--by", "c", "--by", "d", "--by", "e", "--by", "f"], /at most 5/],
      [["--where", 'number(properties["x"]) > 5'], /\^[^]*--where 'properties\["x"\] > 5'/],
      [["--where", 'properties["a"] == properties["b"]'], /\^.*fixed value/],
      [["--per-user", "total"], /without a property/],
      [["--cohort", "Payers"], /not a numeric id/],
      [["--by", 'properties["a"] + 1'], /takes a property, and no expression/],
      [["--by", "amount:0"], /width of its ranges/],
      [["--by", "amount:-5"], /width of its ranges/],
      [["--by", "amount:10:50-0"], /end before they begin/],
      [["--rolling", "3"], /at most 2 in these days/],
      [["--rolling", "2", "--totals"], /--totals with --rolling/],
      [["--cumulative", "--totals"], /--totals with --cumulative/],
      [["--math", "total", "--math", "unique", "--event", "B", "--together"], /2 --math with --together/],
      [["--math", "p200:amount"], /percentile 200/],
      [["--math", "custom_percentile:amount"], /--math p95:PROPERTY/],
      [["--metric", "5", "--where", 'properties["a"] == 1 or properties["b"] == 2'], /"or" in --where.*--metric/],
    ] as const
  ) {
    it(`refuses ${line.join(" ")} before a request`, async () => {
      const { code, stderr } = await mp("insights", "--event", "Purchase", ...line, ...RANGE);
      assert.equal(code, 3);
      assert.match(stderr, words);
    });
  }
});

describe("mp query funnel with steps", () => {
  const STEPS = {
    headers: ["$funnel"],
    series: {
      "Visit through Buy": {
        count: { "1. Visit": { all: 90 }, "2. Buy": { all: 30 } },
        step_conv_ratio: { "1. Visit": { all: 1 }, "2. Buy": { all: 1 / 3 } },
        overall_conv_ratio: { "1. Visit": { all: 1 }, "2. Buy": { all: 1 / 3 } },
        avg_time: { "1. Visit": { all: null }, "2. Buy": { all: 3600 } },
        avg_time_from_start: { "1. Visit": { all: null }, "2. Buy": { all: 3600 } },
      },
    },
  };

  it("shows them as a saved funnel's", async () => {
    answers(STEPS);
    const { stdout, stderr } = await mp("funnel", "Visit", "Buy", "--within", "7d", ...RANGE, "-f", "table");
    assert.deepEqual(cells(stdout), [
      ["1", "Visit", "90", "100.0%", "█".repeat(20)],
      ["2", "Buy", "30", "33.3%", "33.3%", "1 h 00 m", `${"█".repeat(6)}▋`],
    ], stderr);
    const { show, formula } = body().bookmark.sections;
    assert.deepEqual(formula, []);
    assert.deepEqual(show[0].measurement, { math: "conversion_rate_unique", property: null, stepIndex: null });
    const { behaviors, ...behavior } = show[0].behavior;
    assert.deepEqual(behavior, {
      type: "funnel",
      resourceType: "events",
      funnelOrder: "loose",
      conversionWindowDuration: 7,
      conversionWindowUnit: "day",
      exclusions: [],
      aggregateBy: [],
      filter: [],
    });
    assert.deepEqual(behaviors[1], {
      type: "event",
      id: null,
      name: "Buy",
      filters: [],
      filtersDeterminer: "all",
      funnelOrder: "loose",
    });
    assert.equal(body().bookmark.displayOptions.chartType, "funnel-steps");
  });

  it("has a line for each segment where it is split, everybody first", async () => {
    const node = STEPS.series["Visit through Buy"];
    answers({ headers: ["$funnel", "plan"], series: { "Visit through Buy": { pro: node, $overall: node } } });
    const { stdout } = await mp("funnel", "Visit", "Buy", "--by", "plan", ...RANGE, "-f", "csv");
    assert.match(stdout, /^segment,step,event,count,conversion,from_previous,avg_time\n\$overall,1,Visit,90,1,,\n/);
    assert.match(stdout, /\npro,2,Buy,30,0\.333\d*,0\.333\d*,3600\n/);
  });

  it("keeps the older endpoint for an id", async () => {
    stubbed.server.on("GET", "/api/query/funnels", { json: { meta: { dates: [] }, data: {} } });
    assert.equal((await mp("funnel", "7001", ...RANGE)).code, 0);
  });

  for (
    const [line, words] of [
      [["Visit"], /not a numeric id/],
      [["Visit", "Buy", "--within", "400d"], /1 to 367 days/],
      [["Visit", "Buy", "--math", "session"], /--within 1session/],
      [["Visit", "Buy", "--exclude", "Refund:2-3"], /has 2 steps/],
      [["Visit", "Buy", "--within", "soon"], /not a span of time/],
      [["Visit", "Buy", "--on", 'number(properties["a"])'], /--by PROPERTY/],
    ] as const
  ) {
    it(`refuses ${line.join(" ")} before a request`, async () => {
      const { code, stderr } = await mp("funnel", ...line, ...RANGE);
      assert.equal(code, 3);
      assert.match(stderr, words);
    });
  }
});

describe("mp query retention with two events", () => {
  const ROWS = {
    headers: ["$retention"],
    series: {
      "Sign Up and then Purchase": {
        "2026-11-01T00:00:00": { first: 40, counts: [40, 20], rates: [1, 0.5] },
        $average: { first: 40, counts: [40, 20], rates: [1, 0.5] },
      },
    },
  };

  it("shows a row for each period, and conditions stand on the events", async () => {
    answers(ROWS);
    const { stdout, stderr } = await mp(
      ...["retention", "Sign Up", "Purchase", "--unit", "day", "--carry", "back", ...RANGE, "-f", "csv"],
      ...["--born-where", 'properties["a"] == 1', "--where", 'properties["b"] == "x" or properties["c"] == "y"'],
    );
    assert.equal(stdout, "date,people,day_0,day_1\n2026-11-01,40,40,20\n", stderr);
    assert.match(stderr, /With --carry/);
    const { behavior, measurement } = body().bookmark.sections.show[0];
    assert.deepEqual(measurement, { math: "retention_rate", property: null });
    assert.deepEqual([behavior.retentionType, behavior.retentionUnit, behavior.retentionUnboundedMode], [
      "birth",
      "day",
      "carry_back",
    ]);
    assert.deepEqual(behavior.behaviors.map((one: { filtersDeterminer: string }) => one.filtersDeterminer), [
      "all",
      "any",
    ]);
  });

  it("refuses what only the published endpoint has, and intervals that do not rise", async () => {
    const interval = await mp("retention", "Sign Up", "Purchase", "--interval-count", "3", ...RANGE);
    assert.equal(interval.code, 3);
    assert.match(interval.stderr, /--interval-count/);
    const falling = await mp("retention", "Sign Up", "Purchase", "--intervals", "3,1", ...RANGE);
    assert.match(falling.stderr, /must rise/);
  });
});

describe("mp query flows", () => {
  it("sends steps, and shows the events of each column in both spellings", async () => {
    stubbed.server.on("POST", "/api/query/arb_funnels", {
      json: {
        steps: [
          {
            nodes: [{
              event: "Visit",
              totalCount: "10",
              type: "ANCHOR",
              edges: [{ event: "Buy", totalCount: "4", type: "NORMAL" }],
            }],
          },
          {
            nodes: [{ event: "Buy", total_count: "4", type: "FORWARD", edges: [] }, {
              event: "x",
              totalCount: "6",
              type: "DROPOFF",
            }],
          },
        ],
      },
    });
    const { stdout, stderr } = await mp("flows", "--from", "Visit", "--steps", "1", "--last", "7d", "-f", "csv");
    assert.equal(
      stdout,
      "step,event,count,share,leads_to\n0,Visit,10,1,Buy 4\n1,Buy,4,0.4,\n1,(drop-off),6,0.6,\n",
      stderr,
    );
    const { query_type, bookmark, project_id } = body();
    assert.equal(query_type, "flows_sankey");
    assert.equal(typeof project_id, "number");
    assert.deepEqual(bookmark.steps, [
      { event: "Visit", step_label: "Visit", forward: 1, reverse: 0, bool_op: "and", property_filter_params_list: [] },
    ]);
    assert.deepEqual(bookmark.date_range, {
      type: "in the last",
      from_date: { unit: "day", value: 7 },
      to_date: "$now",
    });
  });

  for (
    const [line, words] of [
      [["--from", "Visit", "--steps", "0", "--last", "7d"], /no steps/],
      [["--from", "Visit", "--count", "session", "--within", "7d", "--last", "7d"], /1session/],
      [["--from", "Visit"], /--since DAY/],
      [["--last", "7d"], /--from is missing/],
    ] as const
  ) {
    it(`refuses ${line.join(" ")} before a request`, async () => {
      const { code, stderr } = await mp("flows", ...line);
      assert.equal(code, 3);
      assert.match(stderr, words);
    });
  }
});
