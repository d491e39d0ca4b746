/** Tables that are made while their events are fetched, when fetching goes wrong and when columns come late. */
import assert from "node:assert/strict";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { afterEach, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { chooseFormat } from "../../../src/jobs/export/output_format.ts";
import { exportToFile, type FileExport } from "../../../src/jobs/export/to_file.ts";
import { exportToStream } from "../../../src/jobs/export/to_stream.ts";
import { gunzip } from "../../../src/runtime/compression/gzip.ts";
import { unzstd } from "../../../src/runtime/compression/zstd.ts";
import { localStorage } from "../../../src/storage/files/local.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { event, type ExportLab, openExportLab } from "./export_lab.ts";

const folder = temporaryFolder();
const labs: ExportLab[] = [];
afterEach(() => Promise.all(labs.splice(0).map((lab) => lab.stop())));
let files = 0;

/** Days of 3 MB each, so that the columns of the first ones are settled when the last one comes. */
const DAY_EVENTS = 300;
const QUERY = { from: "2026-01-01", to: "2026-01-03" };

function linesOfDay(day: string): string {
  const late = day === "2026-01-03";
  return Array.from({ length: DAY_EVENTS }, (_, number) => {
    const value = late && number === 7 ? '"n":0.5,"late":"x,y",' : `"n":${number},`;
    return event(day, number, `,${value}"text":${JSON.stringify(`${number}"\n`.padEnd(10_000, "abc"))}`);
  }).join("");
}

function openLab(): ExportLab {
  const lab = openExportLab();
  labs.push(lab);
  lab.linesOf = linesOfDay;
  return lab;
}

async function exported(lab: ExportLab, name: string, wishes: Partial<FileExport> = {}) {
  const path = folder.path(`${++files}-${name}`);
  const summary = await exportToFile(lab.client, QUERY, {
    storage: localStorage(dirname(path)),
    path: basename(path),
    stateFolder: `${path}.mp-export`,
    locksFolder: folder.path("locks"),
    output: chooseFormat({ name }),
    clock: lab.clock,
    sliceDays: 3,
    concurrency: 1,
    ...wishes,
  });
  assert.equal(existsSync(`${path}.mp-export`), false);
  return { path, summary };
}

function expectedCsv(): string {
  let text = "event,time,distinct_id,$insert_id,n,text,late\n";
  for (const line of ["2026-01-01", "2026-01-02", "2026-01-03"].flatMap((day) => linesOfDay(day).trim().split("\n"))) {
    const { event, properties: { time, distinct_id, $insert_id, n, text: long, late } } = JSON.parse(line);
    const quoted = `"${long.replaceAll('"', '""')}"`;
    text += `${event},${time},${distinct_id},${$insert_id},${n},${quoted},${late === undefined ? "" : `"${late}"`}\n`;
  }
  return text;
}

async function textOf(path: string, unpack: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of unpack(createReadStream(path))) chunks.push(chunk.slice());
  return Buffer.concat(chunks).toString();
}

async function assertParquet(bytes: Uint8Array): Promise<void> {
  const rows = await parquetReadObjects({ file: bytes.slice().buffer, compressors });
  assert.equal(rows.length, 3 * DAY_EVENTS);
  assert.deepEqual(Object.keys(rows[0]!), ["event", "time", "distinct_id", "$insert_id", "n", "text", "late"]);
  for (const [index, { n, late, text }] of rows.entries()) {
    const isLate = index === 2 * DAY_EVENTS + 7;
    assert.deepEqual([n, late ?? null], isLate ? [0.5, "x,y"] : [index % DAY_EVENTS, null]);
    assert.ok((text as string).startsWith(`${index % DAY_EVENTS}"\n`));
  }
}

describe("a table that is made while its events are fetched", () => {
  for (
    const [name, unpack] of [
      ["late.csv", (bytes: AsyncIterable<Uint8Array>) => bytes],
      ["late.csv.gz", gunzip],
      ["late.csv.zst", unzstd],
    ] as const
  ) {
    it(`has late columns in all rows of ${name}`, async () => {
      for (const sliceDays of [1, 3]) {
        const { path, summary } = await exported(openLab(), name, { sliceDays });
        assert.equal(await textOf(path, unpack), expectedCsv());
        assert.equal(summary.events, 3 * DAY_EVENTS);
      }
    });
  }

  it("has late columns and late types in all rows of a Parquet file", async () => {
    for (const sliceDays of [1, 3]) {
      const { path } = await exported(openLab(), "late.parquet", { sliceDays });
      await assertParquet(readFileSync(path));
    }
  });

  it("has no event of a try that failed, however far it had come", async () => {
    const { length } = gzipSync(openLab().expected(QUERY));
    for (const cutTo of [100, Math.floor(length / 2), length - 100]) {
      for (const name of ["broken.csv", "broken.parquet"]) {
        const lab = openLab();
        lab.trouble = (_request, times) => times === 1 ? { cutTo } : undefined;
        const { path, summary } = await exported(lab, name);
        if (name.endsWith("csv")) assert.equal(readFileSync(path, "utf8"), expectedCsv());
        else await assertParquet(readFileSync(path));
        assert.deepEqual([summary.events, summary.requests], [3 * DAY_EVENTS, 2]);
      }
    }
  });

  it("has the columns of what came in the end, and not those of a try that failed", async () => {
    const lab = openLab();
    const first = linesOfDay("2026-01-01").replaceAll('"n":', '"other":');
    lab.trouble = (_request, times) => times === 1 ? { lines: `${first}{"error":"terminated early"}` } : undefined;
    const { path } = await exported(lab, "other.csv");
    assert.equal(readFileSync(path, "utf8"), expectedCsv());
  });

  it("counts events that are there twice once, whether it is made in one pass or in two", async () => {
    for (const late of ["1", "0.5"]) {
      const lab = openLab();
      const rows = Array.from(
        { length: 6000 },
        (_, n) => event("2026-01-02", n, `,"n":${n},"text":"${"x".repeat(800)}"`),
      );
      lab.linesOf = (day) =>
        day === "2026-01-02" ? rows.join("") + rows[0] : event(day, 1, day === "2026-01-03" ? `,"n":${late}` : "");
      const output = chooseFormat({ name: "twice.parquet", dedupe: true });
      const { summary } = await exported(lab, "twice.parquet", { output });
      assert.deepEqual([summary.events, summary.duplicates], [6002, 1]);
    }
  });

  it("is made for a pipe, too", async () => {
    const lab = openLab();
    lab.trouble = (_request, times) => times === 1 ? { cutTo: 10_000 } : undefined;
    const printed: Uint8Array[] = [];
    await exportToStream(lab.client, QUERY, {
      output: chooseFormat({ format: "csv" }),
      print: async (bytes) => void printed.push(await Promise.resolve(bytes.slice())),
      clock: lab.clock,
      sliceDays: 3,
    });
    assert.equal(Buffer.concat(printed).toString(), expectedCsv());
  });
});
