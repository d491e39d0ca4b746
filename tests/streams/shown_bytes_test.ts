import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { jsonWithBytes, textWithBytes, withStandIns } from "../../src/streams/shown_bytes.ts";

const encoder = new TextEncoder();

describe("textWithBytes", () => {
  it("is the text, where it is one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => assert.equal(textWithBytes(encoder.encode(text)), text)),
    );
  });

  it("shows each byte that is part of no character, by Unicode's table of well-formed sequences", () => {
    const bytes = [
      0x61,
      0xff,
      0xc3,
      0xa9,
      0xed,
      0xa0,
      0x80,
      0xc0,
      0xaf,
      0xe2,
      0x82,
      0x62,
      0xf0,
      0x9f,
      0x98,
      0x80,
      0x80,
    ];
    assert.equal(textWithBytes(Uint8Array.from(bytes)), "a\\xffé\\xed\\xa0\\x80\\xc0\\xaf\\xe2\\x82b😀\\x80");
  });
});

describe("jsonWithBytes", () => {
  it("is no JSON where there were such bytes, and the same JSON where there were none", () => {
    const json = JSON.stringify({ a: withStandIns(Uint8Array.of(0x61, 0xff, 0x0a)), b: "\\udcff \\\\" });
    assert.equal(jsonWithBytes(json), String.raw`{"a":"a\xff\n","b":"\\udcff \\\\"}`);
    assert.throws(() => JSON.parse(jsonWithBytes(json)), SyntaxError);
    fc.assert(fc.property(fc.json(), (text) => assert.equal(jsonWithBytes(text), text)));
  });
});
