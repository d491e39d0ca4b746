import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { htmlPage } from "../../src/output/html.ts";
import { reportOf, type ReportSource } from "../../src/output/report.ts";
import { CHARTS, HEADING, NASTY, ROWS } from "./sample_reports.ts";

const page = (source: ReportSource, heading = HEADING): string => [...htmlPage(reportOf(source, heading))].join("");

describe("a report as a page", () => {
  it("says what was asked, of which days and project, and when", () => {
    const html = page({ rows: ROWS, chart: CHARTS.line });
    assert.match(html, /<title>query segmentation Sign Up<\/title>/);
    assert.match(html, /<h1>query segmentation Sign Up<\/h1>/);
    assert.match(
      html,
      /<li>2026-11-01 to 2026-11-07<\/li><li>project 1000001<\/li><li>made 2026-11-07 12:00 UTC<\/li>/,
    );
    assert.match(html, /<code>mp query segmentation &#39;Sign Up&#39; --last 7d<\/code>/);
  });

  it("has the table with a caption, headers of columns and rows, and numbers to the right", () => {
    const html = page({ rows: ROWS });
    assert.match(html, /<caption id="rows">7 rows<\/caption>/);
    assert.match(html, /<thead><tr><th scope="col">date<\/th><th scope="col" class="n">web<\/th>/);
    assert.match(html, /<tr><th scope="row">2026-11-01<\/th><td class="n">30<\/td><td class="n">10<\/td><\/tr>/);
  });

  it("has each picture in a wide and a narrow form, and a chart's numbers as a wide table", () => {
    const pivot = { down: "date", across: "segment", value: "value" };
    const rows = [{ date: "2026-11-01", segment: "b", value: 1 }, { date: "2026-11-01", segment: "a", value: 1234 }];
    const html = page({ rows, pivot, chart: CHARTS.line });
    assert.equal(html.split("<svg ").length, 3);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, String(ids));
    assert.match(html, /<th scope="row">2026-11-01<\/th><td class="n">1,234<\/td><td class="n">1<\/td>/);
  });

  it("runs nothing and fetches nothing", () => {
    const html = page({ rows: ROWS, chart: CHARTS.heat_map });
    assert.match(
      html,
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; /,
    );
    assert.doesNotMatch(html, /<script|https?:|url\(|@import|<link|<img|<iframe|javascript:/);
  });

  it("obeys nothing that a server sent", () => {
    const html = page(
      { rows: [{ [NASTY]: NASTY, n: { [NASTY]: NASTY } }], notes: [NASTY], chart: CHARTS.bar },
      { title: NASTY, facts: [NASTY], command: NASTY },
    );
    assert.doesNotMatch(html, /<script|" onload/);
    assert.equal(html.split("</style>").length, 2);
    // deno-lint-ignore no-control-regex -- control characters are the subject
    assert.doesNotMatch(html, /[\x00-\x08\x0b-\x1f\u202e]/);
  });

  it("says when there are no rows, and what a note says", () => {
    const html = page({ rows: [], notes: ["Nothing has happened"] });
    assert.match(html, /<p class="note">Nothing has happened<\/p>\n<p class="note">No results<\/p>/);
    assert.doesNotMatch(html, /<table/);
  });

  it("leaves out columns that are pictures of others, and shows shares and spans of time in words", () => {
    const columns = [
      { key: "share", as: "share" as const },
      { key: "seconds", as: "seconds" as const },
      { key: "share", title: "bar", isPicture: true, format: () => "███" },
    ];
    const html = page({ rows: [{ share: 0.125, seconds: 90 }], columns });
    assert.match(html, /<th scope="row" class="n">12\.5%<\/th><td class="n">1 m 30 s<\/td><\/tr>/);
    assert.doesNotMatch(html, /bar|█/);
  });
});
