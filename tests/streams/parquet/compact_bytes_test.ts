import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { CompactBytes } from "../../../src/streams/parquet/compact_bytes.ts";
import { ParquetError } from "../../../src/streams/parquet/parquet_error.ts";

/** Every type: true, false, a byte, whole numbers, a double, bytes, lists, a structure, and a field with a number of its own. */
const BYTES = Uint8Array.of(
  ...[0x11, 0x12, 0x13, 0xfe, 0x14, 0x03, 0x15, 0x80, 0x02, 0x16, 0xff, 0xff, 0xff, 0xff, 0x1f],
  ...[0x17, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x18, 0x02, 0x61, 0x62],
  ...[0x19, 0x25, 0x02, 0x04, 0x19, 0x21, 0x01, 0x02, 0x19, 0x1c, 0x15, 0x06, 0],
  ...[0x1c, 0x18, 0x00, 0, 0x05, 0xc8, 0x01, 0x0a, 0],
);
const ab = new TextEncoder().encode("ab");
const FIELDS = [, true, false, -2, -2, 128, -(2 ** 32), 1.5, ab, [1, 2], [true, false], [[, 3]], [, new Uint8Array(0)]];

describe("CompactBytes", () => {
  it("reads values of all types", () => {
    const reader = new CompactBytes(BYTES);
    const fields = reader.fields();
    assert.deepEqual(fields.slice(0, FIELDS.length), FIELDS);
    assert.equal(fields[100], 5);
    assert.equal(reader.at, BYTES.length);
  });

  it("skips what nobody asks for", () => {
    const reader = new CompactBytes(BYTES);
    reader.skipStructure();
    assert.equal(reader.at, BYTES.length);
    const seen: number[] = [];
    const other = new CompactBytes(BYTES);
    other.structure((field, type) => {
      seen.push(field);
      other.skipValue(type);
    });
    assert.deepEqual(seen, [...Array(12).keys()].map((index) => index + 1).concat(100));
  });

  it("fails wherever the bytes end early, and for types that Parquet has not", () => {
    for (let length = 0; length < BYTES.length; length++) {
      assert.throws(() => new CompactBytes(BYTES.subarray(0, length)).fields(), ParquetError);
      assert.throws(() => new CompactBytes(BYTES.subarray(0, length)).skipStructure(), ParquetError);
    }
    assert.throws(() => new CompactBytes(Uint8Array.of(0x1b, 0)).fields(), ParquetError);
    assert.throws(() => new CompactBytes(Uint8Array.of(0x1b, 0)).skipStructure(), ParquetError);
  });
});
