import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { type LineSeries, renderLineChart } from "../../src/output/line_chart.ts";
import { textWidth } from "../../src/output/text_width.ts";
import { assertGolden } from "../helpers/golden.ts";

const plain = { width: 80, colour: false };

function daily(name: string, values: (number | null)[]): LineSeries {
  const day = (index: number) => new Date(Date.UTC(2026, 7, 1 + index)).toISOString().slice(0, 10);
  return { name, points: values.map((value, index) => ({ label: day(index), value })) };
}
const count = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index));
const WEEK = [1, 1.05, 1.1, 1.02, 0.95, 0.6, 0.55];

const growing = [
  daily("Purchase", count(60, (index) => Math.round((60 + index * 2) * WEEK[(index + 1) % 7]))),
  daily("Signup", count(60, (index) => Math.round((200 + index * 6) * WEEK[index % 7]))),
  daily("Cancel", count(60, (index) => index > 30 && index < 40 ? null : 20 + (index * 7) % 13)),
];

describe("renderLineChart", () => {
  it("draws several lines over dates, ordered by total, and letters them without colour", () => {
    assertGolden(import.meta.url, "line_80", renderLineChart(growing, plain));
  });

  it("draws in colours, on a wider terminal", () => {
    assertGolden(import.meta.url, "line_120_colour", renderLineChart(growing, { width: 120, colour: true }));
  });

  it("draws values on both sides of zero", () => {
    const net = daily("Net", count(20, (index) => Math.round(100 * Math.sin(index / 3))));
    assertGolden(import.meta.url, "line_negative", renderLineChart([net], { ...plain, height: 9 }));
  });

  it("shows single points as points", () => {
    assertGolden(import.meta.url, "line_points", renderLineChart([daily("A", [12]), daily("B", [7])], plain));
  });

  it("draws zeros on the bottom line", () => {
    const lines = renderLineChart([daily("Signup", [0, 0, 0])], plain).split("\n");
    assert.match(lines[0], /^1 ┤/);
    assert.match(lines.find((line) => line.startsWith("0"))!, /^0 ┤⣀{77}$/);
    assert.equal(lines.at(-2), "━━ Signup: 0");
  });

  it("says so when there is nothing to draw", () => {
    assert.equal(renderLineChart([], plain), "no data\n");
    assert.equal(renderLineChart([daily("Signup", [])], plain), "no data\n");
    assert.equal(renderLineChart([daily("Signup", [null])], plain), "no data\n");
  });

  it("shows eight lines and counts the others", () => {
    const chart = renderLineChart(count(11, (index) => daily(`plan ${index}`, [index, index])), plain);
    assert.ok(chart.includes("A plan 10: 20"), chart);
    assert.ok(chart.includes("H plan 3: 6"), chart);
    assert.ok(!chart.includes("plan 2:"), chart);
    assert.ok(chart.includes("+3 more: use -f csv"), chart);
  });

  it("gives no totals of values that must not be added up", () => {
    const chart = renderLineChart([daily("Users", [5, 5])], { ...plain, totals: false });
    assert.equal(chart.split("\n").at(-2), "━━ Users");
  });

  it("keeps to the width with any values, names and sizes", () => {
    const cases = [
      growing,
      [daily("日本語 ".repeat(30), [1, 2, 3]), daily("x", [3, 1])],
      [daily("huge", [Number.MAX_VALUE, -Number.MAX_VALUE, Infinity, NaN])],
      [daily("tiny", [1e-9, 3e-9])],
      [daily("long", count(5000, (index) => index % 97))],
    ];
    for (const series of cases) {
      for (const width of [30, 40, 80, 120, 200]) {
        for (const colour of [false, true]) {
          // deno-lint-ignore no-control-regex -- takes the styles away
          const lines = renderLineChart(series, { width, colour }).replace(/\x1b\[\d+m/g, "").split("\n");
          for (const line of lines) assert.ok(textWidth(line) <= width, `${textWidth(line)} > ${width}: ${line}`);
        }
      }
    }
  });

  it("cleans names", () => {
    assert.ok(renderLineChart([daily("a\x1b[2J\nb", [1])], plain).includes("a␛[2J b"));
  });
});
