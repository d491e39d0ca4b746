import { describe, it } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonFault, valueColumn } from "../../../src/streams/json/json_position.ts";

describe("positions in JSON", () => {
  it("are those of the values under a path", () => {
    const text = '{"event": "a", "properties": {"time": 12, "x": {"time": [1]}, "ti\\u006de2":3}}';
    const at = (...path: string[]) => {
      const column = valueColumn(text, path);
      return column === undefined ? undefined : text.slice(column - 1, column + 2);
    };
    assert.equal(at("event"), '"a"');
    assert.equal(at("properties", "time"), "12,");
    assert.equal(at("properties", "x", "time"), "[1]");
    assert.equal(at("properties", "time2"), "3}}");
    assert.equal(at("time"), undefined);
    assert.equal(at("properties", "time", "deeper"), undefined);
    assert.equal(valueColumn('{"a":1,"a":2}', ["a"]), 12);
    assert.equal(valueColumn('{"a":{"b":1},"a":2}', ["a", "b"]), undefined);
  });

  it("are those of the first fault", () => {
    const faults: [string, number, string][] = [
      ['{"a":1', 7, "it ends early"],
      ['{"a" 1}', 6, "no colon after a name"],
      ["{a:1}", 2, "no name in quotes"],
      ['{"a":1,}', 8, "no name in quotes"],
      ['{"a":1 "b":2}', 8, "no comma, and no end of the object"],
      ["[1 2]", 4, "no comma, and no end of the list"],
      ['{"a":NaN}', 6, "no value"],
      ['{"a":"x', 6, "a text that is not closed"],
      ['{"a":"\\x"}', 7, "no such escape"],
      ['{"a":"\t"}', 7, "a control character in a text"],
      ['{"a":01}', 7, "no comma, and no end of the object"],
      ["{} x", 4, "text after the value"],
      ["", 1, "it ends early"],
    ];
    for (const [text, column, reason] of faults) assert.deepEqual(jsonFault(text), { column, reason }, text);
  });

  it("are found in what JSON.parse refuses, and in nothing else", () => {
    const mutated = fc.tuple(fc.json(), fc.nat(), fc.constantFrom("", '"', "{", "]", ",", "\\", "1", "\n", "é")).map(
      ([text, at, piece]) => text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + 1),
    );
    fc.assert(
      fc.property(mutated, (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        assert.equal(jsonFault(text) === undefined, isJson);
      }),
      { numRuns: 500 },
    );
  });
});
