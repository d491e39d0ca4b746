import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { readRecords } from "../../../src/records/read/read_records.ts";
import { openSources } from "../../../src/records/read/open_sources.ts";
import { openBucketLab } from "./bucket_lab.ts";

describe("reading from a bucket", () => {
  it("finds the objects below a prefix or that match, and reads all formats", async () => {
    const bucket = await openBucketLab();
    const { put } = bucket;
    try {
      const parquet = parquetWriteBuffer({ columnData: [{ name: "n", data: [4, 5], type: "INT32" }] });
      await put("in/2026/a.csv.gz", gzipSync("n,t\n1,x\n"));
      await put("in/2026/b.json", '[{"n":2},{"n":3}]');
      await put("in/c.parquet", new Uint8Array(parquet));
      await put("lake/day=2026-11-01/a.csv", "n,t\n1,x\n");
      await put("own/_mp_manifest.json", "{}");
      await put("own/day=2026-11-01/a.jsonl", '{"n":1}\n');
      await put("in/_SUCCESS", new Uint8Array(0));
      await put("inner.jsonl", '{"n":9}\n');
      const read = async (address: string) => {
        const sources = await openSources([address], { stream: () => new ReadableStream() }, {
          openStorage: bucket.open,
        });
        const values: unknown[] = [];
        for await (const block of readRecords(sources)) {
          if (block.kind === "values") values.push(...block.values);
          else values.push(...[...block.lines].map((line) => JSON.parse(new TextDecoder().decode(line))));
        }
        return { values, names: sources.map(({ name }) => name), identity: sources[0]?.identity };
      };
      const all = await read("s3://bucket/in");
      assert.deepEqual(all.names, [
        "s3://bucket/in/2026/a.csv.gz",
        "s3://bucket/in/2026/b.json",
        "s3://bucket/in/c.parquet",
      ]);
      assert.deepEqual(all.values, [{ n: 1, t: "x" }, { n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }]);
      assert.deepEqual((await read("s3://bucket/**/*.parquet")).values, [{ n: 4 }, { n: 5 }]);
      assert.deepEqual((await read("s3://bucket/inner.jsonl")).values, [{ n: 9 }]);
      // Columns in paths are values, but not those of an export.
      assert.deepEqual((await read("s3://bucket/lake/")).values, [{ n: 1, t: "x", day: "2026-11-01" }]);
      assert.deepEqual((await read("s3://bucket/own/")).values, [{ n: 1 }]);
      const before = (await read("s3://bucket/inner.jsonl")).identity;
      await put("inner.jsonl", '{"n":8}\n');
      const after = (await read("s3://bucket/inner.jsonl")).identity;
      assert.equal(after?.address, before?.address);
      assert.notEqual(after?.version, before?.version);
      await assert.rejects(
        read("s3://bucket/in/*.csv"),
        /Cannot read s3:\/\/bucket\/in\/\*\.csv: no object matches it/,
      );
    } finally {
      await bucket.stop();
    }
  });
});
