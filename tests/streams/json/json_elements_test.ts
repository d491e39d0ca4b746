import { describe, it } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { ElementSplitter, JsonShapeError } from "../../../src/streams/json/json_elements.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const SIZES = [1, 2, 3, 7, 4096];
/** Of an element, where a test does not say otherwise. */
const MOST_BYTES = 1000;

function split(text: string, size: number, limits: { maxBytes?: number; maxObjectBytes?: number } = {}) {
  const found: { text: string; isWhole: boolean }[] = [];
  const splitter = new ElementSplitter(
    { maxBytes: MOST_BYTES, maxObjectBytes: 200, ...limits },
    (bytes, isWhole) => found.push({ text: decoder.decode(bytes), isWhole }),
  );
  const bytes = encoder.encode(text);
  // The same memory for every chunk, as a decompressor has it.
  const memory = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    memory.set(part);
    splitter.push(memory.subarray(0, part.length));
  }
  splitter.end();
  return found;
}

const texts = (text: string, size: number) => split(text, size).map((element) => element.text);

describe("the elements of JSON", () => {
  it("of a list come one by one, with brackets and quotes in their texts", () => {
    const elements = ['{"a":"]}\\"["}', '{ "b": [1, {"c": "\\\\"}] }', "{}", '"te,xt"', "-1.5e3", "null", "[1,[2]]"];
    for (const size of SIZES) {
      assert.deepEqual(texts(`\ufeff [${elements.join(" ,\n")}\n]\n`, size), elements, `size ${size}`);
      assert.deepEqual(texts("[]", size), []);
    }
  });

  it("are the objects that follow each other", () => {
    for (const size of SIZES) {
      const found = split('{"a":1}\n{\n  "b": {"c": 2}\n}{"d":[3]}', size);
      assert.deepEqual(found.map(({ text }) => text), ['{"a":1}', '{\n  "b": {"c": 2}\n}', '{"d":[3]}']);
      assert.ok(found.every(({ isWhole }) => isWhole));
    }
  });

  it("of a list in an object are found when the object gets too large to be a record", () => {
    const elements = Array.from({ length: 40 }, (_, index) => `{"n":${index},"t":"]}"}`);
    const text = `{"status":"ok","meta":{"x":[1]},"rows":[${elements.join(",")}],"more":{"y":["]"]},"z":"}"}\n{"a":1}`;
    for (const size of [1, 3, 50]) {
      assert.deepEqual(texts(text, size), [...elements, '{"a":1}'], `size ${size}`);
    }
  });

  it("stay whole when they are long without a list", () => {
    const long = `{"a":"${"x".repeat(500)}","b":{"c":[1]}}`;
    assert.deepEqual(texts(long, 10), [long]);
  });

  it("are those that JSON.parse finds in any list", () => {
    // None is too long to be a record, with blanks or without.
    const isShort = (value: unknown) => encoder.encode(JSON.stringify([value], null, 2)).length < MOST_BYTES;
    const list = fc.array(fc.jsonValue({ maxDepth: 3 }).filter(isShort), { maxLength: 8 });
    fc.assert(
      fc.property(list, fc.constantFrom(undefined, 2), fc.integer({ min: 1, max: 20 }), (values, indent, size) => {
        const found = texts(JSON.stringify(values, null, indent), size).map((text) => JSON.parse(text));
        assert.deepEqual(found, JSON.parse(JSON.stringify(values)));
      }),
    );
  });

  it("end with an error that names the record when something is open or does not fit", () => {
    const fails = (text: string, message: RegExp, record: number) => {
      for (const size of SIZES) {
        assert.throws(() => split(text, size), (error) => {
          assert.ok(error instanceof JsonShapeError);
          assert.match(error.message, message);
          assert.equal(error.record, record);
          return true;
        });
      }
    };
    fails('[{"a":1},{"b":', /ends early/, 2);
    fails('[{"a":1}', /ends early/, 2);
    fails('[{"a":1}}', /"}" where a record should begin/, 2);
    fails('{"a":1}]', /"]" where a record should begin/, 2);
    fails(`[{"a":"${"x".repeat(2000)}"}]`, /longer than 1000 bytes/, 1);
  });
});
