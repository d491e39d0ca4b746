import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ratioRow, readRowLine, type Row, rowLine } from "../../../scripts/bench/comparison.ts";
import { isOnDenoGood, tableOf } from "../../../scripts/bench/figures.ts";

const rowOf = (ratio: number, limit = 1): Row =>
  ratioRow({
    what: "Export to a file",
    against: "`curl`",
    ratio: { median: ratio, least: ratio - 0.1, most: ratio + 0.1 },
    limit,
    detail: "1.00 s; 80 MB",
  });

describe("a row of the benchmarks", () => {
  it("is read from the line that a script prints", () => {
    for (const row of [rowOf(0.5), rowOf(1.5), { ...rowOf(1), what: "Loading (2 cores), twice" }]) {
      const read = readRowLine(rowLine(row));
      assert.deepEqual({ ...read, mostOnDeno: undefined }, row);
    }
    assert.equal(readRowLine("Preparing 1,000 events"), undefined);
  });

  it("may take one and a half times as long on Deno, in times of the program that both are held against", () => {
    assert.equal(isOnDenoGood({ row: rowOf(0.6), onDeno: rowOf(0.89) }), true);
    assert.equal(isOnDenoGood({ row: rowOf(0.6), onDeno: rowOf(0.91) }), false);
    // With a limit of its own that alone counts.
    assert.equal(isOnDenoGood({ row: rowOf(0.6), onDeno: { ...rowOf(1.2), mostOnDeno: 1.2 } }), true);
    assert.equal(isOnDenoGood({ row: rowOf(1.2), onDeno: { ...rowOf(1.21), mostOnDeno: 1.2 } }), false);
  });

  it("has a column for each program", () => {
    const table = tableOf([{ row: rowOf(0.5), onDeno: rowOf(0.8) }, { row: rowOf(2), onDeno: undefined }], {
      events: 1000,
      rounds: 3,
      denoIs: "compiled",
      load: 0.25,
    });
    assert.match(table, /1,000 events, 3 rounds in turn, load 0\.3 before/);
    assert.match(table, /\| 0\.50 × \(0\.40–0\.60\) \| 0\.80 × \(0\.70–0\.90\), 1\.60 × Bun \*\*missed\*\* \|/);
    assert.match(table, /\| 2\.00 × \(1\.90–2\.10\) \*\*missed\*\* \| {2}\|/);
  });
});
