import { describe, it } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { sentEvent, sentEvents, storedProperties } from "../../../src/sandbox/ingestion/record.ts";

describe("an event as it was sent", () => {
  it("keeps digits, escapes and order of its properties", () => {
    const text =
      '{"event":"E","properties":{"z":1.50,"big":1234567890123456789,"e":1e3,"u":"\\u00e9\\ud83d\\ude00","a":0.10}}';
    assert.equal(
      sentEvent(text).text,
      '{"z":1.50,"big":1234567890123456789,"e":1e3,"u":"\\u00e9\\ud83d\\ude00","a":0.10}',
    );
  });

  it("leaves out the time and the token, wherever they stand", () => {
    assert.equal(sentEvent('{"event":"E","properties":{"time":1,"a":2,"token":"t","b":3}}').text, '{"a":2,"b":3}');
    assert.equal(sentEvent('{"properties":{"a":{"time":1},"token":"t"},"event":"E"}').text, '{"a":{"time":1}}');
    assert.equal(sentEvent('{"event":"E","properties":{"time":1}}').text, "{}");
  });

  it("finds the time also when its name is written with escapes", () => {
    assert.equal(sentEvent('{"event":"E","properties":{"ti\\u006de":1,"a":2}}').text, '{"a":2}');
    assert.equal(sentEvent('{"event":"E","propertie\\u0073":{"time":1,"a":2}}').text, '{"a":2}');
  });

  it("keeps the last of two properties with one name", () => {
    assert.equal(sentEvent('{"event":"E","properties":{"a":1,"a":2}}').text, '{"a":2}');
  });

  it("fits on one line", () => {
    const text = JSON.stringify({ event: "E", properties: { time: 1, a: { b: [1, 2] }, c: "x\ny" } }, null, 2);
    assert.ok(!/[\n\r]/.test(sentEvent(text).text));
    assert.deepEqual(JSON.parse(sentEvent(text).text), { a: { b: [1, 2] }, c: "x\ny" });
  });

  it("has no properties when they are no object", () => {
    for (const properties of ["[1]", "1", "null", '"x"']) {
      assert.equal(sentEvent(`{"event":"E","properties":${properties}}`).properties, undefined);
    }
    assert.deepEqual(sentEvents('[1,null,"x",[]]').map(({ properties }) => properties), Array(4).fill(undefined));
  });

  it("says the same in text and values, for any properties", () => {
    const name = fc.oneof(fc.string(), fc.constantFrom("time", "token", "__proto__", "toString"));
    fc.assert(fc.property(
      fc.dictionary(name, fc.jsonValue(), { noNullPrototype: true }),
      fc.constantFrom(undefined, "\t"),
      (properties, indent) => {
        const { text } = sentEvent(JSON.stringify({ event: "E", properties }, null, indent));
        const expected = JSON.parse(storedProperties(JSON.parse(JSON.stringify(properties))));
        assert.deepEqual(JSON.parse(text), expected);
        assert.deepEqual(Object.keys(JSON.parse(text)), Object.keys(expected));
      },
    ));
  });
});
