import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recordOutputOf } from "../../src/output/clean_bytes.ts";

function written(pieces: Uint8Array[], form: { format: string; compression?: string }, isTerminal = true): string {
  const got: Uint8Array[] = [];
  const output = recordOutputOf({
    isTerminal,
    columns: () => 80,
    write: (content) =>
      Promise.resolve(void got.push(typeof content === "string" ? new TextEncoder().encode(content) : content)),
  }, { compression: "none", ...form });
  for (const piece of pieces) void output.write(piece);
  return new TextDecoder().decode(Uint8Array.from(got.flatMap((piece) => [...piece])));
}

const evil = '{"name":"a\u009b31m\u202eb\u2028é😀"}\n';
const bytes = new TextEncoder().encode(evil);
const oneByOne = Array.from(bytes, (byte) => Uint8Array.of(byte));

describe("records on a terminal", () => {
  it("hold nothing that it would obey, wherever the pieces are cut, and mean the same as JSON", () => {
    for (const pieces of [[bytes], oneByOne]) {
      const text = written(pieces, { format: "jsonl" });
      assert.equal(text, '{"name":"a\\u009b31m\\u202eb\\u2028é😀"}\n');
      assert.deepEqual(JSON.parse(text), JSON.parse(evil));
    }
  });

  it("are cleaned in a spreadsheet's form, where nothing can be escaped", () => {
    assert.equal(written([bytes], { format: "csv" }), '{"name":"a�31mb\né😀"}\n');
  });

  it("are as they came in a pipe, and when they are no text", () => {
    assert.equal(written(oneByOne, { format: "jsonl" }, false), evil);
    assert.equal(written([bytes], { format: "jsonl", compression: "gzip" }), evil);
    assert.equal(written([bytes], { format: "parquet" }), evil);
  });
});
