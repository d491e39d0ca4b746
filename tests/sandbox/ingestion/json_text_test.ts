import { describe, it } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { elementsOf, onOneLine, visitMembers } from "../../../src/sandbox/ingestion/json_text.ts";

function membersOf(text: string): [string, string][] {
  const members: [string, string][] = [];
  visitMembers(text, text.indexOf("{"), (key, _start, valueStart, valueEnd) => {
    members.push([key, text.slice(valueStart, valueEnd)]);
  });
  return members;
}

describe("taking JSON text apart", () => {
  it("finds members whatever lies in their values", () => {
    const text = '{ "a" : "x,}\\"]" ,"b":[1,{"c":"}"}],"d":-1.50e3,"e":{"f":[]} , "g":null}';
    assert.deepEqual(membersOf(text), [
      ["a", '"x,}\\"]"'],
      ["b", '[1,{"c":"}"}]'],
      ["d", "-1.50e3"],
      ["e", '{"f":[]}'],
      ["g", "null"],
    ]);
  });

  it("finds no members in an empty object", () => {
    assert.deepEqual(membersOf("{ }"), []);
  });

  it("gives each element of an array as it is written", () => {
    assert.deepEqual(elementsOf(' [ {"a":"]"} , 1.0,"x,y" ,[2] ] '), ['{"a":"]"}', "1.0", '"x,y"', "[2]"]);
    assert.deepEqual(elementsOf("[]"), []);
    assert.deepEqual(elementsOf(' {"a":[1]} '), ['{"a":[1]}']);
  });

  it("does not take a torn array for a whole one", () => {
    for (const text of ["[1", "[1]]", "[1] x", '[{"a":1}{"b":2}]', "[1,"]) {
      assert.throws(() => elementsOf(text).forEach((element) => JSON.parse(element)), SyntaxError, text);
    }
    assert.throws(() => elementsOf("[1,]").forEach((element) => JSON.parse(element)), SyntaxError);
  });

  it("puts JSON on one line without touching what it says", () => {
    const text = JSON.stringify({ a: "tab\tline\n", b: [1, { c: 2 }] }, null, "\t");
    assert.ok(!onOneLine(text).includes("\n"));
    assert.deepEqual(JSON.parse(onOneLine(text)), JSON.parse(text));
  });

  it("agrees with the parser on any object", () => {
    fc.assert(fc.property(
      fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }),
      fc.constantFrom(undefined, 1),
      (object, indent) => {
        const text = JSON.stringify(object, null, indent);
        const read = membersOf(text).map(([key, value]) => [JSON.parse(`"${key}"`), JSON.parse(value)]);
        assert.deepEqual(read, Object.entries(JSON.parse(text)));
      },
    ));
  });

  it("agrees with the parser on any array", () => {
    fc.assert(fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 2), (array, indent) => {
      const text = JSON.stringify(array, null, indent);
      assert.deepEqual(elementsOf(text).map((element) => JSON.parse(element)), JSON.parse(text));
    }));
  });
});
