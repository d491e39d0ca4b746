/** What reports over time have besides one series: another range, active users, and the top events of a range. */
import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { cells, openQueryLab } from "./query_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

async function sent(argv: string[]) {
  const from = lab.requests.length;
  const result = await lab.mp([...argv, "--no-pacing"]);
  assert.equal(result.code, 0, result.stderr);
  return { ...result, requests: lab.requests.slice(from) };
}

describe("--compare", () => {
  it("asks for the other days too, and shows the difference, but not of what is not over", async () => {
    const { stdout, stderr, requests } = await sent(
      ["query", "segmentation", "Sign Up", "--from", "2026-11-22", "--to", "2026-11-23", "--compare", "2026-11-21"],
    );
    assert.deepEqual(requests.map(({ query }) => [query.from_date, query.to_date]), [
      ["2026-11-22", "2026-11-23"],
      ["2026-11-21", "2026-11-22"],
    ]);
    const { current, compared } = JSON.parse(stdout);
    assert.deepEqual(current.data.values["Sign Up"], { "2026-11-22": 1, "2026-11-23": 0 });
    assert.deepEqual(compared.data.values["Sign Up"], { "2026-11-21": 2, "2026-11-22": 1 });
    assert.equal(stderr, "");

    const table = await sent([
      ...["query", "segmentation", "Sign Up", "--from", "2026-11-22", "--to", "2026-11-23", "--compare", "2026-11-21"],
      ...["-f", "csv"],
    ]);
    assert.equal(
      table.stdout,
      "date,segment,value,compared_date,compared,difference,percent\n" +
        "2026-11-22,Sign Up,1,2026-11-21,2,-1,-50\n" +
        "2026-11-23,Sign Up,0,2026-11-22,1,,\n",
    );
    assert.match(
      table.stderr,
      /−50\.0% over the periods that are compared; 2026-11-23 is not over yet, and not compared/,
    );
  });

  it("does not compare weeks of which one has fewer days", async () => {
    const range = ["--from", "2026-11-13", "--to", "2026-11-22", "--unit", "week"];
    const { stdout, stderr } = await sent(
      ["query", "segmentation", "Sign Up", ...range, "--compare", "previous", "-f", "csv"],
    );
    assert.equal(
      stdout,
      "date,segment,value,compared_date,compared,difference,percent\n" +
        "2026-11-09,Sign Up,0,2026-11-02,0,,\n" +
        "2026-11-16,Sign Up,3,2026-11-09,0,,\n",
    );
    assert.equal(
      stderr.replace(/\s+/g, " ").trim(),
      "the week of 2026-11-09 is counted only from 2026-11-13; the week of 2026-11-02 is counted only from 2026-11-03; " +
        "the week of 2026-11-09 is counted only up to 2026-11-12, and not compared",
    );
  });

  it("compares sums, and draws both", async () => {
    const argv = ["query", "sum", "Purchase", "amount", "--from", "2026-11-22", "--to", "2026-11-22"];
    const { stdout } = await sent([...argv, "--compare", "previous", "-f", "csv"]);
    assert.equal(
      stdout,
      "date,value,compared_date,compared,difference,percent\n2026-11-22,30,2026-11-21,0,30,\n",
    );
    const chart = await sent([...argv, "--compare", "previous", "-f", "chart"]);
    assert.match(chart.stdout, /sum: 30 .*sum, from 2026-11-21: 0/);
  });

  it("needs a range of days, and is read before anything is sent", async () => {
    const from = lab.requests.length;
    const bad = await lab.mp(["query", "events", "Sign Up", "--periods", "3", "--compare", "week"]);
    assert.equal(bad.code, 3);
    assert.match(bad.stderr, /Cannot use --compare without a range of days/);
    const worse = await lab.mp(["query", "segmentation", "Sign Up", "--last", "3d", "--compare", "weeks"]);
    assert.equal(worse.code, 3);
    assert.match(worse.stderr, /Cannot use --compare "weeks"/);
    assert.equal(lab.requests.length, from);
  });
});

describe("periods of which the range has only a part", () => {
  it("are told below the chart of a series, a sum and a funnel", async () => {
    const range = ["--from", "2026-11-18", "--to", "2026-11-22", "-f", "chart"];
    const weekly = await sent(["query", "segmentation", "Sign Up", ...range, "--unit", "week"]);
    assert.match(weekly.stdout, /^┈ the week of 2026-11-16 is counted only from 2026-11-18$/m);
    const days = ["--from", "2026-11-17", "--to", "2026-11-21", "-f", "chart"];
    const buckets = await sent(["query", "segmentation", "Sign Up", ...days, "--bucket-days", "3"]);
    assert.match(buckets.stdout, /^┈ the 3 days from 2026-11-20 are counted only up to 2026-11-21$/m);
    const funnel = await sent(["query", "funnel", "7001", ...days, "--bucket-days", "3"]);
    assert.match(funnel.stdout, /^┈ the 3 days from 2026-11-20 are counted only up to 2026-11-21$/m);
  });

  it("are told beside a table, and not in a pipe of CSV", async () => {
    const argv = ["query", "sum", "Purchase", "amount", "--from", "2026-11-22", "--to", "2026-11-23"];
    assert.match((await sent([...argv, "-f", "table"])).stderr, /^2026-11-23 is not over yet$/m);
    assert.doesNotMatch((await sent([...argv, "-f", "csv"])).stderr, /not over yet/);
  });

  it("are told as not over where they reach today", async () => {
    const range = ["--from", "2026-11-17", "--to", "2026-11-23", "-f", "chart"];
    const { stdout } = await sent(["query", "segmentation", "Sign Up", ...range, "--bucket-days", "4"]);
    assert.match(stdout, /^┈ the 4 days from 2026-11-21 are not over yet$/m);
  });
});

describe("query active", () => {
  it("counts people by day, whole week and whole month", async () => {
    const { stdout, stderr, requests } = await sent(["query", "active", "--last", "2d", "-f", "csv"]);
    assert.deepEqual(requests.map(({ query }) => [query.unit, query.from_date, query.to_date]), [
      ["day", "2026-11-22", "2026-11-23"],
      ["week", "2026-11-16", "2026-11-23"],
      ["month", "2026-11-01", "2026-11-23"],
    ]);
    assert.equal(
      stdout,
      "period,date,people,finished\n" +
        "day,2026-11-22,2,true\nday,2026-11-23,1,false\n" +
        "week,2026-11-16,3,true\nweek,2026-11-23,1,false\n" +
        "month,2026-11-01,3,false\n",
    );
    assert.match(stderr, /Last finished day of 2026-11-22: 2, week of 2026-11-16: 3\n/);
  });

  it("takes one event and one period", async () => {
    const { stdout, requests } = await sent([
      "query",
      "active",
      "Purchase",
      "--last",
      "2d",
      "--unit",
      "week",
      "-f",
      "csv",
    ]);
    assert.deepEqual(requests.map(({ query }) => query.event), ["Purchase"]);
    assert.equal(stdout, "period,date,people,finished\nweek,2026-11-16,1,true\nweek,2026-11-23,1,false\n");
  });

  it("draws a line for each, with the unfinished part dotted", async () => {
    const { stdout } = await sent(["query", "active", "--last", "3d", "-f", "chart"]);
    assert.match(stdout, /monthly.*weekly.*daily/);
    assert.match(stdout.replaceAll("\n", " "), /the week of 2026-11-23 is not over yet/);
  });
});

describe("events top", () => {
  it("ranks the events of a range by their counts", async () => {
    const { stdout, requests } = await sent([
      "events",
      "top",
      "--from",
      "2026-11-21",
      "--to",
      "2026-11-22",
      "-f",
      "table",
    ]);
    assert.deepEqual(requests.map(({ path }) => path), ["/api/query/events/names", "/api/query/events"]);
    assert.deepEqual(cells(stdout), [["Sign Up", "3"], ["Purchase", "1"]]);
  });

  it("says how many there are when it shows fewer, with shares of all", async () => {
    const { stdout, stderr } = await sent(
      ["events", "top", "--from", "2026-11-21", "--to", "2026-11-22", "--limit", "1", "-f", "chart"],
    );
    assert.match(stdout, /^Sign Up 3 +75\.0% █+\n$/);
    assert.match(stderr, /1 of 2; --limit N for more/);
  });

  it("has no shares where it does not know the sum", async () => {
    const { stdout } = await sent(["events", "top", "--limit", "1", "-f", "chart"]);
    assert.doesNotMatch(stdout, /%/);
  });

  it("does not add up users of single days", async () => {
    const { code, stderr } = await lab.mp(["events", "top", "--last", "3d", "--math", "unique"]);
    assert.equal(code, 3);
    assert.match(stderr, /users of single days do not add up/);
  });
});
