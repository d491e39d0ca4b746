import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { escapeMarkdown, markdownLines } from "../../src/output/markdown.ts";
import { NO_HEADING, reportOf } from "../../src/output/report.ts";
import { CHARTS, HEADING, ROWS } from "./sample_reports.ts";

describe("a report in Markdown", () => {
  it("has a heading, a table that can be read as it is, and notes", () => {
    const source = { rows: ROWS.slice(0, 2), chart: CHARTS.line, notes: ["Counts are of days"] };
    assert.equal(
      [...markdownLines(reportOf(source, HEADING))].join(""),
      `# query segmentation Sign Up

2026-11-01 to 2026-11-07 · project 1000001 · made 2026-11-07 12:00 UTC

| date       | web | ios |
| ---------- | --: | --: |
| 2026-11-01 |  30 |  10 |
| 2026-11-02 |  45 |  20 |

2026-11-07 is not over yet

Counts are of days

\`mp query segmentation 'Sign Up' --last 7d\`
`,
    );
  });

  it("says when there is nothing", () => {
    assert.equal([...markdownLines(reportOf({ rows: [] }, NO_HEADING))].join(""), "# Result\n\nNo results\n");
  });

  it("keeps what the server sent in its cell, and as text", () => {
    const rows = [{ name: "a|b\nc \\| <img src=x> *bold* _it_ snake_case [x](y) `code` &amp; ~~no~~", n: 1 }];
    const [, cell] = /^\| (a.*?) \| +1 \|$/m.exec([...markdownLines(reportOf({ rows }, NO_HEADING))].join(""))!;
    assert.equal(
      cell,
      "a\\|b c \\\\\\| \\<img src=x\\> \\*bold\\* \\_it\\_ snake_case \\[x\\](y) \\`code\\` &amp;amp; \\~\\~no\\~\\~",
    );
  });

  it("has as many cells in each line as columns, whatever is in them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.string()), { minLength: 1, maxLength: 5 }),
        (pairs) => {
          const rows = pairs.map(([a, b]) => ({ a, b }));
          const lines = [...markdownLines(reportOf({ rows }, NO_HEADING))].slice(2);
          assert.equal(lines.length, rows.length + 2);
          // GFM: a bar that no backslash escapes ends a cell; a backslash that is escaped escapes nothing.
          for (const line of lines) assert.equal(line.replace(/\\[\s\S]/g, "").split("|").length, 4, line);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("shows a command with backticks as it is", () => {
    const heading = { ...NO_HEADING, command: "mp x '`a``b`'" };
    assert.match([...markdownLines(reportOf({ rows: [] }, heading))].join(""), /\n``` mp x '`a``b`' ```\n$/);
  });

  it("escapes nothing that needs no escape", () => {
    assert.equal(
      escapeMarkdown("$city snake_case 1.5% (a) R&D 2026-11-01"),
      "$city snake_case 1.5% (a) R&D 2026-11-01",
    );
  });
});
