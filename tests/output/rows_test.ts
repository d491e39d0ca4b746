import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { columnsOf, deriveRows } from "../../src/output/rows.ts";

describe("deriveRows", () => {
  it("takes a list of objects as it is", () => {
    assert.deepEqual(deriveRows([{ funnel_id: 1, name: "a" }]).rows, [{ funnel_id: 1, name: "a" }]);
  });

  it("names the items of a list of plain values", () => {
    assert.deepEqual(deriveRows(["Login", "Signup"]).rows, [{ value: "Login" }, { value: "Signup" }]);
    assert.deepEqual(deriveRows([[1, 2], null]).rows, [{ value: [1, 2] }, { value: null }]);
  });

  it("opens the envelopes of the App and Query APIs", () => {
    const rows = [{ id: 1 }];
    assert.deepEqual(deriveRows({ status: "ok", results: rows }).rows, rows);
    assert.deepEqual(deriveRows({ page: 0, total: 1, session_id: "s", results: rows, status: "ok" }).rows, rows);
    assert.deepEqual(deriveRows({ events: rows, type: "unique" }).rows, rows);
    assert.deepEqual(deriveRows({ status: "ok", results: { events: rows } }).rows, rows);
    assert.deepEqual(deriveRows({ status: "ok", results: [] }).rows, []);
  });

  it("makes tidy rows of a series, with or without its envelope", () => {
    const series = { series: ["2026-08-01"], values: { Signup: { "2026-08-01": 3 } } };
    const rows = [{ date: "2026-08-01", segment: "Signup", value: 3 }];
    assert.deepEqual(deriveRows({ data: series, legend_size: 1 }).rows, rows);
    assert.deepEqual(deriveRows(series).rows, rows);
  });

  it("gives each entry of a map of objects a row that begins with its key", () => {
    const data = { "2026-08-01": { counts: [9, 7], first: 10 }, "2026-08-02": { counts: [2], first: 2 } };
    assert.deepEqual(deriveRows(data).rows, [
      { key: "2026-08-01", counts: [9, 7], first: 10 },
      { key: "2026-08-02", counts: [2], first: 2 },
    ]);
  });

  it("lists the fields of a single object, and keeps the object for formats that want a record", () => {
    const derived = deriveRows({ status: "ok", results: { id: 417, name: "x" } });
    assert.deepEqual(derived.rows, [{ key: "id", value: 417 }, { key: "name", value: "x" }]);
    assert.deepEqual(derived.record, { id: 417, name: "x" });
  });

  it("keeps an object whole when opening it would hide other nested parts", () => {
    const data = { meta: { dates: ["2026-08-01"] }, data: { "2026-08-01": {} } };
    assert.deepEqual(deriveRows(data).rows.map((row) => row.key), ["meta", "data"]);
    assert.deepEqual(deriveRows({ results: [1], errors: ["x"] }).rows.map((row) => row.key), ["results", "errors"]);
  });

  it("copes with nothing, plain values and empty containers", () => {
    assert.deepEqual(deriveRows(undefined).rows, []);
    assert.deepEqual(deriveRows(null).rows, []);
    assert.deepEqual(deriveRows([]).rows, []);
    assert.deepEqual(deriveRows({}).rows, []);
    assert.deepEqual(deriveRows(1n).rows, [{ value: 1n }]);
  });
});

describe("columnsOf", () => {
  it("finds columns in the order in which they first appear", () => {
    assert.deepEqual(columnsOf([{ b: 1 }, { a: 1, b: 2 }, { c: 1 }]), ["b", "a", "c"]);
  });
});
