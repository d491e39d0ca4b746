import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { BatchBuilder } from "../../../src/jobs/import/batch.ts";
import { rawText } from "./raw_text.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

describe("a batch", () => {
  it("is the lines that were added, wherever they were in memory, and whatever becomes of that memory", () => {
    const record = fc.record({
      text: fc.string({ minLength: 1, unit: "grapheme-ascii" }),
      how: fc.constantFrom("own", "shared", "apart", "trimmed"),
      settle: fc.boolean(),
    });
    fc.assert(fc.property(fc.array(record, { maxLength: 30 }), (records) => {
      const builder = new BatchBuilder(1_000_000);
      const memory = encoder.encode(`_${records.map(({ text }) => text).join("\n")}\n`);
      const expected: string[] = [];
      let at = 1;
      for (const { text, how, settle } of records) {
        const end = at + text.length;
        const trimmed = how === "trimmed" && text.length > 1;
        if (how === "own") builder.add(encoder.encode(text), "a", 1);
        else if (how === "apart") builder.add(encoder.encode(`x${text}`).subarray(1), "a", 1);
        else builder.addLine(memory, trimmed ? at + 1 : at, end, "a", 1);
        expected.push(trimmed ? text.slice(1) : text);
        if (settle) {
          builder.settle();
          memory.fill(0, 0, end);
        }
        at = end + 1;
      }
      const batch = builder.batch();
      memory.fill(0);
      assert.equal(decoder.decode(batch.bytes), expected.map((text) => `${text}\n`).join(""));
      assert.deepEqual(batch.texts(), expected);
    }));
  });

  it("knows where each record comes from, also in parts of it and when lines are missing", () => {
    const builder = new BatchBuilder(1_000_000);
    const places = [["a", 1], ["a", 2], ["a", 5], ["b", 6], ["b", 7], ["a", 8], ["a", 3]] as const;
    for (const [source, line] of places) builder.add(encoder.encode(`${source}${line}`), source, line);
    const batch = builder.batch();
    const part = batch.slice(2, 7).slice(1, 4);
    assert.deepEqual(part.texts(), ["b6", "b7", "a8"]);
    assert.deepEqual([0, 1, 2].map((index) => part.placeOf(index)), [
      { source: "b", line: 6 },
      { source: "b", line: 7 },
      { source: "a", line: 8 },
    ]);
    for (let index = 0; index < batch.count; index++) {
      const rejected = batch.reject(index, "no");
      assert.equal(rawText(rejected), `${rejected.source}${rejected.line}`);
    }
    const picked = batch.pick([6, 0, 3]);
    assert.equal(decoder.decode(picked.bytes), "a3\na1\nb6\n");
    assert.deepEqual(picked.placeOf(2), { source: "b", line: 6 });
  });

  it("leaves its memory to the next one when it is given back, and never before", () => {
    const builder = new BatchBuilder(1_000_000);
    builder.add(encoder.encode("first"), "a", 1);
    const first = builder.batch();
    builder.add(encoder.encode("second"), "a", 2);
    const second = builder.batch();
    assert.notEqual(first.bytes.buffer, second.bytes.buffer);
    builder.recycle(first);
    builder.add(encoder.encode("third"), "a", 3);
    const third = builder.batch();
    builder.add(encoder.encode("fourth"), "a", 4);
    const fourth = builder.batch();
    assert.equal(fourth.bytes.buffer, first.bytes.buffer);
    assert.deepEqual([second, third, fourth].map((batch) => batch.texts()), [["second"], ["third"], ["fourth"]]);
  });

  it("takes no more memory than a batch may have, unless a record needs it", () => {
    const builder = new BatchBuilder(300_000);
    for (let line = 1; line <= 29; line++) builder.add(new Uint8Array(9_999), "a", line);
    const first = builder.batch();
    assert.equal(first.bytes.length, 290_000);
    assert.equal(first.bytes.buffer.byteLength, 300_000);
    builder.add(new Uint8Array(400_000), "a", 30);
    assert.equal(builder.batch().bytes.length, 400_001);
  });
});
