import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  fitsInHalves,
  integerHalves,
  integerSize,
  isBeyondDouble,
  isHeldByDouble,
  numberAt,
  shortIntegerAt,
} from "../../../src/streams/json/json_numbers.ts";

const number = (text: string) => {
  const bytes = new TextEncoder().encode(`x${text},`);
  return numberAt(bytes, 1, bytes.length - 1);
};

describe("shortIntegerAt", () => {
  it("has the value of every integer of up to fifteen characters, wherever it stands", () => {
    const value = (text: string) => {
      const bytes = new TextEncoder().encode(`x${text}`);
      return shortIntegerAt(new DataView(bytes.buffer), 1, bytes.length);
    };
    for (const text of ["0", "-0", "9", "-7", "42", "123", "1234", "-12345", "999999999999999", "-99999999999999"]) {
      assert.ok(Object.is(value(text), Number(text)), text);
    }
    const integers = fc.tuple(fc.nat(14), fc.maxSafeInteger()).map(([digits, number]) =>
      String(number % 10 ** digits).slice(0, 15)
    );
    fc.assert(fc.property(integers, (text) => assert.ok(Object.is(value(text), Number(text)), text)), {
      numRuns: 2000,
    });
  });
});

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

describe("integerHalves", () => {
  it("has the value of a big integer, and leaves few to those", () => {
    const check = (integer: bigint) => {
      const bytes = new TextEncoder().encode(`x${integer},`);
      const fits = fitsInHalves(bytes, 1, bytes.length - 1);
      const isSmall = integer > -9_223_372_036_000_000_000n && integer < 9_223_372_036_000_000_000n;
      assert.equal(fits, isSmall, String(integer));
      if (!fits) return;
      const halves = { high: 0, low: 0 };
      integerHalves(bytes, 1, bytes.length - 1, halves);
      const view = new DataView(new ArrayBuffer(8));
      view.setInt32(0, halves.high);
      view.setInt32(4, halves.low);
      assert.equal(view.getBigInt64(0), integer);
    };
    for (let power = 0n; power < 66n; power++) {
      for (const edge of [2n ** power, 10n ** (power % 22n), 9_223_372_036n * 10n ** 9n]) {
        for (const near of [-1n, 0n, 1n]) for (const sign of [1n, -1n]) check(sign * (edge + near));
      }
    }
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), check), { numRuns: 3000 });
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

describe("isHeldByDouble", () => {
  const isHeld = (text: string) => {
    const bytes = new TextEncoder().encode(`x${text},`);
    return isHeldByDouble(bytes, 1, bytes.length - 1);
  };

  it("is no more than one that is as near as doubles are", () => {
    // By the spacing of doubles: 2^-9 at 9e12, 2^-6 at 9e13, 2^-1074 near zero.
    const lost = ["9007199254740.993", "90071992547409.93", "1e-400", "-1e-500", "4.9e-325", "1.2345e-320", "1e400"];
    // The nearest double is x.625, between x.62 and x.63.
    for (const text of [...lost, "72611275761148.63", "0.12345678901234567890123"]) {
      assert.equal(isHeld(text), false, text);
    }
  });

  it("is every double, in whatever number of digits a program prints it", () => {
    for (const text of ["0", "-0.0", "0.0e5", "0e999", "1.10", "1E2", "5e-324", "3.1400000000000001"]) {
      assert.equal(isHeld(text), true, text);
    }
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(3), (value, more) => {
      for (const text of [JSON.stringify(value), value.toPrecision(17 + more), value.toExponential(16 + more)]) {
        assert.ok(isHeld(text), text);
      }
    }));
  });

  it("is every decimal of fifteen digits", () => {
    const decimals = fc.tuple(fc.nat(99_999_999), fc.nat(9_999_999), fc.integer({ min: -290, max: 290 }));
    fc.assert(fc.property(decimals, ([whole, part, exponent]) => {
      assert.ok(isHeld(`${whole}.${part}`));
      assert.ok(isHeld(`${whole}.${part}e${exponent}`));
    }));
  });
});

describe("isBeyondDouble", () => {
  it("says what is rounded where doubles have few digits", () => {
    for (const text of ["1e-400", "1.2345e-320", "4.9e-325", "1e400"]) assert.equal(isBeyondDouble(text), true, text);
    for (const text of ["5E-324", "2.5e-320", "0e-400", "1e-300"]) assert.equal(isBeyondDouble(text), false, text);
  });
});
