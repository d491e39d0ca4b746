import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { decompressors } from "../../src/runtime/compression/decompressors.ts";
import { countBytes } from "../../src/streams/counter.ts";
import { decompressIfCompressed } from "../../src/streams/gzip.ts";
import { CHUNK_SIZES, chunked, endless, textOf } from "./chunked.ts";

const text = "Köln\n🙂\n".repeat(50);

describe("input that may be compressed", () => {
  it("is decompressed when it begins as gzip or Zstandard does, wherever it is cut", async () => {
    for (const bytes of [gzipSync(text), zstdCompressSync(text)]) {
      for (const size of CHUNK_SIZES) {
        assert.equal(await textOf(decompressIfCompressed(chunked(bytes, size), decompressors)), text);
      }
    }
  });

  it("is passed unchanged when it does not", async () => {
    for (const plain of [text, "x", "", "\u001f", "\u001fx", "(/"]) {
      for (const size of CHUNK_SIZES) {
        assert.equal(await textOf(decompressIfCompressed(chunked(plain, size), decompressors)), plain);
      }
    }
  });

  it("may be several compressed files after each other", async () => {
    const both = new Uint8Array([...gzipSync("one\n"), ...gzipSync("two\n")]);
    for (const size of [1, 5, 1024]) {
      assert.equal(await textOf(decompressIfCompressed(chunked(both, size), decompressors)), "one\ntwo\n");
    }
  });

  it("may begin with a frame that is skipped, as pzstd writes it, and have empty parts", async () => {
    const skippable = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4);
    const [frame, empty, member, emptyMember] = [
      zstdCompressSync("one\n"),
      zstdCompressSync(""),
      gzipSync("one\n"),
      gzipSync(""),
    ] as const;
    for (
      const parts of [[skippable, frame, skippable, frame], [empty, frame, empty, frame], [
        emptyMember,
        member,
        emptyMember,
        member,
        emptyMember,
      ]]
    ) {
      const bytes = new Uint8Array(parts.flatMap((part) => [...part]));
      for (const size of [1, 5, 1024]) {
        assert.equal(await textOf(decompressIfCompressed(chunked(bytes, size), decompressors)), "one\none\n");
      }
    }
    for (const none of [empty, emptyMember, skippable]) {
      assert.equal(await textOf(decompressIfCompressed(chunked(none, 5), decompressors)), "");
    }
  });

  it("is an error when it is cut or damaged", async () => {
    const whole = gzipSync(text);
    const damaged = new Uint8Array(whole);
    damaged[damaged.length - 6]! ^= 0xff;
    for (const bytes of [whole.subarray(0, whole.length - 4), whole.subarray(0, 20), damaged]) {
      await assert.rejects(textOf(decompressIfCompressed(chunked(bytes, 64), decompressors)), { code: "bad_gzip" });
    }
  });

  it("is cancelled when it is left", async () => {
    const { source, cancelled } = endless("plain\n");
    for await (const chunk of decompressIfCompressed(source, decompressors)) {
      assert.equal(chunk.length, 6);
      break;
    }
    assert.equal(cancelled(), true);
  });
});

describe("a counter of bytes", () => {
  it("tells about every chunk and changes none", async () => {
    const counted: number[] = [];
    assert.equal(await textOf(countBytes(chunked("abcdef\n", 3), (bytes) => counted.push(bytes))), "abcdef\n");
    assert.deepEqual(counted, [3, 3, 1]);
  });
});
