import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { boardFileForm, readBoardFile, writeBoardFile } from "../../../src/jobs/boards/board_file.ts";
import { seededRandom } from "../../helpers/random.ts";
import { randomDocument } from "./board_lab.ts";

const ODD = {
  title: `Quotes "'" and \\ and ü`,
  description: "",
  filters: [{ value: null }],
  breakdowns: [],
  time_filter: { dateRange: { type: "since", from_date: "2026-01-01" } },
  rows: [{
    height: 336,
    cells: [{
      width: 12,
      report: {
        name: "'''",
        type: "flows" as const,
        description: "'''",
        params: { id: 1234567890123456789n, nothing: null, text: "'''\n\t\u007f" },
      },
    }],
  }],
};

describe("files of boards", () => {
  it("hold a document as it is, in both forms: nulls, ids of 19 digits and quotes, too", () => {
    const documents = [ODD, ...[1, 2, 3, 4, 5].map((seed) => randomDocument(seededRandom(seed)))];
    for (const document of documents) {
      for (const form of ["toml", "json"] as const) {
        assert.deepEqual(readBoardFile(writeBoardFile(document, form), form, "b"), document);
      }
    }
  });

  it("are TOML, unless their name says JSON", () => {
    assert.deepEqual(["a.toml", "a.json", "a.JSON", "a"].map(boardFileForm), ["toml", "json", "json", "toml"]);
  });

  it("are refused with the place of what is wrong", () => {
    const row = (cells: string) => `title = "B"\n[[rows]]\nheight = 1\n${cells}`;
    const text = (width: number) => `[[rows.cells]]\nwidth = ${width}\ntext = "a"\n`;
    const cases: [string, RegExp][] = [
      ["title = ", /Cannot read the board in "b.toml": line 1, column/],
      ["rows = []", /title/],
      [row(text(6)), /rows\.0\.cells.*12/],
      [row(text(3).repeat(5)), /at most 4 items/],
      [row(`[[rows.cells]]\nwidth = 12\ntext = "${"a".repeat(2001)}"\n`), /2000/],
      [`title = "B"\n[[rows]]\nheight = 1\n${text(12)}`.replace("B", "B".repeat(256)), /title/],
      [
        row(`[[rows.cells]]\nwidth = 12\n[rows.cells.report]\nname = "A"\ntype = "insights"\nparams = '{'\n`),
        /Cannot read the board in "b.toml", params: not valid JSON$/,
      ],
      ["title = 'B'\ncolor = 'red'\nrows = []", /Cannot read the board in "b.toml": it has no field "color"$/],
    ];
    for (const [file, message] of cases) assert.throws(() => readBoardFile(file, "toml", "b.toml"), message);
    assert.throws(() => readBoardFile("{", "json", "b.json"), /Cannot read the board in "b.json": not valid JSON$/);
    assert.throws(
      () =>
        readBoardFile(
          JSON.stringify({ title: "B", rows: Array(31).fill({ height: 1, cells: [{ width: 12, text: "" }] }) }),
          "json",
          "b",
        ),
      /at most 30 items/,
    );
  });
});
