import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { DAYS, JqlLab } from "../jql_lab.ts";

const lab = new JqlLab();
const people = (reducer: string) => lab.main(`People().reduce(${reducer})`);

describe("reducers of a script", () => {
  it("count, add up and average what is a number", async () => {
    assert.deepEqual(await people("mixpanel.reducer.count()"), [3]);
    assert.deepEqual(await people("mixpanel.reducer.count({ account_for_sampling: true })"), [3]);
    assert.deepEqual(await people(`mixpanel.reducer.sum("properties.age")`), [116]);
    assert.deepEqual(await people(`mixpanel.reducer.sum("properties.plan")`), [0]);
    assert.deepEqual(await people(`mixpanel.reducer.avg(function (u) { return (u.properties.tags || []).length })`), [
      1,
    ]);
    assert.deepEqual(await people(`mixpanel.reducer.avg("properties.nothing")`), [null]);
  });

  it("find extremes, and whose they are", async () => {
    assert.deepEqual(await people(`[mixpanel.reducer.min("properties.age"), mixpanel.reducer.max("properties.age")]`), [
      [20, 61],
    ]);
    const [oldest] = await people(`mixpanel.reducer.max_by("properties.age")`) as { distinct_id: string }[];
    const [youngest] = await people(`mixpanel.reducer.min_by("properties.age")`) as { distinct_id: string }[];
    assert.deepEqual([oldest!.distinct_id, youngest!.distinct_id], ["z", "a"]);
  });

  it("summarise numbers as the published sample does", async () => {
    const [summary] = await people(`mixpanel.reducer.numeric_summary("properties.age")`) as Record<string, number>[];
    const squares = 20 ** 2 + 35 ** 2 + 61 ** 2;
    assert.deepEqual(summary, {
      count: 3,
      sum: 116,
      sum_squares: squares,
      avg: 116 / 3,
      stddev: Math.sqrt(squares / 3 - (116 / 3) ** 2),
    });
    assert.deepEqual(await people(`mixpanel.reducer.numeric_percentiles("properties.age", 50)`), [35]);
    assert.deepEqual(await people(`mixpanel.reducer.numeric_percentiles("properties.age", [1, 100])`), [
      [{ percentile: 1, value: 20 }, { percentile: 100, value: 61 }],
    ]);
    assert.deepEqual(
      await lab.main(
        `People().map(function (u) { return u.properties.age }).reduce(mixpanel.reducer.numeric_percentiles([50]))`,
      ),
      [[{ percentile: 50, value: 35 }]],
    );
  });

  it("keep the largest, any, none, or all merged", async () => {
    const byPlan = `People().groupBy(["properties.plan"], mixpanel.reducer.count())`;
    assert.deepEqual(await lab.main(`${byPlan}.reduce(mixpanel.reducer.top(1))`), [[{ key: ["free"], value: 2 }]]);
    const [any] = await people("mixpanel.reducer.any()") as { distinct_id: string }[];
    assert.ok(["a", "b", "z"].includes(any!.distinct_id));
    assert.deepEqual(await people("mixpanel.reducer.null()"), [null]);
    assert.deepEqual(
      await lab.main(
        `People().map(function (u) { return { all: { n: 1, age: u.properties.age } } })` +
          `.reduce(mixpanel.reducer.object_merge())`,
      ),
      [{ all: { n: 3, age: 116 } }],
    );
  });
});

describe("keys of a script", () => {
  const keys = async (spec: string, source = `Events(${DAYS})`) =>
    (await lab.main(`${source}.groupBy([${spec}], mixpanel.reducer.count())`) as { key: unknown[]; value: number }[])
      .map(({ key, value }) => [key[0], value]);

  it("put numbers into buckets", async () => {
    assert.deepEqual(await keys(`mixpanel.numeric_bucket("properties.age", [0, 30, 60])`, "People()"), [
      [0, 1],
      [30, 1],
      [60, 1],
    ]);
    assert.deepEqual(
      await keys(`mixpanel.numeric_bucket("properties.age", { bucket_size: 10, offset: 1 })`, "People()"),
      [[11, 1], [31, 1], [61, 1]],
    );
  });

  it("put times into days, weeks, months, quarters and years", async () => {
    const bucket = (name: string) => keys(`mixpanel.numeric_bucket("time", mixpanel.${name}_time_buckets)`);
    const day = (iso: string) => Date.parse(`${iso}T00:00:00Z`);
    assert.deepEqual(await bucket("daily"), [[day("2026-11-21"), 2], [day("2026-11-22"), 2], [day("2026-11-23"), 3]]);
    // Weeks start on Monday, and the 23rd is one.
    assert.deepEqual(await bucket("weekly"), [[day("2026-11-16"), 4], [day("2026-11-23"), 3]]);
    assert.deepEqual(await bucket("monthly"), [[day("2026-11-01"), 7]]);
    assert.deepEqual(await bucket("quarterly"), [[day("2026-10-01"), 7]]);
    assert.deepEqual(await bucket("annual"), [[day("2026-01-01"), 7]]);
  });

  it("are converted", async () => {
    const values = await lab.main(
      `People().map(function (u) { return { age: String(u.properties.age), seen: u.properties.$last_seen } })` +
        `.map(function (u) { return [mixpanel.to_number("age")(u), mixpanel.to_number("seen")(u), ` +
        `mixpanel.to_string("age")(u), mixpanel.to_boolean("seen")(u)] })`,
    );
    assert.deepEqual((values as unknown[])[0], [20, Date.parse("2026-11-21T09:00:00Z") / 1000, "20", true]);
    assert.deepEqual((values as unknown[])[1], [35, null, "35", false]);
  });
});

describe("dates of a script", () => {
  it("are those of the project's clock, wherever the sandbox runs", async () => {
    const script = (body: string) =>
      lab.main(`People().map(function () { return ${body} }).reduce(mixpanel.reducer.any())`);
    const time = Date.parse("2026-11-22T10:20:30Z");
    assert.deepEqual(
      await script(`[new Date(${time}).getHours(), new Date(${time}).getDate(), new Date().getTimezoneOffset()]`),
      [
        [10, 22, 0],
      ],
    );
    assert.deepEqual(await script(`new Date(2026, 10, 22, 10).getTime()`), [Date.parse("2026-11-22T10:00:00Z")]);
    assert.deepEqual(await script(`new Date("2026-11-22T10:00:00").toISOString()`), ["2026-11-22T10:00:00.000Z"]);
    assert.deepEqual(await script(`new Date("Nov 22, 2026").getTime()`), [Date.parse("2026-11-22T00:00:00Z")]);
    assert.deepEqual(await script(`new Date(${time}).toDateString()`), ["Sun Nov 22 2026"]);
    assert.deepEqual(await script("[Date.now(), +new Date()]"), [[lab.clock.now(), lab.clock.now()]]);
    assert.deepEqual(await script("new Date(0) instanceof Date"), [true]);
  });

  it("know hours that this machine's clock skips", async () => {
    const zone = process.env.TZ;
    // There is no 02:30 on that day.
    process.env.TZ = "America/St_Johns";
    try {
      for (
        const [text, time] of [
          ["2027-03-14T02:30:00", "2027-03-14T02:30:00Z"],
          ["2027-03-14 02:30:00", "2027-03-14T02:30:00Z"],
          ["2027-03-14T02:30:00+01:00", "2027-03-14T01:30:00Z"],
          ["2027-03-14", "2027-03-14T00:00:00Z"],
          ["Mar 14, 2027 02:30", "2027-03-14T02:30:00Z"],
          ["Mar 14, 2027", "2027-03-14T00:00:00Z"],
          ["Sun Mar 14 2027 02:30:00 GMT+0000", "2027-03-14T02:30:00Z"],
        ]
      ) {
        const script = `People().map(function () { return +new Date(${JSON.stringify(text)}) })`;
        assert.deepEqual(await lab.main(`${script}.reduce(mixpanel.reducer.any())`), [Date.parse(time!)], text);
      }
      const script = 'People().map(function () { return +new Date("neither") }).reduce(mixpanel.reducer.any())';
      assert.deepEqual(await lab.main(script), [null]);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });
});
