import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { JsonScanner, TOO_DEEP } from "../../../src/streams/json/json_scanner.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Whether all of a text is one value. */
function isWhole(text: string): boolean {
  const scanner = scannerOf(text);
  const end = scanner.skipValue(scanner.skipSpace(0));
  return end >= 0 && scanner.skipSpace(end) === scanner.bytes.length;
}

function scannerOf(text: string, options = {}): JsonScanner {
  const scanner = new JsonScanner(options);
  scanner.use(encoder.encode(text));
  return scanner;
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

  it("takes any depth, or as much as it is told", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    assert.ok(isWhole(nested(100_000)));
    assert.equal(isWhole(nested(100_000) + "]"), false);
    const scanner = scannerOf(nested(31), { maxDepth: 30 });
    assert.equal(scanner.skipValue(0), -1);
    assert.deepEqual([scanner.fault, scanner.faultAt], [TOO_DEEP, 30]);
    assert.equal(scannerOf(nested(30), { maxDepth: 30 }).skipValue(0), 60);
  });

  it("finds the end of a text at every length and alignment", () => {
    for (let before = 0; before < 4; before++) {
      for (let length = 0; length < 40; length++) {
        for (const ending of ["", "\n", ',"more":"text"']) {
          const text = " ".repeat(before) + `"${"x".repeat(length)}"` + ending;
          assert.equal(scannerOf(text).skipValue(before), before + length + 2);
        }
      }
    }
  });

  it("finds every byte that is special at every place of a text", () => {
    const specials: [number, string][] = [[0x5c, "no such escape"], [0x22, ""]];
    for (let byte = 0; byte < 0x20; byte++) specials.push([byte, "a control character in a text"]);
    for (let place = 0; place < 9; place++) {
      for (const [byte, fault] of specials) {
        const scanner = scannerOf(`"${"x".repeat(place)}${String.fromCharCode(byte)}x${"!".repeat(9)}"`);
        assert.equal(scanner.skipValue(0), fault === "" ? place + 2 : -1);
        if (fault !== "") assert.deepEqual([scanner.faultAt, scanner.fault], [place + 1, fault]);
      }
      for (let byte = 0x20; byte < 0x80; byte++) {
        if (byte === 0x22 || byte === 0x5c) continue;
        const text = `"${"x".repeat(place)}${String.fromCharCode(byte)}${"x".repeat(9)}"`;
        assert.equal(scannerOf(text).skipValue(0), text.length);
      }
    }
  });

  it("tells plain texts, and those of ASCII, from others", () => {
    const seen = (...bytes: number[]) => {
      const scanner = new JsonScanner({ checksUtf8: true });
      scanner.use(Uint8Array.of(0x22, ...bytes, 0x22));
      assert.equal(scanner.skipValue(0), bytes.length + 2);
      return [scanner.isPlain, scanner.isUtf8, scanner.isAscii];
    };
    assert.deepEqual(seen(...encoder.encode("plain text")), [true, true, true]);
    assert.deepEqual(seen(...encoder.encode("K\u00f6ln \u{1f680}")), [true, true, false]);
    assert.deepEqual(seen(...encoder.encode("\\n")), [false, true, true]);
    assert.deepEqual(seen(0x61, 0x62, 0x63, 0x64, 0xc3), [false, false, false]);
    assert.deepEqual(seen(0xed, 0xa0, 0x80), [false, false, false]);
  });

  it("measures lists and objects", () => {
    const scanner = scannerOf('{"a":[1,2,[3,4,5]],"b":{"c":[{"d":{}}]}}');
    scanner.skipValue(0);
    assert.deepEqual([scanner.widest, scanner.deepest], [3, 4]);
  });

  it("lets members and elements be read on the way", () => {
    const scanner = scannerOf(' {"a" : [10, {"x":1}] ,"b":"\\"}"}');
    const { bytes } = scanner;
    const seen: string[] = [];
    const end = scanner.skipObject(1, (keyStart, keyEnd, start) => {
      const valueEnd = scanner.skipValue(start);
      seen.push(
        `${decoder.decode(bytes.subarray(keyStart, keyEnd))}=${decoder.decode(bytes.subarray(start, valueEnd))}`,
      );
      return valueEnd;
    });
    assert.equal(end, bytes.length);
    assert.deepEqual(seen, ['a=[10, {"x":1}]', 'b="\\"}"']);
    assert.equal(scannerOf("[1,2]").skipList(0, () => -1), -1);
    assert.equal(scannerOf("[1,2]").skipList(0, () => undefined), 5);
  });
});
