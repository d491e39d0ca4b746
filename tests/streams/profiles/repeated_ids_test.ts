import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RepeatedIds } from "../../../src/streams/profiles/repeated_ids.ts";

const encoder = new TextEncoder();

function addAll(ids: RepeatedIds, texts: Iterable<string>): void {
  for (const text of texts) {
    const bytes = encoder.encode(text);
    ids.add(bytes, 0, bytes.length);
  }
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `"user-${from + index}"`);

describe("repeated ids", () => {
  it("are counted each time they come again", () => {
    const ids = new RepeatedIds();
    addAll(ids, ["a", "b", "a", "c", "a", ""]);
    assert.equal(ids.repeated, 2);
  });

  it("are none among hundreds of thousands of different ones, however the table grows", () => {
    const ids = new RepeatedIds();
    addAll(ids, numbered(0, 300_000));
    assert.equal(ids.repeated, 0);
    addAll(ids, numbered(1000, 1500));
    assert.equal(ids.repeated, 500);
  });

  it("are still found among the first million when there are more", () => {
    const ids = new RepeatedIds();
    addAll(ids, numbered(0, 1_100_000));
    assert.equal(ids.repeated, 0);
    addAll(ids, numbered(0, 100));
    assert.equal(ids.repeated, 100);
    addAll(ids, numbered(1_099_000, 1_100_000));
    assert.equal(ids.repeated, 100);
  });
});
