import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { renderFunnelMatrix } from "../../src/output/funnel_matrix.ts";
import type { FunnelSteps } from "../../src/output/funnel_table.ts";
import { textWidth } from "../../src/output/text_width.ts";

const NAMES = ["View Product", "Add to Cart", "Purchase"];

function segment(name: string, counts: number[]): FunnelSteps {
  return {
    date: "2026-11-01",
    segment: name,
    steps: counts.map((count, index) => ({
      name: NAMES[index]!,
      count,
      ofFirst: counts[0] === 0 ? null : count / counts[0]!,
      ofPrevious: index === 0 || counts[index - 1] === 0 ? null : count / counts[index - 1]!,
      seconds: null,
      secondsFromFirst: null,
    })),
  };
}

const lists = [segment("DE", [200, 50, 10]), segment("$overall", [1500, 600, 300]), segment("US", [1200, 540, 60])];
const draw = (width: number) => renderFunnelMatrix(lists, { segmentTitle: "country", width, colour: false });

describe("renderFunnelMatrix", () => {
  it("has everybody first, then the segments by size, with shares of the first step and the one before", () => {
    assert.equal(
      draw(80),
      `1 View Product → 2 Add to Cart → 3 Purchase
people, share of step 1 (of the step before)

country       1    2          3
$overall  1,500  600 40.0%  300 20.0% (50.0%)  ██████████
US        1,200  540 45.0%   60  5.0% (11.1%)  ██▌
DE          200   50 25.0%   10  5.0% (20.0%)  ██▌
`,
    );
  });

  it("gives up bars, shares of the step before, and then steps in the middle", () => {
    assert.match(draw(46), /^US {8}1,200 {2}540 45\.0% {3}60 {2}5\.0% \(11\.1%\)$/m);
    assert.match(draw(39), /^US {8}1,200 {2}540 45\.0% {3}60 {2}5\.0%$/m);
    assert.match(draw(30), /^US {8}1,200 {3}60 {2}5\.0%\n.*\n\+1 step: widen the terminal,\s+or use -f csv$/m);
  });

  it("is never wider than the terminal, and never cuts a number or the name of a step", () => {
    for (let width = 24; width <= 120; width++) {
      const text = draw(width);
      for (const line of text.split("\n")) assert.ok(textWidth(line) <= width, `${width}: ${line}`);
      assert.match(text.replaceAll("\n", " "), /1 View Product → 2 Add to Cart → 3 Purchase/);
      assert.match(text, /1,200/);
    }
  });

  it("copes with nothing and with a segment in which nobody began", () => {
    assert.equal(renderFunnelMatrix([], { segmentTitle: "x", width: 80, colour: false }), "no data\n");
    const empty = renderFunnelMatrix([segment("a", [0, 0, 0])], { segmentTitle: "x", width: 80, colour: false });
    assert.match(empty, /^a +0 +0 +0$/m);
  });
});
