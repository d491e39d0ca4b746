import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { copiedBlocks } from "../../../src/jobs/copy/copied_blocks.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Doubles a line, and leaves those out that begin with a dash. */
function rewrite(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  if (from[start] === 45) return at;
  const line = from.subarray(start, end);
  to.set(line, at);
  to.set(line, at + line.length);
  return at + line.length * 2;
}

async function* pieces(texts: string[]): AsyncGenerator<Uint8Array, void> {
  for (const text of texts) yield await Promise.resolve(encoder.encode(text));
}

async function collect(texts: string[]) {
  let leftOut = 0;
  const found: [number, number, string[]][] = [];
  const options = { name: "part", rewrite, growth: 50, onLeftOut: (count: number) => void (leftOut += count) };
  for await (const { source, recordsBefore, firstLine, lines } of copiedBlocks(pieces(texts), options)) {
    assert.equal(source.name, "part");
    found.push([recordsBefore, firstLine, [...lines].map((line) => decoder.decode(line))]);
  }
  return { found, leftOut };
}

describe("blocks of a copy", () => {
  it("have each line rewritten, whichever way the bytes come", async () => {
    assert.deepEqual((await collect(["a\nb\nc", "c\nd"])).found, [[0, 1, ["aa", "bb"]], [2, 3, ["cccc"]], [3, 4, [
      "dd",
    ]]]);
  });

  it("keep the numbers of the lines around those that are left out", async () => {
    const { found, leftOut } = await collect(["a\n-b\nc\n", "-d\n", "e\n"]);
    assert.deepEqual(found, [[0, 1, ["aa", "", "cc"]], [3, 4, [""]], [4, 5, ["ee"]]]);
    assert.equal(leftOut, 2);
  });
});
