import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ensureLineEnd, prettyJson } from "../../src/output/json.ts";
import { jsonLines } from "../../src/output/jsonl.ts";

const pretty = (text: string) => prettyJson(text, { colour: false });

describe("prettyJson", () => {
  it("lays JSON out as JSON.stringify does", () => {
    fc.assert(fc.property(fc.json(), (text) => {
      const parsed = JSON.parse(text);
      assert.deepEqual(JSON.parse(pretty(text)), parsed);
    }));
    const value = { a: [1, [], {}, [{ b: null }]], "": { c: true } };
    assert.equal(pretty(JSON.stringify(value)), JSON.stringify(value, null, 2) + "\n");
  });

  it("keeps every digit, the form of numbers, the order of keys and repeated keys", () => {
    const text = '{"10":12345678901234567890,"9":1.10,"a":1e5,"a":-0.0}';
    assert.equal(pretty(text).replace(/\s/g, ""), text);
  });

  it("takes JSON that is laid out already, and several values after each other", () => {
    assert.equal(pretty('\n { "a" :\t1 } \r\n'), '{\n  "a": 1\n}\n');
    assert.equal(pretty('{"a":1}\n[2]\n'), '{\n  "a": 1\n}\n[\n  2\n]\n');
  });

  it("returns text that isn't JSON as it is, but clean", () => {
    for (
      const text of [
        "date,US",
        '{"a":1',
        '{"a" 1}',
        "[1,]",
        "{,}",
        '{"a":1]',
        "[1 2]",
        "{1:2}",
        "tru",
        '"a',
        "]",
        "1,2",
      ]
    ) {
      assert.equal(pretty(text), text + "\n");
    }
    assert.equal(pretty("<html>\x1b[2J"), "<html>␛[2J\n");
    assert.equal(pretty(""), "");
  });

  it("colours keys, strings, numbers and names", () => {
    assert.equal(
      prettyJson('{"a":["x",1,true,null]}', { colour: true }),
      '{\n  \x1b[34m"a"\x1b[0m: [\n    \x1b[32m"x"\x1b[0m,\n    \x1b[33m1\x1b[0m,\n    \x1b[35mtrue\x1b[0m,\n' +
        "    \x1b[2mnull\x1b[0m\n  ]\n}\n",
    );
  });

  it("escapes the controls that JSON leaves in strings", () => {
    assert.equal(pretty('{"a":"\x9b31m"}'), '{\n  "a": "\\u009b31m"\n}\n');
  });

  it("takes long strings and deep nesting", () => {
    const long = JSON.stringify("x\\".repeat(500_000));
    assert.equal(pretty(long), long + "\n");
    const deep = "[".repeat(2000) + "]".repeat(2000);
    assert.equal(pretty(deep).replace(/\s/g, ""), deep);
  });
});

describe("ensureLineEnd", () => {
  it("adds what is missing", () => {
    assert.deepEqual(["a", "a\n", ""].map(ensureLineEnd), ["a\n", "a\n", ""]);
  });
});

describe("jsonLines", () => {
  it("writes one compact value a line, with all digits", () => {
    const lines = [...jsonLines([{ id: 1234567890123456789n, text: "a\nb" }, "x", null])];
    assert.deepEqual(lines, ['{"id":1234567890123456789,"text":"a\\nb"}\n', '"x"\n', "null\n"]);
  });
});
