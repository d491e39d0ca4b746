import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseExactJson, parseJson } from "../../../src/streams/json/json.ts";
import { isSameJson } from "../../../src/streams/json/same_json.ts";

describe("isSameJson", () => {
  it("compares values at any depth, whatever the order of keys", () => {
    assert.ok(isSameJson({ a: [{ b: 1, c: null }], d: "x" }, { d: "x", a: [{ c: null, b: 1 }] }));
    assert.ok(!isSameJson({ a: [1, 2] }, { a: [2, 1] }));
    assert.ok(!isSameJson({ a: 1 }, { a: "1" }));
    assert.ok(!isSameJson({}, []));
    assert.ok(!isSameJson(null, {}));
  });

  it("tells ids of 19 digits apart, and numbers that a double does not hold", () => {
    assert.ok(isSameJson(parseJson('{"id": 1234567890123456789}'), { id: 1234567890123456789n }));
    assert.ok(!isSameJson(parseJson("1234567890123456789"), parseJson("1234567890123456788")));
    assert.ok(!isSameJson(parseExactJson("1e400"), parseExactJson("1e401")));
  });
});
