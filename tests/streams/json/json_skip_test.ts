import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { skipList, skipObject, skipSpace, skipValue } from "../../../src/streams/json/json_skip.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Whether all of a text is one value. */
function isWhole(text: string): boolean {
  const bytes = encoder.encode(text);
  const end = skipValue(bytes, skipSpace(bytes, 0));
  return end >= 0 && skipSpace(bytes, end) === bytes.length;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("skipping JSON values", () => {
  it("takes what JSON.parse takes", () => {
    fc.assert(fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, "\t"), (text, indent) => {
      assert.ok(isWhole(JSON.stringify(JSON.parse(text), null, indent)));
    }));
  });

  it("refuses what JSON.parse refuses, whatever byte is changed, added or lost", () => {
    const change = fc.tuple(
      fc.nat(),
      fc.constantFrom("", '"', "\\", "{", "]", ",", ":", "0", "-", "e", ".", "u", "\n", " "),
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), change, fc.boolean(), (text, [place, put], keeps) => {
        const at = place % text.length;
        const changed = text.slice(0, at) + put + text.slice(keeps ? at : at + 1);
        assert.equal(isWhole(changed), parses(changed), changed);
      }),
      { numRuns: 2000 },
    );
  });

  it("refuses what ends early, at every place", () => {
    const text = '{"a":[1,-2.5e+3,"\\u00e9\\n",true,null,{}],"b":{"c":false}}';
    for (let end = 0; end < text.length; end++) assert.equal(isWhole(text.slice(0, end)), false, text.slice(0, end));
    assert.ok(isWhole(text));
  });

  it("refuses depths that would exhaust the stack", () => {
    assert.equal(isWhole("[".repeat(100_000) + "]".repeat(100_000)), false);
    assert.ok(isWhole("[".repeat(300) + "]".repeat(300)));
  });

  it("lets members and elements be read on the way", () => {
    const bytes = encoder.encode(' {"a" : [10, {"x":1}] ,"b":"\\"}"}');
    const seen: string[] = [];
    const end = skipObject(bytes, 1, (keyStart, keyEnd, start) => {
      const valueEnd = skipValue(bytes, start);
      seen.push(
        `${decoder.decode(bytes.subarray(keyStart, keyEnd))}=${decoder.decode(bytes.subarray(start, valueEnd))}`,
      );
      return valueEnd;
    });
    assert.equal(end, bytes.length);
    assert.deepEqual(seen, ['a=[10, {"x":1}]', 'b="\\"}"']);
    assert.equal(skipList(encoder.encode("[1,2]"), 0, () => -1), -1);
  });
});
