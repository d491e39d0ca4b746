/** What other programs make of a lake by their default settings: `npm run test:readers`. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { it } from "node:test";
import { describeUnless } from "../helpers/needs.ts";
import { installPackages, READERS as PACKAGES } from "../helpers/python_packages.ts";
import { assertLake, openLakeLab, type Row } from "../jobs/export/lake_lab.ts";
import { tenNights } from "../jobs/export/nights.ts";

const SEEDS = Number(process.env.MP_LAKE_SEEDS ?? 20);
const READERS = ["duckdb", "duckdb_hive", "pyarrow", "polars", "pandas", "clickhouse"];
const script = join(import.meta.dirname!, "readers.py");

const installed = installPackages(PACKAGES);
describeUnless("reason" in installed && installed.reason, "lakes", () => {
  const { newFolder, fill } = openLakeLab();
  const { python } = installed as { python: string };

  it(`are the same table for ${READERS.join(", ")}`, async () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const path = newFolder();
      const nights = tenNights(seed);
      const hive = seed % 2 === 1;
      await fill(path, nights, { hive });
      const { stdout, stderr } = spawnSync(python, [script, path, READERS.join(",")], {
        encoding: "utf8",
        maxBuffer: 1e8,
      });
      const answers = stdout.trim().split("\n").map((line) =>
        JSON.parse(line) as { reader: string; rows?: Row[]; error?: string }
      );
      assert.equal(answers.length, READERS.length, stderr);
      for (const { reader, rows, error } of answers) {
        assert.equal(error, undefined, `${reader}, seed ${seed}`);
        // A column that a reader makes of the path is in the rows of some.
        assertLake(rows!, nights, seed, hive);
      }
    }
  });
});
