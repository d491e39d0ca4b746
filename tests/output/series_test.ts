import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { pivotRows, seriesForms, tidySeries } from "../../src/output/series.ts";

const series = ["2026-08-01", "2026-08-02"];
const values = {
  US: { "2026-08-01": 3, "2026-08-02": 4 },
  DE: { "2026-08-01": 10, "2026-08-02": 0 },
};

describe("tidySeries", () => {
  it("gives a row for each date and segment", () => {
    assert.deepEqual(tidySeries(series, values, { keyName: "country" }), [
      { date: "2026-08-01", country: "US", value: 3 },
      { date: "2026-08-01", country: "DE", value: 10 },
      { date: "2026-08-02", country: "US", value: 4 },
      { date: "2026-08-02", country: "DE", value: 0 },
    ]);
  });

  it("invents no value where the server sent none, and loses none outside the series", () => {
    const rows = tidySeries(["2026-08-01"], { US: { "2026-08-09": 1 }, DE: { "2026-08-01": 2 } });
    assert.deepEqual(rows, [
      { date: "2026-08-01", segment: "DE", value: 2 },
      { date: "2026-08-09", segment: "US", value: 1 },
    ]);
  });

  it("does not let a property called date or value take the place of the date or the value", () => {
    assert.deepEqual(Object.keys(tidySeries(series, values, { keyName: "date" })[0]), ["date", "segment", "value"]);
    assert.deepEqual(Object.keys(tidySeries(series, values, { keyName: "value" })[0]), ["date", "segment", "value"]);
  });
});

describe("pivotRows", () => {
  it("puts dates down and segments across, the largest first", () => {
    const { rows, pivot } = seriesForms(series, values);
    const wide = pivotRows(rows, pivot);
    assert.deepEqual(wide.columns, ["date", "DE", "US"]);
    assert.deepEqual(wide.rows.map((row) => ({ ...row })), [
      { date: "2026-08-01", US: 3, DE: 10 },
      { date: "2026-08-02", US: 4, DE: 0 },
    ]);
  });

  it("keeps segments whose names mean something to objects", () => {
    const odd = JSON.parse('{"10": {"d": 1}, "9": {"d": 2}, "__proto__": {"d": 3}, "date": {"d": 4}}');
    const { rows, pivot } = seriesForms(["d"], odd);
    const wide = pivotRows(rows, pivot);
    assert.deepEqual(wide.columns, ["date", "date ", "__proto__", "9", "10"]);
    assert.deepEqual(wide.columns.map((column) => wide.rows[0][column]), ["d", 4, 3, 2, 1]);
  });
});

describe("seriesForms", () => {
  it("leaves gaps in the chart where values are missing or are not numbers", () => {
    const { chart } = seriesForms(series, { a: { "2026-08-01": "x", "2026-08-02": 5n }, b: { "2026-08-02": 1 } });
    assert.deepEqual(chart.series.map((one) => one.points.map((point) => point.value)), [[null, 5], [null, 1]]);
  });
});
