import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { fromHalves } from "../../../src/streams/parquet/parquet_dictionary.ts";

it("whole numbers of 64 bits are divided exactly, whatever a double would make of them", () => {
  const nanoseconds = fc.bigInt(0n, 4_000_000_000_000_000_000n);
  fc.assert(fc.property(fc.array(nanoseconds), fc.constantFrom(1000, 1_000_000), (numbers, divisor) => {
    const halves = new Int32Array(BigInt64Array.from(numbers).buffer);
    assert.deepEqual([...fromHalves(halves, undefined, divisor)], numbers.map((one) => Number(one / BigInt(divisor))));
  }));
  const last = 1_788_000_000_999_999_999n;
  const halves = new Int32Array(BigInt64Array.from([last, last + 1n]).buffer);
  assert.deepEqual([...fromHalves(halves, Int32Array.of(1, -1, 0), 1_000_000)], [
    1_788_000_001_000,
    NaN,
    1_788_000_000_999,
  ]);
});
