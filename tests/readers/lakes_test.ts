/** What other programs make of a lake by their default settings: `npm run test:readers`. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { it } from "node:test";
import { columnFinder } from "../../src/streams/table/columns.ts";
import { growingEncoder, recordEncoder } from "../../src/streams/table/record_formats.ts";
import { describeUnless } from "../helpers/needs.ts";
import { installPackages, READERS as PACKAGES } from "../helpers/python_packages.ts";
import { assertLake, openLakeLab, type Row } from "../jobs/export/lake_lab.ts";
import { tenNights } from "../jobs/export/nights.ts";
import { columnsIn, event, joined, linesOf } from "../streams/table/record_lines.ts";

const SEEDS = Number(process.env.MP_LAKE_SEEDS ?? 20);
const READERS = ["duckdb", "duckdb_hive", "pyarrow", "polars", "pandas", "clickhouse"];
const script = join(import.meta.dirname!, "readers.py");

const installed = installPackages(PACKAGES);
describeUnless("reason" in installed && installed.reason, "lakes", () => {
  const { newFolder, fill } = openLakeLab();
  const { python } = installed as { python: string };

  const read = (folder: string, readers: readonly string[]) => {
    const options = { encoding: "utf8", maxBuffer: 1e8 } as const;
    const { stdout, stderr } = spawnSync(python, [script, folder, readers.join(",")], options);
    const answers = stdout.trim().split("\n").map((line) =>
      JSON.parse(line) as { reader: string; rows?: Row[]; error?: string }
    );
    assert.equal(answers.length, readers.length, stderr);
    return answers;
  };

  it("have late columns behind their row groups, which is no matter to readers", async () => {
    const lines = Array.from({ length: 60 }, (_, n) => {
      const late = n > 20 ? `,"late":"é${n}"` : "", later = n > 50 ? `,"later":${n % 2 === 0},"rare":0.5` : "";
      return linesOf(event(`{"time":${1_790_000_000 + n},"n":${n}${late}${later}${n % 9 === 4 ? ',"rare":1' : ""}}`));
    });
    const columns = columnsIn(joined(lines));
    const known = newFolder(), grown = newFolder();
    const finder = columnFinder("event");
    const limits = { headBytes: 300, settledValues: 12, unsettledBytes: 1e6, groupRows: 8 };
    const growing = await growingEncoder("parquet", finder, () => finder.columns(), "event", {}, limits);
    const fixed = await recordEncoder("parquet", columns, "event");
    for (const [folder, encoder] of [[known, fixed], [grown, growing]] as const) {
      const parts = [encoder.begin().slice()];
      for (const block of lines) parts.push((await encoder.encode(block)).slice());
      const end = encoder === growing ? (await growing.endWith(columns))!.bytes : await fixed.end();
      mkdirSync(folder);
      writeFileSync(join(folder, "events.parquet"), joined([...parts, end]));
    }
    const readers = READERS.filter((name) => name !== "duckdb_hive");
    const expected = read(known, readers);
    assert.deepEqual(expected.map(({ error }) => error), readers.map(() => undefined));
    assert.deepEqual(read(grown, readers), expected);
  });

  it(`are the same table for ${READERS.join(", ")}`, async () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const path = newFolder();
      const nights = tenNights(seed);
      const hive = seed % 2 === 1;
      await fill(path, nights, { hive });
      for (const { reader, rows, error } of read(path, READERS)) {
        assert.equal(error, undefined, `${reader}, seed ${seed}`);
        // A column that a reader makes of the path is in the rows of some.
        assertLake(rows!, nights, seed, hive);
      }
    }
  });
});
