/** What other programs read in a workbook: `npm run test:readers`. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { reportOf } from "../../src/output/report.ts";
import { workbook } from "../../src/output/xlsx.ts";
import { parseJson } from "../../src/streams/json/json.ts";
import { describeUnless } from "../helpers/needs.ts";
import { installPackages, WORKBOOKS } from "../helpers/python_packages.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const installed = installPackages(WORKBOOKS);
describeUnless("reason" in installed && installed.reason, "workbooks", () => {
  const { python } = installed as { python: string };
  const folder = temporaryFolder();

  it("are the same for openpyxl, calamine and pandas", async () => {
    const path = folder.path("report.xlsx");
    const columns = ["day", "at", "count", { key: "share", as: "share" as const }, {
      key: "took",
      as: "seconds" as const,
    }]
      .concat(["formula", "long", "text", "flag", "ratio"]);
    const rows = [
      {
        day: "2026-11-01",
        at: "2026-11-01T18:30:15",
        count: 1234,
        share: 0.125,
        took: 90,
        formula: "=1+1",
        long: parseJson("12345678901234567890"),
        text: ` Grüße <&> "😀"\nzweite `,
        flag: true,
        ratio: -2.5,
      },
      { day: "2024-02-29", at: "2024-02-29T23:59:59", count: 0, share: 1, took: 86_400, formula: "+1", flag: false },
    ];
    const heading = { title: "query x", facts: ["project 5"], command: "mp query x" };
    writeFileSync(path, await workbook(reportOf({ rows, columns }, heading)));
    const { stdout, stderr } = spawnSync(python, [join(import.meta.dirname!, "workbooks.py"), path], {
      encoding: "utf8",
    });
    const read = JSON.parse(stdout || JSON.stringify(stderr));

    const header = ["day", "at", "count", "share", "took", "formula", "long", "text", "flag", "ratio"];
    const text = ` Grüße <&> "😀"\nzweite `;
    const first = [
      "2026-11-01T00:00:00",
      "2026-11-01T18:30:15",
      1234,
      0.125,
      90,
      "=1+1",
      "12345678901234567890",
      text,
      true,
      -2.5,
    ];
    const second = ["2024-02-29T00:00:00", "2024-02-29T23:59:59", 0, 1, 86_400, "+1", null, null, false, null];
    assert.deepEqual(read.openpyxl, [header, first, second]);
    assert.deepEqual(read.kinds, ["d", "d", "n", "n", "d", "s", "s", "s", "b", "n"]);
    assert.deepEqual(read.formats.slice(0, 5), [
      "yyyy\\-mm\\-dd",
      "yyyy\\-mm\\-dd\\ hh:mm:ss",
      "#,##0",
      "0.0%",
      "[h]:mm:ss",
    ]);
    assert.deepEqual(read.bold, header.map(() => true));
    assert.equal(read.frozen, "A2");
    assert.deepEqual(read.sheets, ["query x", "About"]);
    // Calamine has dates for days, and an empty text for an empty cell.
    assert.deepEqual(
      read.calamine,
      [header, first.with(0, "2026-11-01"), second.with(0, "2024-02-29").map((cell) => cell ?? "")],
    );
    assert.match(read.pandas.day, /^datetime64/);
    assert.deepEqual([read.pandas.count, read.pandas.share, read.pandas.flag], ["int64", "float64", "bool"]);
  });
});
