import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { crc32, gzipSync } from "node:zlib";
import { countDelimitedRecords } from "../../../src/jobs/export/delimited_count.ts";
import { type Manifest, MANIFEST_NAME } from "../../../src/jobs/export/manifest.ts";
import { chooseFormat } from "../../../src/jobs/export/output_format.ts";
import { exportToFolder } from "../../../src/jobs/export/to_folder.ts";
import { verifyExport } from "../../../src/jobs/export/verify.ts";
import { localStorage } from "../../../src/storage/files/local.ts";
import { CHUNK_SIZES, chunked } from "../../streams/chunked.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { event, openExportLab } from "./export_lab.ts";

const folder = temporaryFolder();
const lab = openExportLab();
after(() => lab.stop());

/** A folder with two exported days, and its manifest. */
async function exported(format?: string, compression: "none" | "gzip" | "zstd" = "none") {
  const path = mkdtempSync(folder.path("out-"));
  await exportToFolder(lab.client, { from: "2026-01-01", to: "2026-01-02" }, {
    storage: localStorage(path),
    stateFolder: join(path, ".mp-export"),
    locksFolder: folder.path("locks"),
    output: { ...chooseFormat({ format, compression }), split: "day", hive: false },
    clock: lab.clock,
    generator: "mp test",
  });
  const manifest = JSON.parse(readFileSync(join(path, MANIFEST_NAME), "utf8")) as Manifest;
  const first = manifest.files[0]!;
  const problems = async () => {
    const found = await verifyExport(localStorage(path), manifest);
    return found.problems.map(({ path, problem, detail }) => `${path} ${problem}: ${detail}`);
  };
  /** Puts other content in the first file's place, as if it had been exported. */
  const replace = (content: Uint8Array | string) => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    writeFileSync(join(path, first.path), bytes);
    first.bytes = bytes.length;
    first.crc32 = crc32(bytes).toString(16).padStart(8, "0");
  };
  return { path, file: join(path, first.path), problems, replace, manifest };
}

describe("the verification of an export", () => {
  for (
    const [format, compression] of [["jsonl", "zstd"], ["csv", "gzip"], ["tsv", "none"], ["parquet", "none"]] as const
  ) {
    it(`finds nothing wrong with ${format}, ${compression}`, async () => {
      const { problems } = await exported(format, compression);
      assert.deepEqual(await problems(), []);
    });
  }

  it("finds files of a table whose columns or types are others", async () => {
    for (const format of ["parquet", "csv"]) {
      const one = await exported(format);
      const other = await exported(format);
      one.manifest.schema!.columns.splice(4, 0, { name: "plan", type: "string" });
      const found = await one.problems();
      assert.equal(found.length, 2, format);
      assert.match(
        found[0] as string,
        format === "csv" ? /other_columns: its first line/ : /its column 5 is "other_p.*, and not "plan"$/,
      );
      assert.deepEqual(await other.problems(), []);
    }
    const { manifest, problems } = await exported("parquet");
    manifest.schema!.columns[1]!.type = "integer";
    const drift = 'other_columns: its column "time" is INT64 TIMESTAMP_MILLIS, and not INT64';
    assert.deepEqual(
      await problems(),
      ["events_2026-01-01.parquet", "events_2026-01-02.parquet"].map((name) => `${name} ${drift}`),
    );
  });

  it("finds files that are gone, longer, or changed", async () => {
    const gone = await exported();
    rmSync(gone.file);
    assert.deepEqual(await gone.problems(), ["events_2026-01-01.jsonl missing: it is not there"]);
    const longer = await exported();
    appendFileSync(longer.file, "\n");
    assert.match((await longer.problems())[0]!, /wrong_size: it has \d+ bytes, and not \d+$/);
    const changed = await exported();
    writeFileSync(changed.file, readFileSync(changed.file, "utf8").replace("Kauf", "Kaum"));
    assert.match((await changed.problems())[0]!, /wrong_checksum: /);
  });

  it("finds content that is none, even under a right checksum", async () => {
    const lines = lab.linesOf("2026-01-01");
    const cases: ["none" | "gzip", Uint8Array | string, RegExp][] = [
      ["none", lines + "terminated early\n", /damaged: .*"terminated early"/],
      ["none", lines + event("2026-01-01", 3), /wrong_count: it has 3 events, and not 2$/],
      ["gzip", gzipSync(lines).subarray(0, -4), /damaged: the compressed data ends early$/],
    ];
    for (const [compression, content, expected] of cases) {
      const { problems, replace } = await exported("jsonl", compression);
      replace(content);
      assert.match((await problems()).join("\n"), expected);
    }
  });

  it("finds days without a file, whatever the manifest says of itself", async () => {
    const { path } = await exported();
    const manifest = JSON.parse(readFileSync(join(path, MANIFEST_NAME), "utf8")) as Manifest;
    manifest.files.shift();
    const { complete, missing } = await verifyExport(localStorage(path), manifest);
    assert.deepEqual([complete, missing], [false, [{ from: "2026-01-01", to: "2026-01-01" }]]);
  });

  it("mentions events whose time is of another day in UTC, or that have none, and finds no fault in them", async () => {
    const { path, problems, replace, manifest } = await exported();
    replace(event("2026-01-01", 1) + event("2026-01-02", 1) + '{"event":"N","properties":{"distinct_id":"a"}}\n');
    manifest.files[0]!.events = 3;
    assert.match((await problems())[0]!, /other_days: 2 of its events /);
    const { faults, events } = await verifyExport(localStorage(path), manifest);
    assert.deepEqual([faults, events], [0, 5]);
  });

  it("finds rows that are missing in tables", async () => {
    const csv = await exported("csv");
    csv.replace('event,time,distinct_id,$insert_id,other_properties\n"Kauf\n""a""",1,,,\n');
    assert.match((await csv.problems())[0]!, /wrong_count: it has 1 events/);
    const parquet = await exported("parquet");
    parquet.replace("PAR1 no PAR1");
    assert.match((await parquet.problems())[0]!, /damaged: /);
  });

  it("lists files that the manifest does not know, except those of programs", async () => {
    const { path, problems } = await exported();
    writeFileSync(join(path, "mine.jsonl"), "");
    writeFileSync(join(path, "mine.txt"), "");
    writeFileSync(join(path, "_SUCCESS"), "");
    assert.deepEqual(await problems(), [
      "mine.jsonl stray: the manifest does not list it, and readers take it for a part of the table",
      "mine.txt unknown: the manifest does not list it",
    ]);
  });
});

describe("the number of records in CSV", () => {
  it("does not depend on line breaks inside quotes, nor on how the bytes come", async () => {
    for (const size of CHUNK_SIZES) {
      assert.equal((await countDelimitedRecords(chunked('a,b\n1,"x\ny"\n"""\n""",2\n', size))).records, 2);
      assert.equal((await countDelimitedRecords(chunked("a\n1\n2", size))).records, 2);
    }
    assert.equal((await countDelimitedRecords(chunked("a\n", 1))).records, 0);
    assert.equal((await countDelimitedRecords(chunked("", 1))).records, 0);
    await assert.rejects(countDelimitedRecords(chunked('a\n"x', 2)), /inside quotes/);
  });
});
