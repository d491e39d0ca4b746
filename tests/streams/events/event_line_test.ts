import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isEventLine, looksLikeEvent } from "../../../src/streams/events/event_line.ts";

const encoder = new TextEncoder();
const check = (text: string) => isEventLine(encoder.encode(text), 0, encoder.encode(text).length);
const withProperties = (properties: string) => `{"event":"a","properties":{${properties}}}`;

/** What the fast check must agree with. */
function isEvent(text: string): boolean {
  try {
    const value = JSON.parse(text);
    return typeof value?.event === "string" && typeof value.properties === "object" && value.properties !== null &&
      !Array.isArray(value.properties);
  } catch {
    return false;
  }
}

describe("an event line", () => {
  it("is recognised in the form that Mixpanel writes", () => {
    for (
      const properties of [
        "",
        '"time":1700000000,"distinct_id":"u-1"',
        '"a":-0.5e+10,"b":0,"c":10.25,"d":1E9,"e":true,"f":false,"g":null',
        '"a":{},"b":[],"c":[[],{}],"d":[1,"x",{"y":[null]}],"e":{"f":{"g":{}}}',
        '"quote":"\\"","escapes":"\\\\\\/\\b\\f\\n\\r\\t\\u00e9","text":"Köln 🙂 \u2028 }} \\"properties\\":{"',
      ]
    ) {
      assert.equal(check(withProperties(properties)), true, properties);
    }
  });

  it("is recognised in any other valid form", () => {
    for (
      const text of [
        '{ "event": "a", "properties": { "time": 1 } }',
        '{"properties":{"time":1},"event":"a"}',
        '{"event":"a","properties":{},"extra":[1]}',
        '{"event":"a","properties":{}}\r',
        withProperties(`"deep":${"[".repeat(40)}${"]".repeat(40)}`),
      ]
    ) {
      assert.equal(check(text), true, text);
    }
  });

  it("is refused when it is no event, though it may be JSON", () => {
    for (
      const text of [
        "99",
        '"x"',
        "null",
        "[]",
        "{}",
        '{"event":"a"}',
        '{"event":"a","properties":[]}',
        '{"event":"a","properties":null}',
        '{"event":1,"properties":{}}',
        '{"properties":{}}',
        '{"error":"x"}',
        "terminated early",
        "",
      ]
    ) {
      assert.equal(check(text), false, text);
    }
  });

  it("is refused when a single token is wrong", () => {
    for (
      const properties of [
        '"a":01',
        '"a":1.',
        '"a":.5',
        '"a":-',
        '"a":1e',
        '"a":+1',
        '"a":truth',
        '"a":tru',
        '"a":nul',
        '"a":"\\x"',
        '"a":"\\u12g4"',
        '"a":"tab\there"',
        '"a":"open',
        '"a"',
        '"a":',
        '"a":1,',
        ',"a":1',
        '"a":1,,"b":2',
        '"a" 1',
        '"a":[1,]',
        '"a":[1',
        '"a":{"b":1',
        '"a":[1}',
        '"a":1}{',
        "a:1",
      ]
    ) {
      assert.equal(check(withProperties(properties)), false, properties);
    }
  });

  it("is refused when two records are in one line, or half of one is before another", () => {
    const event = '{"event":"a","properties":{"x":1}}';
    assert.equal(check(event + event), false);
    assert.equal(check('{"event":"a","properties":{"x":1' + event), false);
    assert.equal(check('{"event":"a","properties":{"x":"1' + event), false);
    assert.equal(check(event.slice(0, -1) + "terminated early}}"), false);
  });

  it("looks at nothing outside its bounds", () => {
    const bytes = encoder.encode('xx{"event":"a","properties":{"x":1}}yy');
    assert.equal(isEventLine(bytes, 2, bytes.length - 2), true);
    assert.equal(isEventLine(bytes, 2, bytes.length - 3), false);
    assert.equal(isEventLine(bytes, 2, bytes.length), false);
  });

  it("agrees with JSON.parse on any event", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.dictionary(fc.string(), fc.jsonValue()), (event, properties) => {
        const text = JSON.stringify({ event, properties });
        assert.equal(check(text), true, text);
      }),
    );
  });

  /** JSON with blanks between its tokens, as `blank` gives them. */
  const spread = (text: string, blank: () => string): string =>
    text.replace(/("(?:[^"\\]|\\.)*")|[{}[\]:,]/g, (token, name) => blank() + (name ?? token) + blank());
  const blanks = fc.array(fc.constantFrom("", "", " ", "  ", "\t", "\r"), { minLength: 1 });

  it("agrees with JSON.parse on any event with blanks between its tokens", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), blanks, (properties, choices) => {
        let turn = 0;
        const text = spread(JSON.stringify({ event: "a", properties }), () => choices[turn++ % choices.length]!);
        assert.equal(check(text), true, text);
      }),
    );
  });

  it("looks like an event with blanks after colons and commas, and does not when an end is missing", () => {
    const looks = (text: string) => looksLikeEvent(encoder.encode(text), 0, encoder.encode(text).length);
    for (
      const text of [
        '{"event":"a","properties":{}}',
        '{"event": "a", "properties": {"time": 1, "b": [1, 2]}}',
        '{ "event" : "a" , "properties" : { "time" : 1 } }',
        '{"event": "a", "properties": {"time": 1}}\r',
      ]
    ) {
      assert.equal(looks(text), true, text);
      assert.equal(looks(text.slice(0, text.trimEnd().length - 1)), false, text);
      assert.equal(looks(text.trimEnd().slice(0, -2)), false, text);
    }
    for (
      const text of [
        '{"event": 1, "properties": {}}',
        '{"event": "a", "properties": []}}',
        '{"error": "a"}}',
        "}}",
        " ",
      ]
    ) {
      assert.equal(looks(text), false, text);
    }
  });

  it("agrees with JSON.parse on events that were damaged", () => {
    const event = fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean()).map(([properties, isSpread]) => {
      const text = JSON.stringify({ event: 'Sign "Up"', properties });
      return isSpread ? spread(text, () => " ") : text;
    });
    const character = fc.constantFrom(...'{}[]",:\\0123.eE+-tfnu \n\u0001é');
    const options = { numRuns: 3000 };
    fc.assert(
      fc.property(event, fc.nat(), fc.nat(2), character, (text, place, removed, put) => {
        const at = place % (text.length + 1);
        const damaged = text.slice(0, at) + put + text.slice(at + removed);
        assert.equal(check(damaged), isEvent(damaged), damaged);
      }),
      options,
    );
  });
});
