import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { readRecords } from "../../../src/records/read/read_records.ts";
import { openSources } from "../../../src/records/read/open_sources.ts";
import type { RecordSource } from "../../../src/records/read/record_source.ts";
import { chunked } from "../../streams/chunked.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const folder = temporaryFolder();

const COUNT = 2500;
const bytes = new Uint8Array(parquetWriteBuffer({
  columnData: [
    { name: "event", data: Array.from({ length: COUNT }, () => "Buy"), type: "STRING" },
    { name: "n", data: Array.from({ length: COUNT }, (_, index) => BigInt(index) + 9007199254740992n), type: "INT64" },
    { name: "note", data: Array.from({ length: COUNT }, (_, index) => index % 2 ? "odd" : null), type: "STRING" },
  ],
  rowGroupSize: 1000,
}));

async function read(sources: RecordSource[]) {
  const values: unknown[] = [];
  const numbers: number[] = [];
  for await (const block of readRecords(sources)) {
    assert.ok(block.kind === "values");
    assert.equal(block.numbered, "records");
    assert.equal(block.recordsBefore, values.length);
    values.push(...block.values);
    numbers.push(...block.lineNumbers);
  }
  return { values, numbers };
}

/** Runs with a folder for temporary files, and checks that nothing stays in it. */
async function leavingNothing(run: () => Promise<void>): Promise<void> {
  const { TMPDIR } = process.env;
  const own = folder.path("temporary");
  mkdirSync(own, { recursive: true });
  process.env.TMPDIR = own;
  try {
    await run();
    assert.equal(tmpdir(), own);
    assert.deepEqual(readdirSync(own), []);
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}

describe("reading Parquet", () => {
  const check = ({ values, numbers }: Awaited<ReturnType<typeof read>>) => {
    assert.equal(values.length, COUNT);
    assert.deepEqual(values[0], { event: "Buy", n: 9007199254740992n });
    assert.deepEqual(values.at(-1), { event: "Buy", n: 9007199254743491n, note: "odd" });
    assert.deepEqual(numbers, Array.from({ length: COUNT }, (_, index) => index + 1));
  };

  it("reads the rows of a file, whatever it is called", async () => {
    const paths = [folder.write("a.parquet", bytes), folder.write("b", bytes)];
    for (const path of paths) {
      check(await read(await openSources([path], { stream: () => new ReadableStream() })));
    }
  });

  it("reads pipes and compressed files, which it has to write down first, and leaves nothing behind", async () => {
    await leavingNothing(async () => {
      check(await read([{ name: "standard input", open: () => chunked(bytes, 777) }]));
      const path = folder.write("a.parquet.gz", gzipSync(bytes));
      check(await read(await openSources([path], { stream: () => new ReadableStream() })));
    });
  });

  it("names the file that is damaged", async () => {
    const path = folder.write("cut.parquet", bytes.subarray(0, 2000));
    const reading = read(await openSources([path], { stream: () => new ReadableStream() }));
    await assert.rejects(reading, { code: "bad_parquet", category: "input", message: /^Cannot read .*cut\.parquet: / });
  });

  it("ends the file's reading when nobody wants more", async () => {
    await leavingNothing(async () => {
      for await (const block of readRecords([{ name: "-", open: () => chunked(bytes, 777) }])) {
        assert.equal(block.recordsBefore, 0);
        break;
      }
    });
  });
});
