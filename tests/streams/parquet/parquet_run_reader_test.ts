import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RunReader } from "../../../src/streams/parquet/parquet_run_reader.ts";

/** Values of so many bits after each other, as one run in groups of eight. */
function packed(values: readonly number[], width: number): Uint8Array {
  const groups = Math.ceil(values.length / 8);
  const bytes = new Uint8Array(1 + groups * width);
  bytes[0] = groups << 1 | 1;
  values.forEach((value, index) => {
    for (let bit = 0; bit < width; bit++) {
      const at = index * width + bit;
      bytes[1 + (at >> 3)]! |= (value >>> bit & 1) << (at & 7);
    }
  });
  return bytes;
}

describe("RunReader", () => {
  it("unpacks values of any width, in pieces of any length, from bytes that end with them", () => {
    const cases = fc.integer({ min: 1, max: 24 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        values: fc.array(fc.nat(2 ** width - 1), { minLength: 1, maxLength: 400 }),
        pieces: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }),
        before: fc.nat(7),
      })
    );
    fc.assert(fc.property(cases, ({ width, values, pieces, before }) => {
      const bytes = Uint8Array.of(...new Uint8Array(before), ...packed(values, width));
      const reader = new RunReader({ bytes, at: before }, width);
      const found: number[] = [];
      for (const piece of [...pieces, values.length]) {
        const some = new Uint32Array(Math.min(piece, values.length - found.length));
        reader.read(some);
        found.push(...some);
      }
      assert.deepEqual(found, values);
    }));
  });
});
