/** Tables that deltalake has written and changed, read here and by deltalake itself: `npm run test:readers`. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { before, it } from "node:test";
import { openSources } from "../../src/records/read/open_sources.ts";
import { readRecords } from "../../src/records/read/read_records.ts";
import { parseExactJson } from "../../src/streams/json/json.ts";
import { describeUnless } from "../helpers/needs.ts";
import { DELTA, installPackages } from "../helpers/python_packages.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

type Row = Record<string, unknown>;

const script = join(import.meta.dirname!, "delta.py");
const folder = temporaryFolder();

async function read(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const block of readRecords(await openSources([path], { stream: () => new ReadableStream() }))) {
    assert.ok(block.kind === "values");
    rows.push(...block.values as Row[]);
  }
  return rows;
}

/** In the order of their ids, each with its columns in one order: neither is promised. */
const inOrder = (rows: readonly Row[]): Row[] =>
  rows.toSorted((one, other) => Number(one.id) - Number(other.id))
    .map((row) => Object.fromEntries(Object.entries(row).sort(([one], [other]) => one < other ? -1 : 1)));

const installed = installPackages(DELTA);
describeUnless("reason" in installed && installed.reason, "tables that deltalake has written", () => {
  let tables: { name: string; rows: Row[] }[];
  before(() => {
    const { python } = installed as { python: string };
    const { stdout, stderr } = spawnSync(python, [script, folder.path("")], { encoding: "utf8" });
    tables = stdout.trim().split("\n").map((line) => parseExactJson(line) as { name: string; rows: Row[] });
    assert.equal(tables.length, 10, stderr);
  });

  it("have the same rows here, whatever has become of them", async () => {
    for (const { name, rows } of tables) {
      assert.deepEqual(inOrder(await read(folder.path(name))), inOrder(rows), name);
      assert.deepEqual(inOrder(await read(`${folder.path(name)}/**/*.parquet`)), inOrder(rows), name);
    }
  });

  it("are refused where their columns have other names in their files", async () => {
    await assert.rejects(read(folder.path("mapped")), { code: "table_refused" });
  });
});
