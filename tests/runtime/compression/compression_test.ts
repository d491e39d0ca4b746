import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { constants, gunzipSync, gzipSync, zstdCompressSync } from "node:zlib";
import { MpError } from "../../../src/errors.ts";
import { gzip, gzipByNode } from "../../../src/runtime/compression/compressed_body.ts";
import { gunzip } from "../../../src/runtime/compression/gzip.ts";
import { gzipped, gzippedByStream } from "../../../src/runtime/compression/gzip_writer.ts";
import { unzstd, zstd } from "../../../src/runtime/compression/zstd.ts";
import { chunked } from "../../streams/chunked.ts";
import { collected, joined, reused } from "./joined.ts";

const encoder = new TextEncoder();
const text = encoder.encode('{"event":"Köln 🙂","properties":{"time":1700000000}}\n'.repeat(40_000));
const varied = encoder.encode(Array.from({ length: 20_000 }, (_, n) => `{"id":${n * 48_271 % 99_991}}`).join("\n"));
const small = encoder.encode("Köln\n".repeat(9));

/** One frame, with a check sum. */
const zstdSync = (bytes: Uint8Array) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

const ways = [
  ["gzip", gzipped, gunzip, gzipSync],
  ["gzip through public streams", gzippedByStream, gunzip, gzipSync],
  ["Zstandard", zstd, unzstd, zstdSync],
] as const;

for (const [what, pack, unpack, packSync] of ways) {
  describe(`compressed by ${what}`, () => {
    it("data comes back as it was, also when its memory is used again", async () => {
      for (const [bytes, size] of [[text, 70_001], [text, text.length], [small, 1], [new Uint8Array(0), 1]] as const) {
        const packed = await collected(pack(reused(bytes, size)));
        assert.deepEqual(await collected(unpack(chunked(packed, 1 << 16))), bytes);
      }
    });

    it("data comes back when the memory in which it comes is used again", async () => {
      const packed = new Uint8Array(packSync(varied));
      assert.ok(packed.length > 30_000);
      for (const size of [1000, 10_000]) assert.deepEqual(await collected(unpack(reused(packed, size))), varied);
    });

    it("data is smaller, and smaller still at a higher level", async () => {
      const [fast, thorough] = [
        await collected(pack(chunked(varied, 100_000), 1)),
        await collected(pack(chunked(varied, 100_000), 9)),
      ];
      assert.ok(fast.length < varied.length / 2);
      assert.ok(thorough.length < fast.length);
    });

    it("data may be in several parts after each other", async () => {
      const part = await collected(pack(chunked(small, 7)));
      for (const size of [1, 2, 5, 1000]) {
        const both = await collected(unpack(chunked(joined([part, part]), size)));
        assert.deepEqual(both, joined([small, small]), `chunks of ${size}`);
      }
    });

    it("data that ends early is said to, wherever it ends", async () => {
      const packed = new Uint8Array(packSync(small));
      for (let length = 0; length < packed.length; length++) {
        for (const bytes of [packed.subarray(0, length), joined([packed, packed.subarray(0, length)])]) {
          if (bytes.length === packed.length) continue;
          await assert.rejects(collected(unpack(chunked(bytes, 5))), (error) => {
            assert.ok(error instanceof MpError, String(error));
            assert.equal(error.category, "input");
            assert.match(error.message, /Cannot decompress the input: the compressed data ends early$/);
            return true;
          }, `${length} bytes`);
        }
      }
    });

    it("data that is damaged is said to be", async () => {
      const packed = new Uint8Array(packSync(small));
      packed[packed.length - 6]! ^= 1;
      await assert.rejects(collected(unpack(chunked(packed, 5))), { message: /the compressed data is damaged$/ });
    });

    it("data that fails to come fails with the source's own error, both ways", async () => {
      const failure = new Error("no disk");
      const failing = async function* (bytes: Uint8Array) {
        yield bytes;
        await Promise.resolve();
        throw failure;
      };
      await assert.rejects(collected(pack(failing(text))), failure);
      const packed = await collected(pack(chunked(small, 7)));
      await assert.rejects(collected(unpack(failing(packed.subarray(0, 20)))), failure);
    });

    it("data is made no further than it is wanted", async () => {
      let isLeft = false;
      async function* endless() {
        try {
          for (;;) yield text.slice();
        } finally {
          isLeft = true;
        }
      }
      for await (const chunk of pack(endless())) {
        assert.ok(chunk.length > 0);
        break;
      }
      for (let turn = 0; turn < 20 && !isLeft; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
      assert.equal(isLeft, true);
    });
  });
}

describe("gzip that was made here", () => {
  it("is read by others", async () => {
    assert.equal(gunzipSync(await collected(gzipped(chunked(text, 65_536), 1))).equals(text), true);
  });
});

describe("Zstandard data", () => {
  it("may have frames that are to be skipped", async () => {
    const skippable = Uint8Array.of(0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9);
    const frame = await collected(zstd(chunked(small, 100)));
    for (const size of [1, 6, 1000]) {
      const bytes = joined([skippable, frame, skippable]);
      assert.deepEqual(await collected(unzstd(chunked(bytes, size))), small, `chunks of ${size}`);
      const cut = bytes.subarray(0, bytes.length - 2);
      await assert.rejects(collected(unzstd(chunked(cut, size))), { code: "bad_zstd" });
    }
  });

  it("is refused in words when it takes more memory than there should be, or a dictionary", async () => {
    // Frames of zstd 1.5: `printf a | zstd --long=31`, and the header of one that names the dictionary 1815.
    const long = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x04, 0xa8, 0x09, 0x00, 0x00, 0x61, 0x5b, 0x6e, 0x8c, 0xa9);
    const withDictionary = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x22, 0x17, 0x07, 0x01, 0x09, 0x00, 0x00, 0x61);
    const huge = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0x00, 0x00, 0x00, 0x40, 0x01, 0x00, 0x00, 0x61);
    for (const size of [1, 100]) {
      await assert.rejects(collected(unzstd(chunked(long, size))), {
        code: "zstd_refused",
        message: /was made with 'zstd --long=31', and takes 2048 MiB of memory$/,
        hint: /^zstd -dc --long=31 FILE \| mp import -/,
      });
      await assert.rejects(collected(unzstd(chunked(withDictionary, size))), { message: /needs the dictionary 1815$/ });
      await assert.rejects(collected(unzstd(chunked(huge, size))), { message: /takes 1024 MiB of memory$/ });
    }
  });

  it("is told from something else", async () => {
    await assert.rejects(collected(unzstd(chunked("plain text\n", 4))), { message: /is damaged$/ });
  });
});

for (const [what, compress] of [["what is used again", gzip], ["the public interface", gzipByNode]] as const) {
  describe(`bodies compressed by ${what}`, () => {
    it("come back as they were, one after the other and side by side, of any size and at any level", async () => {
      // More than one piece of output, and less than its head.
      const random = new Uint8Array(700_000).map((_, index) => Math.imul(index, 2_654_435_761) >>> 13);
      const bodies = [text, small, random, new Uint8Array(0), varied, small];
      for (const body of bodies) assert.deepEqual(new Uint8Array(gunzipSync(await compress(body))), body);
      const packed = await Promise.all([1, 4, 1, 9].flatMap((level) => bodies.map((body) => compress(body, level))));
      for (const [index, bytes] of packed.entries()) {
        assert.deepEqual(new Uint8Array(gunzipSync(bytes)), bodies[index % bodies.length]);
      }
      assert.deepEqual(await compress(varied, 1), await compress(varied, 1));
    });
  });
}
