import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { renderBarChart } from "../../src/output/bar_chart.ts";
import { textWidth } from "../../src/output/text_width.ts";
import { assertGolden } from "../helpers/golden.ts";

const countries = [
  { label: "United States", value: 12345 },
  { label: "Germany", value: 5012 },
  { label: "日本", value: 3333 },
  { label: "🇫🇷 France", value: 12 },
  { label: "none", value: 0 },
];

describe("renderBarChart", () => {
  it("draws bars with values and shares", () => {
    assertGolden(import.meta.url, "bar_80", renderBarChart(countries, { width: 80, colour: false }));
  });

  it("shows the shares that rows have of their own", () => {
    const steps = [{ label: "a", value: 4, share: 1 }, { label: "b", value: 1, share: 0.25 }, { label: "c", value: 0 }];
    const lines = renderBarChart(steps, { width: 40, colour: false }).trimEnd().split("\n");
    assert.match(lines[0]!, /^a +4 {2}100\.0% █+$/);
    assert.match(lines[1]!, /1 {3}25\.0% █+$/);
    assert.match(lines[2]!, /^c +0$/);
  });

  it("draws negative values to the left of zero, without shares", () => {
    const rows = [{ label: "up", value: 120 }, { label: "down", value: -40.5 }, { label: "flat", value: 0 }];
    assertGolden(import.meta.url, "bar_negative", renderBarChart(rows, { width: 60, colour: true }));
  });

  it("keeps to the width, giving up bars, then shares, and then parts of labels", () => {
    for (let width = 24; width <= 140; width++) {
      for (const line of renderBarChart(countries, { width, colour: false }).split("\n")) {
        assert.ok(textWidth(line) <= width, `${textWidth(line)} > ${width}: ${line}`);
      }
    }
    const narrow = renderBarChart(countries, { width: 30, colour: false });
    assert.match(narrow, /^United States 12,345 {2}59\.6%\n/);
    assert.match(renderBarChart(countries, { width: 22, colour: false }), /^United States 12,345\n/);
    assert.match(renderBarChart(countries, { width: 16, colour: false }), /^United S… 12,345\n/);
  });

  it("copes with nothing, zeros only and one row", () => {
    assert.equal(renderBarChart([], { width: 80, colour: false }), "no data\n");
    assert.equal(renderBarChart([{ label: "a", value: 0 }], { width: 20, colour: false }), "a 0\n");
    assert.equal(
      renderBarChart([{ label: "a", value: 7 }], { width: 20, colour: false }),
      `a 7 ${"█".repeat(16)}\n`,
    );
  });

  it("prints values that can't be drawn", () => {
    const rows = [{ label: "a", value: Infinity }, { label: "b", value: 1 }];
    assert.match(renderBarChart(rows, { width: 40, colour: false }), /^a +Infinity\nb +1 █+\n$/);
  });

  it("cleans labels", () => {
    assert.match(renderBarChart([{ label: "a\x1b[2J", value: 1 }], { width: 40, colour: false }), /^a␛\[2J 1 █/);
  });
});
