/** Saved reports, and params that are typed, with something else asked in them. (facts 2.12) */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { openQueryLab, PROJECT_ID } from "./query_lab.ts";

let lab: ProgramLab;
before(() => {
  lab = openQueryLab();
  lab.store.savedObjects.put(PROJECT_ID, "report", 9010, {
    name: "Ways",
    type: "flows",
    params: {
      steps: [{ event: "Sign Up", step_label: "Sign Up", forward: 2, reverse: 0, bool_op: "and" }],
      date_range: { type: "in the last", from_date: { unit: "day", value: 3 }, to_date: "$now" },
      ...{ chartType: "sankey", flows_merge_type: "graph", count_type: "unique", cardinality_threshold: 3, version: 2 },
      conversion_window: { unit: "day", value: 7 },
      filter_by_event: {
        operator: "and",
        children: [{
          ...{ propertyName: "country", resourceType: "events", filterType: "string" },
          ...{ filterOperator: "is set", filterValue: null },
        }],
      },
    },
  });
});
after(() => lab.stop());

const query = (...line: string[]) => lab.mp(["query", ...line, "--no-pacing"]);
const csv = async (...line: string[]) => {
  const { stdout, stderr } = await query(...line, "-f", "csv");
  assert.notEqual(stdout, "", stderr);
  return stdout.trimEnd().split("\n").slice(1);
};
const params = async (...line: string[]) => JSON.parse((await query(...line, "--print-params")).stdout);
const refusal = async (...line: string[]) => {
  const before = lab.requests.length;
  const { code, stderr } = await query(...line);
  assert.equal(code, 3, stderr);
  assert.equal(lab.requests.slice(before).filter(({ method }) => method === "POST").length, 0);
  return stderr;
};

describe("a saved report of insights", () => {
  it("keeps the published endpoint where nothing else is asked", async () => {
    const before = lab.requests.length;
    await query("insights", "9001");
    assert.deepEqual(lab.requests.slice(before).map(({ method }) => method), ["GET"]);
  });

  it("is asked about other days", async () => {
    const days = ["--from", "2026-11-21", "--to", "2026-11-21"];
    assert.deepEqual(await csv("insights", "9001", ...days), ["2026-11-21,Sign Up [Total Events],2"]);
    assert.deepEqual((await params("insights", "9001", "--last", "2w")).sections.time, [
      { dateRangeType: "in the last", unit: "day", window: { unit: "week", value: 2 } },
    ]);
  });

  it("is split, narrowed and added up", async () => {
    assert.deepEqual(await csv("insights", "9001", "--by", "country", "--totals"), [
      "Sign Up [Total Events],$overall,3",
      "Sign Up [Total Events],DE,2",
      "Sign Up [Total Events],US,1",
    ]);
    const line = ["--where", 'properties["country"] == "DE"', "--cumulative"];
    assert.deepEqual((await csv("insights", "9001", ...line)).map((row) => row.split(",").at(-1)), ["1", "2", "2"]);
    const { filter } = (await params("insights", "9001", "--cohort", "8001", ...line)).sections;
    assert.deepEqual(filter.map(({ value }: { value: string }) => value), ["country", "$cohorts"]);
  });

  it("is compared with other days", async () => {
    const line = ["--from", "2026-11-22", "--to", "2026-11-22", "--compare", "previous"];
    const [row] = await csv("insights", "9001", ...line);
    assert.match(row!, /^2026-11-22,Sign Up \[Total Events\],1,2026-11-21,2,-1,-50$/);
    assert.match(await refusal("insights", "9001", "--compare", "previous"), /--compare without days/);
  });

  it("has a link of its own when it is changed", async () => {
    const address = (await query("insights", "9001", "--totals", "--link")).stdout.trim();
    assert.match(address, /insights#[\w-]{12}$/);
    assert.match((await query(address)).stdout, /"all":3/);
  });

  it("refuses what it says itself, by the name that was typed", async () => {
    assert.match(await refusal("insights", "9001", "--event", "A"), /--event together with a saved report/);
    assert.match(await refusal("insights", "9001", "--per-user", "total"), /--per-user/);
    assert.match(
      await refusal("insights", "9001", "--where", 'properties["a"] == 1 or properties["b"] == 2'),
      /"or" in --where/,
    );
    assert.match(await refusal("insights", "9001", "--where", 'number(properties["a"]) == 1'), /\^/);
    assert.match(await refusal("insights", "9001", "--rolling", "7"), /at most 3 in these days/);
  });
});

describe("a saved funnel", () => {
  const DAYS = ["--from", "2026-11-21", "--to", "2026-11-23"];

  it("is split and counted otherwise", async () => {
    assert.deepEqual(
      (await csv("funnel", "7001", "--by", "country", ...DAYS)).map((row) => row.split(",").slice(0, 4)),
      [
        ["$overall", "1", "Sign Up", "3"],
        ["$overall", "2", "Purchase", "2"],
        ["DE", "1", "Sign Up", "2"],
        ["DE", "2", "Purchase", "2"],
        ["US", "1", "Sign Up", "1"],
        ["US", "2", "Purchase", "0"],
      ],
    );
    // ann takes 27 hours, and cid 17.
    const [, bought] = await csv("funnel", "7001", "--within", "20h", ...DAYS);
    assert.match(bought!, /^2,Purchase,1,/);
    const { behavior, measurement } = (await params(
      ...[
        "funnel",
        "7001",
        "--any-order",
        "--math",
        "total",
        "--hold",
        "country",
        "--exclude",
        "X",
        "--reentry",
        "basic",
      ],
    )).sections.show[0];
    assert.deepEqual(behavior.behaviors.map(({ funnelOrder }: { funnelOrder: string }) => funnelOrder), ["any", "any"]);
    assert.deepEqual([behavior.funnelOrder, behavior.funnelReentryMode, measurement.math], [
      "any",
      "basic",
      "conversion_rate_total",
    ]);
    assert.deepEqual(behavior.aggregateBy, [{ value: "country", resourceType: "events" }]);
    assert.deepEqual(behavior.exclusions, [{ event: "X", steps: { from: 1, to: 2 } }]);
  });

  it("keeps its window, and takes the flags of the published endpoint along", async () => {
    const { sections, displayOptions } = await params(
      ...[
        "funnel",
        "7001",
        "--on",
        'properties["country"]',
        "--unit",
        "day",
        "--where",
        'properties["a"] == 1',
        ...DAYS,
      ],
    );
    assert.equal(sections.show[0].behavior.conversionWindowDuration, 7);
    assert.deepEqual(sections.group.map(({ value }: { value: string }) => value), ["country"]);
    assert.equal(sections.filter.length, 1);
    assert.equal(displayOptions.chartType, "line");
    assert.deepEqual(sections.time[0].value, ["2026-11-21", "2026-11-23"]);
  });

  it("is refused with a window that is too long, and what it is none", async () => {
    assert.match(await refusal("funnel", "7001", "--within", "400d"), /1 to 367 days/);
    assert.match(await refusal("funnel", "7001", "--exclude", "X:2-3"), /has 2 steps/);
    assert.match(await refusal("funnel", "7001", "--by", "a", "--bucket-days", "2", ...DAYS), /--unit day/);
    assert.match(await refusal("funnel", "9001", "--by", "country"), /none of named steps/);
  });

  it("is a report by the same id", async () => {
    const { stdout } = await query(
      `https://mixpanel.com/project/${PROJECT_ID}/app/funnels#view/7001`,
      ...DAYS,
      "-f",
      "json",
    );
    assert.match(stdout, /"1\. Sign Up":\{"all":3\}/);
  });
});

describe("saved flows", () => {
  it("are asked about other days, and narrowed", async () => {
    const { date_range, filter_by_event, filter_by_cohort } = await params(
      ...["flows", "9010", "--since", "2026-11-21", "--until", "2026-11-22", "--cohort", "8001"],
      ...["--where", 'properties["country"] == "DE"'],
    );
    assert.deepEqual(date_range, { type: "between", from_date: "2026-11-21", to_date: "2026-11-22" });
    assert.deepEqual(filter_by_event.children.map(({ filterOperator }: { filterOperator: string }) => filterOperator), [
      "is set",
      "equals",
    ]);
    assert.equal(filter_by_cohort.id, 8001);
    const [anchor] = await csv("flows", "9010", "--since", "2026-11-21", "--until", "2026-11-21");
    assert.match(anchor!, /^0,Sign Up,2,/);
  });

  it("keep their own cohort, and what they join by or", async () => {
    const typed = await params("flows", "9010", "--cohort", "8001");
    assert.match(await refusal("flows", "--params", JSON.stringify(typed), "--cohort", "8002"), /they have one/);
    const { children } = typed.filter_by_event;
    const either = { ...typed, filter_by_event: { operator: "or", children: [...children, ...children] } };
    const condition = ["--where", 'properties["a"] == 1'];
    assert.match(await refusal("flows", "--params", JSON.stringify(either), ...condition), /joined by "or"/);
  });

  it("refuse what they say themselves", async () => {
    assert.match(await refusal("flows", "9010", "--from", "X"), /--from together with a saved report/);
    assert.match(await refusal("flows", "9010", "--last", "2d", "--shape", "tree"), /--shape/);
    assert.match(
      await refusal(
        `https://mixpanel.com/project/${PROJECT_ID}/app/flows#report/9010`,
        "--compare",
        "previous",
        "--last",
        "2d",
      ),
      /not numbers over time|no numbers over time/,
    );
  });
});

describe("mp reports run", () => {
  it("asks about other days, whatever the kind", async () => {
    const run = async (...line: string[]) =>
      (await lab.mp(["reports", "run", ...line, "--no-pacing", "-f", "csv"])).stdout;
    const days = ["--from", "2026-11-21", "--to", "2026-11-21"];
    assert.equal(await run("9001", ...days), "date,metric,value\n2026-11-21,Sign Up [Total Events],2\n");
    assert.match(await run("9002", ...days, "--by", "country"), /\nDE,1,Sign Up,1,/);
    assert.match(await run("9010", ...days), /\n0,Sign Up,2,/);
  });
});

describe("params that are typed", () => {
  it("are asked about other days", async () => {
    const typed = JSON.stringify(await params("insights", "9001"));
    const days = ["--from", "2026-11-22", "--to", "2026-11-22"];
    assert.deepEqual(await csv("insights", "--params", typed, ...days), ["2026-11-22,Sign Up [Total Events],1"]);
    assert.match(await refusal("insights", "--params", typed, "--event", "A"), /--event together with --params/);
    const retention = JSON.stringify(await params("retention", "Sign Up", "Purchase", "--last", "3d"));
    const { show, time } =
      (await params("retention", "--params", retention, "--last", "3w", "--unit", "week")).sections;
    assert.deepEqual([show[0].behavior.retentionUnit, time[0].unit, time[0].window.value], ["week", "week", 3]);
  });
});
