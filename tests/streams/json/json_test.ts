import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  JsonDepthError,
  LongNumber,
  parseExactJson,
  parseJson,
  roundedNumbers,
  stringifyJson,
} from "../../../src/streams/json/json.ts";

const nested = (depth: number, open = "[", close = "]") => open.repeat(depth) + close.repeat(depth);

describe("JSON that is nested", () => {
  it("is read to a depth of a thousand, and refused beyond, whole or not", () => {
    for (const parse of [parseJson, parseExactJson]) {
      for (const text of [nested(1000), `{"a":1234567890123456.5,"b":${nested(999)}}`]) {
        assert.deepEqual(JSON.parse(stringifyJson(parse(text))), JSON.parse(text));
      }
      for (const text of [nested(1001), nested(50_000), "[".repeat(50_000), nested(1001, '{"a":', "}")]) {
        assert.throws(() => parse(text), JsonDepthError);
      }
    }
  });

  it("is counted by what is open at the same time, and not by what is in texts", () => {
    const many = `[${Array(5000).fill("[{}]").join(",")}]`;
    assert.equal((parseJson(many) as unknown[]).length, 5000);
    const text = JSON.stringify({ a: "[".repeat(5000), b: '\\"' + "[{".repeat(5000) });
    assert.deepEqual(parseJson(text), JSON.parse(text));
  });
});

describe("numbers that a double does not hold", () => {
  const LONG = [
    "12345678901234567890.5",
    "1e400",
    "-1E+400",
    "1e-400",
    "0.12345678901234567890123",
    "9007199254740993.0",
    "12345678.123456789012",
  ];
  const SHORT = [
    "1.0",
    "1E2",
    "0.1",
    "0.30000000000000004",
    "1.10",
    "1e20",
    "-0",
    "1700000000.123456000",
    "5e-324",
    "1e300",
  ];

  it("keep their text where they are kept exactly", () => {
    for (const text of LONG) {
      for (const [before, after] of [['{"a":', "}"], ["[1,", ' ,"x"]'], ['{"a":', "\n}"]] as const) {
        const whole = `${before}${text}${after}`;
        assert.equal(stringifyJson(parseExactJson(whole)), whole.replace(/[ \n]/g, ""));
        assert.equal(JSON.stringify(parseExactJson(whole)), whole.replace(/[ \n]/g, ""));
      }
    }
  });

  it("are others than those that only look different", () => {
    for (const text of SHORT) assert.deepEqual(parseExactJson(`[${text}]`), [Number(text)]);
    assert.deepEqual(parseExactJson("[12345678901234567890]"), [12345678901234567890n]);
  });

  it("are numbers and texts to those who ask", () => {
    const value = new LongNumber("1795450514.12345678901234");
    assert.equal(Number(value), 1795450514.123456789);
    assert.equal(String(value), "1795450514.12345678901234");
  });
});

describe("roundedNumbers", () => {
  it("makes of numbers with too many digits what programs compute with, and keeps integers", () => {
    const value = parseExactJson('{"a":[1e400,0.12345678901234567890123],"b":12345678901234567890,"__proto__":1}');
    assert.deepEqual(
      Object.entries(roundedNumbers(value) as object),
      [["a", [Infinity, 0.12345678901234568]], ["b", 12345678901234567890n], ["__proto__", 1]],
    );
  });
});
