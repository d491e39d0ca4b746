import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { integerSize, numberAt } from "../../../src/streams/json/json_numbers.ts";

const number = (text: string) => {
  const bytes = new TextEncoder().encode(`x${text},`);
  return numberAt(bytes, 1, bytes.length - 1);
};

describe("numberAt", () => {
  it("has the value of JSON.parse, to the last bit", () => {
    const awkward = ["0", "-0", "-0.0", "0.1", "1.10", "123456789012345", "99999999999999.9", "0.00000000000001"];
    awkward.push(
      "9007199254740993",
      "1e3",
      "1E-7",
      "-1.5e+300",
      "1e400",
      "5e-324",
      "0.30000000000000004",
      "179.9999999",
    );
    for (const text of awkward) assert.ok(Object.is(number(text), JSON.parse(text)), text);
    const digits = fc.tuple(fc.nat(999_999_999), fc.nat(9_999_999)).map(([whole, part]) => `${whole}.${part}`);
    fc.assert(fc.property(digits, (text) => assert.ok(Object.is(number(text), JSON.parse(text)), text)), {
      numRuns: 2000,
    });
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(Object.is(number(JSON.stringify(value)), JSON.parse(JSON.stringify(value))));
    }));
  });
});

describe("integerSize", () => {
  it("says what holds an integer", () => {
    const size = (integer: bigint) => {
      const bytes = new TextEncoder().encode(`x${integer},`);
      return integerSize(bytes, 1, bytes.length - 1);
    };
    const expected = (integer: bigint) =>
      BigInt.asIntN(64, integer) !== integer ? 2 : Number.isSafeInteger(Number(integer)) ? 0 : 1;
    const edges = [
      0n,
      2n ** 53n - 1n,
      2n ** 53n,
      10n ** 15n,
      10n ** 16n,
      10n ** 17n,
      10n ** 18n,
      2n ** 63n - 1n,
      2n ** 63n,
    ];
    edges.push(10n ** 19n, 10n ** 40n);
    for (const edge of edges) {
      for (const integer of [edge - 1n, edge, edge + 1n, -edge - 1n, -edge, -edge + 1n]) {
        assert.equal(size(integer), expected(integer), String(integer));
      }
    }
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (integer) => {
      assert.equal(size(integer), expected(integer), String(integer));
    }));
  });
});
