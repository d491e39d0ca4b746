import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { wholeLines } from "../../../src/jobs/export/whole_lines.ts";
import { CHUNK_SIZES, chunked } from "../../streams/chunked.ts";

const decoder = new TextDecoder();

async function piecesOf(text: string, size: number): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of wholeLines(chunked(text, size))) pieces.push(decoder.decode(piece));
  return pieces;
}

describe("whole lines", () => {
  it("come without blank lines, wherever the bytes are cut", async () => {
    for (const text of ['{"a":1}\n\n{"b":2}', '\n\r\n{"a":1}\n{"b":2}\n\r\n\n', '{"a":1}\n\n\n\n{"b":2}\n']) {
      for (const size of CHUNK_SIZES) {
        const pieces = await piecesOf(text, size);
        assert.equal(pieces.join(""), '{"a":1}\n{"b":2}\n', JSON.stringify(text));
        for (const piece of pieces) assert.ok(piece.endsWith("\n"), JSON.stringify(piece));
      }
    }
    assert.deepEqual(await piecesOf("\n\n", 1), []);
  });
});
