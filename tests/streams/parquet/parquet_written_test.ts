/** Files of other writers, whose values are known. */
import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { ParquetError } from "../../../src/streams/parquet/parquet_error.ts";
import { recordsIn } from "./parquet_file.ts";
import { WRITTEN } from "./written_files.ts";

describe("Parquet files of other writers", () => {
  it("have pages of version 2, with empty lists and without values, in each compression", async () => {
    const expected = [
      { items: [{ id: 1, s: "a" }, null, { id: null, s: "b" }] },
      { items: [] },
      {},
      { items: [{ id: 2, s: null }] },
    ];
    for (const name of ["v2_snappy", "v2_lz4", "v2_zstd", "v2_gzip", "v2_brotli", "v2_none", "v1_lz4"] as const) {
      assert.deepEqual(await recordsIn(WRITTEN[name]), expected, name);
    }
    assert.deepEqual(await recordsIn(WRITTEN.spark), [{}]);
  });

  it("have times of 96 bits, numbers of 16, and bytes of a fixed length", async () => {
    assert.deepEqual(await recordsIn(WRITTEN.int96), [{ t: "2026-01-31T12:00:00.123456Z" }, {}]);
    const halves = (await recordsIn(WRITTEN.half)).map(({ h }) => h);
    // As NumPy prints them, but whole numbers as they are.
    assert.deepEqual(halves, [0.1, 59.12, "Infinity", -65504, 6e-8]);
    assert.deepEqual(await recordsIn(WRITTEN.fixed), [{ f: "0001fe", b: "6f6b" }, { f: "616263", b: "aaff" }]);
  });

  it("have lists and maps with other names for their parts", async () => {
    assert.deepEqual(await recordsIn(WRITTEN.lists), [{ l: [1], m: { k: [{ a: 1 }] } }, { l: [], m: {} }]);
  });

  it("are found to be damaged by the check sums of their pages", async () => {
    assert.deepEqual((await recordsIn(WRITTEN.sum)).map(({ i }) => i), [0, 1, 2, 3, 4]);
    const damaged = WRITTEN.sum.slice();
    // The lowest byte of the last number, before the directory.
    const at = damaged.findIndex((byte, index) => byte === 3 && damaged[index + 8] === 4 && damaged[index + 7] === 0);
    damaged[at] = 7;
    await assert.rejects(
      recordsIn(damaged),
      (error) => error instanceof ParquetError && error.fault === "damaged" && /"i": .* check sum$/.test(error.message),
    );
  });

  it("that are cut off, encrypted or damaged are told from each other", async () => {
    const fault = async (bytes: Uint8Array) => {
      try {
        await recordsIn(bytes);
      } catch (error) {
        return (error as ParquetError).fault;
      }
    };
    assert.equal(await fault(WRITTEN.sum.subarray(0, 60)), "cut");
    assert.equal(await fault(new Uint8Array(0)), "cut");
    const encrypted = WRITTEN.sum.slice();
    encrypted[encrypted.length - 1] = 0x45;
    assert.equal(await fault(encrypted), "unsupported");
    const pointless = WRITTEN.sum.slice();
    pointless[pointless.length - 5] = 0x7f;
    assert.equal(await fault(pointless), "damaged");
  });
});
