import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { viewOf } from "../../../src/analytics/table/bytes.ts";
import { codeOf } from "../../../src/analytics/table/event_table.ts";
import { Dictionary } from "../../../src/analytics/table/dictionary.ts";

it("many texts get the codes that each of them alone would get, new ones included", () => {
  const numbers = fc.array(fc.nat(600), { minLength: 1, maxLength: 800 });
  fc.assert(fc.property(fc.array(numbers, { maxLength: 4 }), (batches) => {
    const [alone, together] = [new Dictionary(""), new Dictionary("")];
    for (const batch of batches) {
      const texts = batch.map((number) => `"user-${number}"`);
      const bytes = new TextEncoder().encode(texts.join(""));
      const ends = Uint32Array.from(texts, ((end) => (text: string) => end += text.length)(0));
      const starts = Uint32Array.from(ends, (end, index) => end - texts[index]!.length);
      const targets = Uint32Array.from(texts.keys()).reverse();
      const codes = new Uint32Array(texts.length);
      together.codes(viewOf(bytes), { count: texts.length, starts, ends, targets }, codes);
      const expected = batch.map((number) => codeOf(alone, `user-${number}`));
      assert.deepEqual([...codes].reverse(), expected);
    }
    assert.equal(together.count, alone.count);
  }));
});
