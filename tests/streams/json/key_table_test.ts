import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { hashBytes, KeyTable } from "../../../src/streams/json/key_table.ts";

describe("KeyTable", () => {
  it("gives each key of a scope one number, however many there are", () => {
    const keys = new KeyTable();
    const names = Array.from({ length: 5000 }, (_, n) => n % 2 === 0 ? `key ${n}` : `schlüssel ${n} 😀`);
    for (const [number, name] of names.entries()) {
      assert.equal(keys.numberOf(1, name), number);
      if (number === 4) assert.equal(keys.numberOf(1, "key 2"), 2);
    }
    for (const [number, name] of names.entries()) {
      assert.equal(keys.numberOf(1, name), number);
      assert.equal(keys.name(number), name);
      assert.equal(keys.scope(number), 1);
    }
    assert.equal(keys.count, names.length);
    assert.equal(keys.numberOf(0, "key 2"), names.length);
    assert.equal(keys.numberOf(0, ""), names.length + 1);
    assert.equal(keys.name(names.length + 1), "");
  });

  it("tells keys with one hash apart", () => {
    const keys = new KeyTable();
    const bytes = new TextEncoder().encode("abab");
    const first = keys.add(0, 7, bytes, 0, 1);
    const second = keys.add(0, 7, bytes, 1, 2);
    const third = keys.add(0, 7, bytes, 0, 2);
    assert.deepEqual([first, second, third], [0, 1, 2]);
    assert.deepEqual([keys.find(0, 7, bytes, 2, 3), keys.find(0, 7, bytes, 3, 4), keys.find(0, 7, bytes, 2, 4)], [
      0,
      1,
      2,
    ]);
    assert.equal(keys.find(1, 7, bytes, 0, 1), -1);
    assert.equal(keys.find(0, 8, bytes, 0, 1), -1);
    assert.equal(keys.find(0, 7, bytes, 0, 3), -1);
    assert.notEqual(hashBytes(bytes, 0, 2), hashBytes(bytes, 1, 3));
  });
});
