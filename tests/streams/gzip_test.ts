import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { gunzip } from "../../src/runtime/gzip.ts";
import { countBytes } from "../../src/streams/counter.ts";
import { gunzipIfCompressed } from "../../src/streams/gzip.ts";
import { CHUNK_SIZES, chunked, endless, textOf } from "./chunked.ts";

const text = "Köln\n🙂\n".repeat(50);

describe("input that may be compressed", () => {
  it("is decompressed when it begins as gzip does, wherever it is cut", async () => {
    for (const size of CHUNK_SIZES) {
      assert.equal(await textOf(gunzipIfCompressed(chunked(gzipSync(text), size), gunzip)), text);
    }
  });

  it("is passed unchanged when it does not", async () => {
    for (const plain of [text, "x", ""]) {
      for (const size of CHUNK_SIZES) {
        assert.equal(await textOf(gunzipIfCompressed(chunked(plain, size), gunzip)), plain);
      }
    }
  });

  it("may be several compressed files after each other", async () => {
    const both = new Uint8Array([...gzipSync("one\n"), ...gzipSync("two\n")]);
    for (const size of [1, 5, 1024]) {
      assert.equal(await textOf(gunzipIfCompressed(chunked(both, size), gunzip)), "one\ntwo\n");
    }
  });

  it("is an error when it is cut or damaged", async () => {
    const whole = gzipSync(text);
    const damaged = new Uint8Array(whole);
    damaged[damaged.length - 6]! ^= 0xff;
    for (const bytes of [whole.subarray(0, whole.length - 4), whole.subarray(0, 20), damaged]) {
      await assert.rejects(textOf(gunzipIfCompressed(chunked(bytes, 64), gunzip)), { code: "bad_gzip" });
    }
  });

  it("is cancelled when it is left", async () => {
    const { source, cancelled } = endless("plain\n");
    for await (const chunk of gunzipIfCompressed(source, gunzip)) {
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
