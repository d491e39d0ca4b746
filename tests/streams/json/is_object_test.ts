import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isObject } from "../../../src/streams/json/is_object.ts";

describe("isObject", () => {
  it("is true for objects of JSON only", () => {
    assert.ok(isObject({}));
    assert.ok(isObject(JSON.parse('{"__proto__": 1}')));
    for (const value of [null, undefined, [], [{}], "{}", 0, 1n, true]) assert.ok(!isObject(value), String(value));
  });
});
