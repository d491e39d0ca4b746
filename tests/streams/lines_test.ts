import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lines } from "../../src/streams/lines.ts";
import { CHUNK_SIZES, chunked, endless } from "./chunked.ts";

async function linesOf(source: AsyncIterable<Uint8Array>, maxBytes?: number): Promise<string[]> {
  const decoder = new TextDecoder();
  const all: string[] = [];
  for await (const block of lines(source, maxBytes)) all.push(...[...block].map((line) => decoder.decode(line)));
  return all;
}

describe("lines", () => {
  it("gives the same lines wherever the chunks are cut", async () => {
    const text = "Köln\r\n🙂 two\n\nlast";
    for (const size of CHUNK_SIZES) {
      assert.deepEqual(await linesOf(chunked(text, size)), ["Köln\r", "🙂 two", "", "last"], `chunks of ${size}`);
    }
  });

  it("splits on the line feed and on nothing else", async () => {
    const text = "a\u2028b\u0085c\u001cd\re\vf\n";
    assert.deepEqual(await linesOf(chunked(text, 3)), ["a\u2028b\u0085c\u001cd\re\vf"]);
  });

  it("has each line by its place, and where it lies", async () => {
    for await (const block of lines(chunked("one\ntwo\n\nfour", 100))) {
      for (const [index, line] of block.entries()) {
        const start = block.startOf(index);
        assert.deepEqual(block.at(index), line);
        assert.deepEqual(block.bytes.subarray(start, block.ends[index]), line);
      }
    }
  });

  it("gives very many lines of a chunk in turn, and knows where the next one is that is not blank", async () => {
    const text = "a\n" + "\n".repeat(20_000) + "b\nc\n";
    assert.deepEqual(await linesOf(chunked(text, text.length)), ["a", ...Array(20_000).fill(""), "b", "c"]);
    const [block] = await Array.fromAsync(lines(chunked("a\n\n\nb\n\n", 100)));
    assert.deepEqual([0, 1, 2, 3, 4, 5].map((index) => block?.filledFrom(index)), [0, 3, 3, 3, 5, 5]);
  });

  it("has no line after a final line feed, and none in nothing", async () => {
    assert.deepEqual(await linesOf(chunked("a\n", 1)), ["a"]);
    assert.deepEqual(await linesOf(chunked("", 1)), []);
    assert.deepEqual(await linesOf(chunked("\n\n", 1)), ["", ""]);
    assert.deepEqual(await linesOf(chunked("a\nb", 1)), ["a", "b"]);
  });

  it("refuses a line that is longer than the limit, with and without its end", async () => {
    for (const size of [1, 4, 1024]) {
      assert.deepEqual(await linesOf(chunked("abcd\nabcd", size), 4), ["abcd", "abcd"]);
      for (const text of ["ok\nabcde\n", "ok\nabcde"]) {
        await assert.rejects(linesOf(chunked(text, size), 4), { message: /^Cannot read line 2: .* 4 bytes$/ });
      }
    }
  });

  it("stops a line without an end at the limit, and cancels its source", async () => {
    const { source, pulls, cancelled } = endless("x".repeat(100));
    await assert.rejects(linesOf(source, 1000), { code: "record_too_long" });
    assert.equal(pulls(), 11);
    assert.equal(cancelled(), true);
  });

  it("reads no more than it is asked for, and cancels its source when it is left", async () => {
    const { source, pulls, cancelled } = endless("line\n");
    for await (const block of lines(source)) {
      assert.equal(block.length, 1);
      break;
    }
    assert.equal(pulls(), 1);
    assert.equal(cancelled(), true);
  });
});
