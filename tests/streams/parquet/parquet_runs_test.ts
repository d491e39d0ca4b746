import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readRleBitPackedHybrid } from "hyparquet/src/encoding.js";
import { ParquetRuns } from "../../../src/streams/parquet/parquet_runs.ts";

describe("ParquetRuns", () => {
  it("packs what readers unpack, whatever the runs and the bits", () => {
    const runs = new ParquetRuns();
    const values = (bitWidth: number) =>
      fc.array(fc.tuple(fc.nat(2 ** bitWidth - 1), fc.oneof(fc.constant(1), fc.nat(40))), { maxLength: 60 })
        .map((parts) => parts.flatMap(([value, count]) => Array.from({ length: count }, () => value)));
    const cases = fc.integer({ min: 0, max: 24 }).chain((width) => fc.tuple(fc.constant(width), values(width)));
    fc.assert(
      fc.property(cases, ([bitWidth, values]) => {
        const packed = runs.pack(Int32Array.from([...values, 7, 7]), values.length, bitWidth, bitWidth);
        assert.equal(packed[0], bitWidth);
        const output: number[] = new Array(values.length);
        const reader = { view: new DataView(packed.buffer, packed.byteOffset, packed.length), offset: 1 };
        readRleBitPackedHybrid(reader, bitWidth, output, packed.length - 1);
        assert.deepEqual(output, values);
      }),
      { numRuns: 500 },
    );
  });

  it("needs a few bytes for a long run", () => {
    assert.deepEqual([...new ParquetRuns().pack(new Uint8Array(100_000).fill(1), 100_000, 1)], [192, 154, 12, 1]);
  });
});
