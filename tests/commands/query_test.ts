import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { cells, openQueryLab, PROJECT_ID } from "./query_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const project_id = String(PROJECT_ID);
const range = { from_date: "2026-11-21", to_date: "2026-11-23" };
const query = (...argv: string[]) => lab.sends(["query", ...argv, "--no-pacing"]);

describe("query numeric, sum and average", () => {
  it("split, add up and average a number of an event", async () => {
    const numeric = await query("numeric", "Purchase", "amount", "--last", "3d", "-f", "csv");
    assert.equal(numeric.path, "/api/query/segmentation/numeric");
    assert.deepEqual(numeric.query, { project_id, event: "Purchase", ...range, on: 'properties["amount"]' });
    assert.match(numeric.stdout, /^date,range,value\n/);
    assert.match(numeric.stdout, /2026-11-22,30 - \d+,1\n/);

    const sum = await query("sum", "Purchase", 'properties["amount"] * 2', "--last", "3d", "-f", "csv");
    assert.equal(sum.path, "/api/query/segmentation/sum");
    assert.equal(sum.stdout, "date,sum\n2026-11-21,0\n2026-11-22,60\n2026-11-23,25\n");

    const average = await query("average", "Purchase", "amount", "--from", "2026-11-22", "--unit", "day", "-f", "csv");
    assert.equal(average.path, "/api/query/segmentation/average");
    assert.deepEqual(average.query.unit, "day");
    assert.equal(average.stdout, "date,average\n2026-11-22,30\n2026-11-23,12.5\n");
  });

  it("draw a chart", async () => {
    const { stdout } = await query("sum", "Purchase", "amount", "--last", "3d", "-f", "chart");
    assert.match(stdout, /2026-11-21|Nov/);
  });

  it("refuse units that the endpoints do not take", async () => {
    const { code, stderr } = await lab.mp(["query", "sum", "Purchase", "amount", "--last", "3d", "--unit", "week"]);
    assert.equal(code, 3);
    assert.match(stderr, /--unit/);
  });
});

describe("query funnel", () => {
  it("shows the steps of a saved funnel with their shares and times", async () => {
    const sent = await query("funnel", "7001", "--last", "3d", "--bucket-days", "3", "-f", "table");
    assert.equal(sent.path, "/api/query/funnels");
    assert.deepEqual(sent.query, { project_id, funnel_id: "7001", ...range, interval: "3" });
    assert.deepEqual(cells(sent.stdout), [
      ["1", "Sign Up", "3", "100.0%", "█".repeat(20)],
      ["2", "Purchase", "2", "66.7%", "66.7%", "22 h 00 m", `${"█".repeat(13)}▍`],
    ]);
  });

  it("names the days and segments when there are several", async () => {
    const { stdout } = await query("funnel", "7001", "--last", "3d", "--unit", "day", "--on", "country", "-f", "csv");
    const lines = stdout.split("\n");
    assert.equal(lines[0], "date,segment,step,event,count,conversion,from_previous,avg_time");
    assert.ok(lines.includes("2026-11-21,DE,2,Purchase,1,1,1,97200"), stdout);
    assert.ok(lines.includes("2026-11-21,$overall,2,Purchase,1,0.5,0.5,97200"), stdout);
  });

  it("draws bars for one period, with shares of the first step, and lines for several", async () => {
    const bars = await query("funnel", "7001", "--last", "3d", "-f", "chart");
    assert.match(bars.stdout, /^1\. Sign Up +3 +100\.0% █+\n2\. Purchase +2 +66\.7% █+.\n$/);
    const lines = await query("funnel", "7001", "--last", "3d", "--unit", "day", "-f", "chart");
    assert.match(lines.stdout, /conversion %/);
  });

  it("passes the window on, and refuses one of more than 90 days", async () => {
    const window = await query("funnel", "7001", "--last", "3d", "--length", "2", "--length-unit", "hour");
    assert.equal(window.query.length, "2");
    assert.equal(window.query.length_unit, "hour");
    const before = lab.requests.length;
    const { code, stderr } = await lab.mp(
      ["query", "funnel", "7001", "--last", "3d", "--length", "2161", "--length-unit", "hour"],
    );
    assert.equal(code, 3);
    assert.match(stderr, /--length: longer than 90 days/);
    assert.equal(lab.requests.length, before);
  });

  it("says that there is no such funnel", async () => {
    const { code, stderr } = await lab.mp(["query", "funnel", "1", "--last", "3d", "--no-pacing"]);
    assert.equal(code, 4);
    assert.match(stderr, /Funnel 1 not found/);
  });
});

describe("query retention", () => {
  it("shows cohorts with the share that came back", async () => {
    const sent = await query(
      "retention",
      "Sign Up",
      ...["--event", "Purchase", "--last", "3d", "--interval-count", "1", "--unit", "day", "-f", "table"],
    );
    assert.equal(sent.path, "/api/query/retention");
    assert.deepEqual(sent.query, {
      project_id,
      ...range,
      born_event: "Sign Up",
      event: "Purchase",
      interval_count: "1",
      unit: "day",
    });
    assert.deepEqual(cells(sent.stdout), [
      ["2026-11-21", "2", "0.0%", "50.0%"],
      ["2026-11-22", "1", "100.0%", "0.0%"],
      // Nobody signed up: there is nothing to take a share of.
      ["2026-11-23", "0", "0"],
    ]);
  });

  it("marks in report files what can still change, and says what the mark means", async () => {
    const flags = ["--event", "Purchase", "--last", "3d", "--interval-count", "1", "--unit", "day"];
    const { stdout } = await query("retention", "Sign Up", ...flags, "-f", "md");
    const cells = stdout.split("\n").filter((line) => line.startsWith("| 2026"))
      .map((line) => line.split("|").slice(3, -1).map((cell) => cell.trim()));
    // It is noon of the 23rd: whoever signed up on the 22nd is in the second day at most.
    assert.deepEqual(cells, [["0.0%", "50.0%\\*"], ["100.0%\\*", "0.0%\\*"], ["0\\*", ""]]);
    assert.match(stdout, /\n\\\* not over yet: people can still come back\n/);
    const page = await query("retention", "Sign Up", ...flags, "-f", "html");
    assert.match(page.stdout, /<th scope="row">2026-11-22<\/th><td class="n">1<\/td><td class="n">100\.0%\*<\/td>/);
    assert.match(page.stdout, /<\/table>\n<\/div>\n<p class="note">\* not over yet: people can still come back<\/p>/);
  });

  it("says of which weeks it has a part, and what --unbounded does to its numbers", async () => {
    const argv = [
      "query",
      "retention",
      "Sign Up",
      "--event",
      "Purchase",
      "--unit",
      "week",
      "-f",
      "table",
      "--no-pacing",
    ];
    const cut = await lab.mp([...argv, "--from", "2026-11-12", "--to", "2026-11-22"]);
    assert.equal(cut.stderr, "the week of 2026-11-09 is counted only from 2026-11-12\n");
    const whole = await lab.mp([...argv, "--from", "2026-11-09", "--to", "2026-11-23"]);
    assert.equal(whole.stderr, "");
    const later = await lab.mp([...argv, "--from", "2026-11-09", "--to", "2026-11-23", "--unbounded"]);
    assert.match(later.stderr, /^With --unbounded every value can still rise, .*\n$/);
  });

  it("writes counts for programs, with segments when they are asked for", async () => {
    const { stdout, query: sent } = await query(
      "retention",
      "Sign Up",
      ...["--last", "3d", "--unit", "week", "--on", "country", "--unbounded", "-f", "csv"],
    );
    assert.equal(sent.unbounded_retention, "true");
    assert.match(stdout, /^date,segment,people,week_0,week_1\n2026-11-16,DE,3,2,0\n/);
  });

  it("needs no born event when every time counts", async () => {
    const compounded = await query(
      "retention",
      "--retention-type",
      "compounded",
      "--event",
      "Purchase",
      "--last",
      "3d",
    );
    assert.equal(compounded.query.retention_type, "compounded");
    const { code, stderr } = await lab.mp(["query", "retention", "--last", "3d"]);
    assert.equal(code, 3);
    assert.match(stderr, /<born-event>: name the event that begins it/);
  });
});

describe("query frequency", () => {
  it("has a column for each number of hours or days that somebody reached", async () => {
    const sent = await query("frequency", "--last", "3d", "--unit", "week", "--part", "day", "-f", "csv");
    assert.equal(sent.path, "/api/query/retention/addiction");
    assert.deepEqual(sent.query, { project_id, ...range, unit: "week", addiction_unit: "day" });
    assert.equal(sent.stdout, "date,1_days,2_days\n2026-11-16,3,1\n2026-11-23,1,0\n");
  });

  it("draws the people of all periods", async () => {
    const { stdout } = await query(
      "frequency",
      ...["--last", "3d", "--unit", "week", "--part", "day", "--event", "Purchase", "-f", "chart"],
    );
    assert.match(stdout, /^at least 1 day 2 +100\.0% █+\n$/);
  });
});

describe("query insights", () => {
  it("shows a saved report over time", async () => {
    const sent = await query("insights", "9001", "-f", "csv");
    assert.equal(sent.path, "/api/query/insights");
    assert.deepEqual(sent.query, { project_id, bookmark_id: "9001" });
    assert.equal(
      sent.stdout,
      "date,segment,value\n" +
        "2026-11-21,Sign Up [Total Events],2\n2026-11-22,Sign Up [Total Events],1\n2026-11-23,Sign Up [Total Events],0\n",
    );
  });

  it("shows saved funnels and retention as tables", async () => {
    const funnel = await query("insights", "9002", "-f", "csv");
    assert.match(funnel.stdout, /^funnel,step,segment,count,step_conv_ratio,overall_conv_ratio,/);
    assert.match(funnel.stdout, /\nSign Up through Purchase,2\. Purchase,all,2,0\.666/);
    const retention = await query("insights", "9003", "-f", "table");
    assert.deepEqual(cells(retention.stdout)[0], ["2026-11-21", "2", "100.0%", "50.0%", "0.0%"]);
    const average = cells(retention.stdout).at(-1)!;
    assert.deepEqual([average[0], average[2]], ["$average", "100.0%"]);
  });

  it("says that a report counts nothing", async () => {
    const { stderr } = await query("insights", "9005", "-f", "md");
    assert.equal(stderr, "Nothing was counted in these days\n");
    assert.equal((await query("insights", "9001", "-f", "md")).stderr, "");
  });

  it("says that there is no such report", async () => {
    const { code, stderr } = await lab.mp(["query", "insights", "5", "--no-pacing"]);
    assert.equal(code, 4);
    assert.match(stderr, /Report 5 not found/);
  });
});

describe("query activity", () => {
  it("lists the events of single users", async () => {
    const sent = await query("activity", "ann", "bob", "--last", "3d", "-f", "csv");
    assert.equal(sent.path, "/api/query/stream/query");
    assert.equal(sent.query.distinct_ids, '["ann","bob"]');
    const [head, ...lines] = sent.stdout.trimEnd().split("\n");
    assert.match(head!, /^time,event,distinct_id,/);
    assert.equal(lines.length, 3);
    assert.match(lines[0]!, /^2026-11-21 08:00:00,Sign Up,ann,/);
  });
});

describe("expressions of a query", () => {
  it("are checked before anything is sent, and sent as typed with --no-check", async () => {
    const before = lab.requests.length;
    const argv = ["query", "segmentation", "Purchase", "--last", "3d", "--where", "properties['amount'] = 3"];
    const { code, stderr } = await lab.mp(argv);
    assert.equal(code, 3);
    assert.match(stderr, /write --where 'properties\["amount"\] == 3'/);
    assert.equal(lab.requests.length, before);
    const forced = await lab.mp([...argv, "--no-check", "--no-pacing"]);
    assert.equal(forced.code, 3);
    assert.match(forced.stderr, /invalid expression at character/);
    assert.equal(lab.requests.at(-1)!.query.where, "properties['amount'] = 3");
  });

  it("wrap the bare name of a property to split by, and say so", async () => {
    const sent = await query("segmentation", "Purchase", "--last", "3d", "--on", "country", "-f", "csv");
    assert.equal(sent.query.on, 'properties["country"]');
    assert.match(sent.stderr, /^--on country is read as properties\["country"\]\n/);
  });

  it("are held against the event's properties on request", async () => {
    const argv = ["query", "segmentation", "Purchase", "--last", "3d", "--on", "amuont", "--check-properties"];
    const { code, stderr } = await lab.mp([...argv, "--no-pacing"]);
    assert.equal(code, 3);
    assert.match(stderr, /There is no property "amuont"/);
    assert.match(stderr, /write --on 'properties\["amount"\]'/);
    assert.equal(lab.requests.at(-1)!.path, "/api/query/events/properties/top");
    const fine = await lab.mp([
      "query",
      "sum",
      "Purchase",
      "amount",
      "--last",
      "3d",
      "--check-properties",
      "--no-pacing",
    ]);
    assert.equal(fine.code, 0);
  });

  it("that find no value anywhere are pointed out", async () => {
    const { stderr } = await query("segmentation", "Sign Up", "--last", "3d", "--on", "plan", "-f", "table");
    assert.match(stderr, /No 'Sign Up' has a value for properties\["plan"\]; 'mp events properties "Sign Up"'/);
  });
});
