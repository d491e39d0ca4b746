import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import type { Chart } from "../../../src/output/chart.ts";
import { NO_HEADING } from "../../../src/output/report.ts";
import { drawChart, pictureFile } from "../../../src/output/svg/picture.ts";
import { assertGolden } from "../../helpers/golden.ts";
import { CHARTS, HEADING, NASTY, PLATFORMS } from "../sample_reports.ts";

/** Elements of this name, with their attributes. */
function elements(svg: string, name: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${name}((?: [\\w-]+="[^"]*")*)/?>`, "g"))].map(([, attributes]) =>
    Object.fromEntries([...attributes!.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]))
  );
}

/** What a reader sees, without tooltips. */
const words = (svg: string): string[] =>
  [...svg.replace(/<title>.*?<\/title>/g, "").matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, text]) =>
    text!.replace(/<[^>]*>/g, " ")
  );

describe("a picture", () => {
  for (const [kind, chart] of Object.entries(CHARTS)) {
    it(`of the kind ${kind} looks as it did`, () => {
      assertGolden(import.meta.url, `${kind}.svg`, pictureFile(chart, HEADING));
    });

    it(`of the kind ${kind} has a name, a description, a role and nothing from elsewhere`, () => {
      const svg = pictureFile(chart, HEADING);
      assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="picture-title picture-desc"/);
      assert.match(
        svg,
        /<title id="picture-title">query segmentation Sign Up<\/title><desc id="picture-desc">[A-Z].*\.<\/desc>/,
      );
      assert.doesNotMatch(
        svg.replace('xmlns="http://www.w3.org/2000/svg"', ""),
        /https?:|url\(|@import|<image|<script|href/,
      );
    });
  }

  it("says that there is nothing to draw", () => {
    for (
      const chart of [
        { kind: "line", series: [] },
        { kind: "bar", rows: [] },
        { kind: "funnel_matrix", lists: [], segmentTitle: "x" },
        {
          kind: "heat_map",
          map: { ...CHARTS.heat_map, labelTitle: "", sizeTitle: "", columns: [], rows: [], openNote: "" },
        },
      ] as Chart[]
    ) {
      assert.deepEqual(words(drawChart(chart, 800).body), ["No data"], chart.kind);
    }
  });

  it("obeys nothing that a server sent", () => {
    const charts: Chart[] = [
      { kind: "line", openNote: NASTY, series: [{ name: NASTY, points: [{ label: NASTY, value: 1, isOpen: true }] }] },
      { kind: "bar", rows: [{ label: NASTY, value: 1 }] },
      {
        kind: "heat_map",
        map: {
          labelTitle: NASTY,
          sizeTitle: NASTY,
          columns: [NASTY],
          openNote: NASTY,
          rows: [{ label: NASTY, size: 1, cells: [{ share: 0.5, isOpen: true }] }],
        },
      },
      {
        kind: "funnel_matrix",
        segmentTitle: NASTY,
        lists: [{
          date: "",
          segment: NASTY,
          steps: [{ name: NASTY, count: 1, ofFirst: 1, ofPrevious: null, seconds: null, secondsFromFirst: null }],
        }],
      },
    ];
    for (const chart of charts) {
      const svg = pictureFile(chart, { ...NO_HEADING, title: NASTY, facts: [NASTY] });
      assert.equal(svg.split("<script").length, 1, chart.kind);
      assert.equal(svg.split("</style>").length, 2, chart.kind);
      // deno-lint-ignore no-control-regex -- control characters are the subject
      assert.doesNotMatch(svg, /[\x00-\x08\x0b-\x1f\u202e\ufffe]| onload='/, chart.kind);
      // Every attribute ends where it began: what is left of the text has no quotation mark of its own.
      assert.doesNotMatch(
        svg.replace(/<style>.*<\/style>/s, "").replace(/<[\w/]+(?: [\w:-]+="[^"<>]*")*\/?>/g, ""),
        /[<>"']/,
        chart.kind,
      );
    }
  });
});

describe("a picture of lines", () => {
  const { body } = drawChart(CHARTS.line, 800);

  it("has each point at the height of its value between the ticks", () => {
    // The ticks of the vertical axis, by the texts that are right-aligned beside their lines.
    const ticks = [...body.matchAll(/<path class="[ga]" d="M[\d.]+ ([\d.]+)H[\d.]+"\/><text[^>]*>(\d+)<\/text>/g)]
      .map(([, y, value]) => ({ y: Number(y), value: Number(value) }));
    const [low, high] = [ticks[0]!, ticks.at(-1)!];
    assert.equal(low.value, 0);
    assert.ok(high.value >= 60);
    const points = elements(body, "circle").filter((one) => one.class === "hit").map(({ cy }) => Number(cy));
    const expected = [...PLATFORMS.ios, ...PLATFORMS.web]
      .map((value) => low.y + (high.y - low.y) * (value - low.value) / (high.value - low.value));
    points.forEach((y, index) => assert.ok(Math.abs(y - expected[index]!) < 0.11, `${y} for ${expected[index]}`));
    assert.equal(points.length, 14);
  });

  it("has the unfinished part dotted and hollow, and says what it is", () => {
    const paths = elements(body, "path").filter((one) => one.class?.startsWith("line"));
    const open = paths.filter((one) => /^line open s\d$/.test(one.class!));
    assert.equal(open.length, 2);
    // One stretch, from the last finished point on.
    for (const { d } of open) assert.match(d!, /^M [\d.]+ [\d.]+L [\d.]+ [\d.]+$/);
    assert.equal(elements(body, "path").filter((one) => one.class?.startsWith("hollow")).length, 2);
    assert.ok(words(body).includes("2026-11-07 is not over yet"));
    assert.match(body, /<title>2026-11-07 · ios: 10 \(not the whole period\)<\/title>/);
  });

  it("leaves gaps where values are missing", () => {
    const points = [1, null, 3, 4, NaN, 6].map((value, index) => ({ label: `2026-11-0${index + 1}`, value }));
    const picture = drawChart({ kind: "line", series: [{ name: "x", points }] }, 800).body;
    const [, { d }] = elements(picture, "path").filter((one) => one.class === "line s0") as [unknown, { d: string }];
    assert.equal(d.split("M").length - 1, 1, "the only stretch is from 3 to 4");
    assert.equal(elements(picture, "circle").filter((one) => one.class === "hit").length, 4);
  });

  it("draws the eight largest, and says how many it leaves out", () => {
    const series = Array.from(
      { length: 10 },
      (_, index) => ({ name: `n${index}`, points: [{ label: "a", value: index }] }),
    );
    const drawing = drawChart({ kind: "line", series }, 800);
    assert.ok(words(drawing.body).includes("and 2 more, not drawn"));
    assert.match(
      drawing.description,
      /with 8 lines at a: n9 \(9 in total\), .*, n2 .*, and 2 more that are not drawn\.$/,
    );
  });

  it("keeps every text within its width, wide and narrow", () => {
    for (const width of [912, 358]) {
      for (const { x, class: kind = "" } of elements(drawChart(CHARTS.line, width).body, "text")) {
        assert.ok(Number(x) >= 0 && Number(x) <= width, `${kind} at ${x} of ${width}`);
      }
    }
  });
});

describe("a picture of bars", () => {
  it("has bars as long as their values", () => {
    const bars = elements(drawChart(CHARTS.bar, 800).body, "rect").filter((one) => one.class === "f0").map((
      { width },
    ) => Number(width));
    assert.ok(Math.abs(bars[1]! / bars[0]! - 0.5) < 0.01 && Math.abs(bars[2]! / bars[0]! - 0.2) < 0.01, String(bars));
  });

  it("draws what is below zero to the left of the zero line, in another colour", () => {
    const body = drawChart({ kind: "bar", rows: [{ label: "a", value: 30 }, { label: "b", value: -10 }] }, 800).body;
    const [up] = elements(body, "rect").filter((one) => one.class === "f0");
    const [down] = elements(body, "rect").filter((one) => one.class === "f1");
    assert.ok(Math.abs(Number(down!.x) + Number(down!.width) - Number(up!.x)) < 0.2);
    assert.ok(Math.abs(Number(up!.width) / Number(down!.width) - 3) < 0.05);
  });

  it("has labels above the bars where it is narrow", () => {
    const [first] = elements(drawChart(CHARTS.bar, 358).body, "rect").filter((one) => one.class === "f0");
    assert.equal(Number(first!.width), 358);
  });
});

describe("a picture of a heat map", () => {
  const { body } = drawChart(CHARTS.heat_map, 912);

  it("has a cell for each value, and none for the future", () => {
    // The averages of four weeks, and 4, 3, 2 and 1 cells of cohorts.
    assert.equal(elements(body, "rect").filter((one) => /^h\d$/.test(one.class ?? "")).length, 14);
    assert.ok(!words(body).includes("0.0%"));
  });

  it("marks what is not over", () => {
    // On 25 November at noon: the last interval of each cohort, and the one before of those that began late in their week.
    const open = elements(body, "rect").filter((one) => one.class === "due").length;
    const marked = words(body).filter((text) => /^[\d.]+%\*$/.test(text)).length;
    assert.equal(open, marked);
    assert.ok(marked > 0 && words(body).includes("* not over yet: people can still come back"));
  });

  it("is wider than asked for before numbers would touch", () => {
    assert.ok(drawChart(CHARTS.heat_map, 200).width > 200);
  });
});

describe("a picture of a funnel by segments", () => {
  it("has everybody first, then the segments by size, with counts, shares and bars", () => {
    const { body } = drawChart(CHARTS.funnel_matrix, 912);
    assert.deepEqual(words(body), [
      ...["country", "1 View Product", "2 Add to Cart", "3 Purchase"],
      ...["$overall", "1,500", "100.0%", "600", "40.0%", "300", "20.0%", "50.0% of step 2"],
      ...["US", "1,200", "100.0%", "540", "45.0%", "60", "5.0%", "11.1% of step 2"],
      ...["DE", "200", "100.0%", "50", "25.0%", "10", "5.0%", "20.0% of step 2"],
    ]);
    const bars = elements(body, "rect").filter((one) => one.class === "f0").map(({ width }) => Number(width));
    const shares = [1, 0.4, 0.2, 1, 0.45, 0.05, 1, 0.25, 0.05];
    bars.forEach((width, index) => assert.ok(Math.abs(width / bars[0]! - shares[index]!) < 0.01, `${index}: ${width}`));
  });
});
