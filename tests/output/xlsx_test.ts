import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { strFromU8, unzipSync } from "fflate";
import { reportOf, type ReportSource } from "../../src/output/report.ts";
import { workbook } from "../../src/output/xlsx.ts";
import { parseJson } from "../../src/streams/json/json.ts";
import { CHARTS, HEADING, NASTY, ROWS } from "./sample_reports.ts";

const build = (source: ReportSource, heading = HEADING) => workbook(reportOf(source, heading));

/** The files in a workbook, as text. */
async function files(source: ReportSource, heading = HEADING): Promise<Record<string, string>> {
  const unzipped = unzipSync(await build(source, heading));
  return Object.fromEntries(Object.entries(unzipped).map(([name, bytes]) => [name, strFromU8(bytes)]));
}

interface ReadCell {
  type: string;
  style: number;
  text: string;
}

/** The cells of a sheet by their places. */
function cells(sheet: string): Record<string, ReadCell> {
  const found = [
    ...sheet.matchAll(/<c r="([A-Z]+\d+)"(?: s="(\d+)")?(?: t="(\w+)")?>(?:<v>|<is><t[^>]*>)([\s\S]*?)<\//g),
  ];
  return Object.fromEntries(
    found.map(([, place, style, type, text]) => [place, { type: type ?? "n", style: Number(style ?? 0), text: text! }]),
  );
}

const sheetOf = async (source: ReportSource) => cells((await files(source))["xl/worksheets/sheet1.xml"]!);

/** The number format of a style, by ECMA-376: `cellXfs` names a format of `numFmts`, or a built-in one. */
async function formatOf(style: number): Promise<string> {
  const styles = (await files({ rows: ROWS }))["xl/styles.xml"]!;
  const formats = [.../<cellXfs[^>]*>(.*)<\/cellXfs>/.exec(styles)![1]!.matchAll(/numFmtId="(\d+)"/g)];
  const id = formats[style]![1]!;
  return new RegExp(`<numFmt numFmtId="${id}" formatCode="([^"]*)"`).exec(styles)?.[1] ?? id;
}

describe("a report as a workbook", () => {
  it("has numbers as numbers, and days as days of Excel's calendar", async () => {
    const sheet = await sheetOf({ rows: ROWS });
    assert.deepEqual(sheet.B2, { type: "n", style: sheet.B2!.style, text: "30" });
    assert.equal(await formatOf(sheet.B2!.style), "3", "built in: #,##0");
    // 2026-11-01 is day 46327: Excel's own DATEVALUE("2026-11-01").
    assert.deepEqual(sheet.A2, { type: "n", style: sheet.A2!.style, text: "46327" });
    assert.equal(await formatOf(sheet.A2!.style), "yyyy\\-mm\\-dd");
  });

  it("has times, shares and spans of time as numbers with their formats", async () => {
    const columns = ["at", { key: "share", as: "share" as const }, { key: "took", as: "seconds" as const }];
    const sheet = await sheetOf({ rows: [{ at: "2026-11-01T18:00:00", share: 0.125, took: 5400 }], columns });
    assert.deepEqual([sheet.A2!.text, sheet.B2!.text, sheet.C2!.text], ["46327.75", "0.125", "0.0625"]);
    assert.deepEqual(
      await Promise.all([sheet.A2!, sheet.B2!, sheet.C2!].map(({ style }) => formatOf(style))),
      ["yyyy\\-mm\\-dd\\ hh:mm:ss", "0.0%", "[h]:mm:ss"],
    );
  });

  it("marks shares that can still change by their format, and stays with numbers", async () => {
    const isOpen = ({ share }: { share?: unknown }) => share === 0.5;
    const columns = [{ key: "share", as: "share" as const, isOpen }];
    const all = await files({ rows: [{ share: 0.25 }, { share: 0.5 }], columns });
    const { A2, A3 } = cells(all["xl/worksheets/sheet1.xml"]!);
    assert.deepEqual([A2!.type, A2!.text, await formatOf(A2!.style)], ["n", "0.25", "0.0%"]);
    assert.deepEqual([A3!.type, A3!.text, await formatOf(A3!.style)], ["n", "0.5", "0.0%\\*"]);
    assert.match(all["xl/worksheets/sheet2.xml"]!, /\* not over yet/);
  });

  it("takes texts for days only where the whole column has days that exist", async () => {
    for (const days of [["2026-11-01", "soon"], ["2026-02-30"], ["1899-12-31"], ["2026-11-01T10:00:00+02:00"]]) {
      const sheet = await sheetOf({ rows: days.map((day) => ({ day })) });
      assert.equal(sheet.A2!.type, "inlineStr", days[0]);
      assert.equal(sheet.A2!.text, days[0]);
    }
  });

  it("keeps texts that look like formulas, long numbers and everything else as texts", async () => {
    const rows = [{
      a: "=1+1",
      b: parseJson("12345678901234567890"),
      c: 1234567890123456,
      d: [1, "x"],
      e: true,
      f: null,
      g: "",
    }];
    const sheet = await sheetOf({ rows });
    assert.deepEqual([sheet.A2!.type, sheet.A2!.text], ["inlineStr", "=1+1"]);
    assert.deepEqual([sheet.B2!.type, sheet.B2!.text], ["inlineStr", "12345678901234567890"]);
    assert.deepEqual([sheet.C2!.type, sheet.C2!.text], ["inlineStr", "1234567890123456"]);
    assert.deepEqual([sheet.D2!.type, sheet.D2!.text], ["inlineStr", "[1,&quot;x&quot;]"]);
    assert.deepEqual([sheet.E2!.type, sheet.E2!.text], ["b", "1"]);
    assert.deepEqual([sheet.F2, sheet.G2], [undefined, undefined]);
  });

  it("has a bold header that stays, and columns that are wide enough", async () => {
    const sheet = (await files({ rows: ROWS }))["xl/worksheets/sheet1.xml"]!;
    assert.match(sheet, /<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"\/>/);
    assert.match(sheet, /<col min="1" max="1" width="13" customWidth="1"\/>/);
    assert.deepEqual(cells(sheet).A1, { type: "inlineStr", style: 1, text: "date" });
  });

  it("says on a second sheet where the numbers come from", async () => {
    const all = await files({ rows: ROWS, chart: CHARTS.line, notes: ["Counts are of days"] });
    assert.match(
      all["xl/workbook.xml"]!,
      /<sheet name="query segmentation Sign Up" sheetId="1" r:id="rId1"\/><sheet name="About"/,
    );
    assert.deepEqual(Object.values(cells(all["xl/worksheets/sheet2.xml"]!)).map(({ text }) => text), [
      ...["title", "query segmentation Sign Up", "", "2026-11-01 to 2026-11-07", "", "project 1000001"],
      ...["", "made 2026-11-07 12:00 UTC", "command", "mp query segmentation &#39;Sign Up&#39; --last 7d"],
      ...["note", "2026-11-07 is not over yet", "note", "Counts are of days"],
    ]);
  });

  it("is well-formed whatever the server sent, and names its sheet as Excel allows", async () => {
    const title = `'[a]:b*c?d/e\\f ${NASTY}`;
    const all = await files({ rows: [{ [NASTY]: `${NASTY} _x0041_ \ud800` }] }, { title, facts: [], command: "" });
    for (const [name, text] of Object.entries(all)) {
      // deno-lint-ignore no-control-regex -- control characters are the subject
      assert.doesNotMatch(text, /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/, name);
      assert.doesNotMatch(text, /<script/, name);
    }
    const [, sheetName] = /<sheet name="([^"]*)"/.exec(all["xl/workbook.xml"]!)!;
    assert.doesNotMatch(sheetName!, /[[\]:*?/\\]/);
    assert.ok(cells(all["xl/worksheets/sheet1.xml"]!).A2!.text.includes("_x005F_x0041_"));
  });

  it("cuts a text that no cell holds, and refuses a table that no sheet holds", async () => {
    const sheet = await sheetOf({ rows: [{ a: "x".repeat(40_000) }] });
    assert.equal(sheet.A2!.text.length, 32_767);
    const wide = Object.fromEntries(Array.from({ length: 16_385 }, (_, index) => [`c${index}`, 1]));
    await assert.rejects(build({ rows: [wide] }), /^MpError: Cannot write 1 row and 16,385 columns as xlsx/);
  });

  it("has the same bytes for the same report", async () => {
    assert.deepEqual(await build({ rows: ROWS }), await build({ rows: ROWS }));
  });

  it("is a workbook also without rows", async () => {
    assert.match(
      (await files({ rows: [] }))["xl/worksheets/sheet1.xml"]!,
      /<sheetData><row r="1"><\/row><\/sheetData>/,
    );
  });
});
