import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { crc32 as nodeCrc32 } from "node:zlib";
import { snappyCompress } from "hysnappy";
import { crc32 } from "../../../src/streams/crc32.ts";
import { decompressLz4, decompressLz4Block } from "../../../src/streams/parquet/lz4.ts";
import { FarReferenceError, snappyParts } from "../../../src/streams/parquet/snappy_stream.ts";
import { seededRandom } from "../../helpers/random.ts";
import { chunked } from "../chunked.ts";
import { joined } from "../table/record_lines.ts";

const encoder = new TextEncoder();

describe("LZ4", () => {
  // By `lz4.block.compress(b"abcabcabcabcabcabc" + b"xyz12345", store_size=False)`: 3 literals, a match, 8 literals.
  const block = Uint8Array.from([0x3b, 0x61, 0x62, 0x63, 3, 0, 0x80, ...encoder.encode("xyz12345")]);
  const text = encoder.encode("abcabcabcabcabcabcxyz12345");
  const frame = (bytes: number, inner: Uint8Array) => Uint8Array.of(0, 0, 0, bytes, 0, 0, 0, inner.length, ...inner);

  it("is read as a block, and in the frames of Hadoop", () => {
    assert.deepEqual(decompressLz4Block(block, 26), text);
    assert.deepEqual(decompressLz4(block, 26), text);
    assert.deepEqual(decompressLz4(frame(26, block), 26), text);
    assert.deepEqual(decompressLz4(joined([frame(26, block), frame(26, block)]), 52), joined([text, text]));
    // What compressors make of nothing.
    assert.deepEqual(decompressLz4Block(Uint8Array.of(0), 0), new Uint8Array(0));
  });

  it("fails wherever it is cut, and when it gives more or less than it should", () => {
    for (let length = 0; length < block.length; length++) {
      assert.throws(() => decompressLz4(block.subarray(0, length), 26), /LZ4 data is damaged/, `${length} bytes`);
    }
    for (const length of [0, 25, 27]) assert.throws(() => decompressLz4Block(block, length), /damaged/);
    const before = block.slice();
    before[4] = 9;
    assert.throws(() => decompressLz4Block(before, 26), /damaged/);
  });
});

describe("Snappy", () => {
  const parts = async (packed: Uint8Array, length: number, size: number) => {
    const pieces: Uint8Array[] = [];
    const input = chunked(packed, size)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    for await (const part of snappyParts(input, length, 50_000, () => {})) pieces.push(part);
    return joined(pieces);
  };

  it("comes out in parts as it was, wherever its bytes are cut", async () => {
    const random = seededRandom(7);
    const large = new Uint8Array(1_500_000);
    for (let at = 0; at < large.length;) {
      const run = random.below(300);
      if (random.below(2) === 0) { for (let index = 0; index < run; index++) large[at + index] = random.below(256); }
      else large.copyWithin(at, Math.max(0, at - 1 - random.below(60_000)), Math.max(0, at - 1));
      at += run + 1;
    }
    for (const bytes of [large, encoder.encode("a".repeat(1000)), encoder.encode("ab"), new Uint8Array(0)]) {
      const packed = snappyCompress(bytes);
      for (const size of [100, 65_537, packed.length + 1]) {
        assert.deepEqual(await parts(packed, bytes.length, size), bytes);
      }
    }
  });

  it("fails when it is cut or says another length, and tells what it does not hold any more", async () => {
    const bytes = encoder.encode("abcdefgh".repeat(20) + "xyz");
    const packed = snappyCompress(bytes);
    for (let length = 0; length < packed.length; length++) {
      await assert.rejects(parts(packed.subarray(0, length), bytes.length, 7), /damaged|ends early/);
    }
    await assert.rejects(parts(packed, bytes.length + 1, 100), /Snappy data is damaged/);
    // A literal of 400,000 bytes, and a copy of 4 that lie before all of them but one.
    const far = joined([
      Uint8Array.of(0x84, 0xb5, 0x18, 0xf8, 0x7f, 0x1a, 0x06),
      new Uint8Array(400_000),
      Uint8Array.of(0x0f, 0x7f, 0x1a, 0x06, 0x00),
    ]);
    await assert.rejects(parts(far, 400_004, 100_000), FarReferenceError);
  });
});

describe("the check sum", () => {
  it("is that of zlib, of any bytes and after others", () => {
    const bytes = Uint8Array.from({ length: 1003 }, (_, index) => index * 7919 % 251);
    for (const length of [0, 1, 2, 3, 4, 5, 1000, 1003]) {
      const some = bytes.subarray(0, length);
      assert.equal(crc32(some) >>> 0, nodeCrc32(some));
      assert.equal(crc32(bytes.subarray(length), crc32(some)) >>> 0, nodeCrc32(bytes));
    }
  });
});
