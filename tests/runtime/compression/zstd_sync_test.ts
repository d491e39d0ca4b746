import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { freeMemory } from "../../../src/runtime/compression/free_memory.ts";
import { unzstdBlock, zstdBeside, zstdBlock } from "../../../src/runtime/compression/zstd_sync.ts";

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => index * 7);

describe("a block of Zstandard", () => {
  it("is what it was made of, in memory that can be freed without a harm to others", async () => {
    for (const length of [1, 100, 4095, 4096, 40_000, 65_535, 65_536, 65_537, 300_000]) {
      // Memory that Node's interface shares out.
      const shared = Buffer.from("shared");
      for (const block of [zstdBlock(bytesOf(length)), await zstdBeside(bytesOf(length))]) {
        for (const most of [undefined, length]) {
          const bytes = unzstdBlock(block, most);
          assert.deepEqual(bytes, bytesOf(length));
          freeMemory(new Uint8Array(bytes.buffer));
        }
      }
      assert.equal(String(shared), "shared");
      assert.equal(String(Buffer.from("more")), "more");
    }
  });

  it("of more bytes than there may be is an error", () => {
    for (const length of [2, 5000, 100_000]) assert.throws(() => unzstdBlock(zstdBlock(bytesOf(length)), length - 1));
  });
});
