import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crc32, gzipSync } from "node:zlib";
import { BrokenGzipError } from "../../../src/runtime/compression/broken_gzip.ts";
import { inflated } from "../../../src/runtime/compression/inflate.ts";
import { giveSpare, inflatedAgain, inflatedWhole } from "../../../src/runtime/compression/inflate_whole.ts";
import { inflatedByStream } from "../../../src/runtime/compression/inflate_stream.ts";
import { openZlib } from "../../../src/runtime/compression/zlib.ts";
import { chunked } from "../../streams/chunked.ts";
import { joined } from "./joined.ts";

const text = "Köln\n🙂\n".repeat(9);
const member = new Uint8Array(gzipSync(text));
const empty = new Uint8Array(gzipSync(""));

/** Random enough that its compressed form is almost as long. */
const large = new Uint8Array(5 * 1024 * 1024);
for (let at = 0, state = 1; at < large.length; at++) large[at] = (state = (state * 48_271) % 0x7fffffff) & 0x3f;

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at < 0 ? copy.length + at : at]! ^= 0x55;
  return copy;
}

type Step = typeof inflated;

/** What comes out in the end: the text, or `cut` or `damaged`. */
async function outcome(step: Step, bytes: Uint8Array, chunkBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  try {
    for await (const chunk of step(chunked(bytes, chunkBytes))) parts.push(chunk.slice());
    return new TextDecoder().decode(joined(parts));
  } catch (error) {
    assert.ok(error instanceof BrokenGzipError, String(error));
    return error.isCut ? "cut" : "damaged";
  }
}

describe("a handle of zlib", () => {
  it("is there on this runtime", async () => {
    for (const mode of ["gzip", "gunzip"] as const) {
      const handle = await openZlib(mode);
      assert.ok(handle);
      handle.close();
    }
  });
});

const asWhole: Step = async function* (source) {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  const bytes = await inflatedWhole(joined(parts), 2 * large.length);
  assert.ok(bytes);
  yield bytes;
  giveSpare(bytes);
};

const WAYS: [string, Step][] = [
  ["zlib's handle", inflated],
  ["public streams", inflatedByStream],
  ["one step", asWhole],
];
for (const [way, step] of WAYS) {
  describe(`gzip data, decompressed through ${way}`, () => {
    for (
      const [what, bytes, expected] of [
        ["one member", member, text],
        ["two members", joined([member, member]), text + text],
        ["empty members among others", joined([empty, member, empty, empty, member]), text + text],
        ["an empty member", empty, ""],
        ["zeros after its end", joined([member, new Uint8Array(9)]), text],
        ["nothing at all", new Uint8Array(0), "cut"],
        ["the first byte only", member.subarray(0, 1), "cut"],
        ["the first byte of a second member", joined([member, member.subarray(0, 1)]), "cut"],
        ["a wrong check sum", changed(member, -6), "damaged"],
        ["a wrong length", changed(member, -2), "damaged"],
        ["a wrong byte in its middle", changed(member, 14), "damaged"],
        ["a second member with a wrong check sum", joined([member, changed(member, -6)]), "damaged"],
        ["something else after its end", joined([member, Uint8Array.of(1, 2, 3)]), "damaged"],
        ["plain text", new TextEncoder().encode('{"event":"a"}\n'), "damaged"],
      ] as [string, Uint8Array, string][]
    ) {
      const says = expected === "cut" || expected === "damaged" ? `is ${expected}` : "is whole";
      it(`${says} with ${what}, wherever the chunks are cut`, async () => {
        for (const size of [1, 2, 3, 7, 64, 4096]) assert.equal(await outcome(step, bytes, size), expected, `${size}`);
      });
    }

    it("is cut wherever it is cut", async () => {
      for (let length = 0; length < member.length; length++) {
        for (const size of [1, 5, 4096]) {
          assert.equal(await outcome(step, member.subarray(0, length), size), "cut", `${length} bytes`);
          // After a whole member nothing tells that another should follow.
          const second = await outcome(step, joined([member, member.subarray(0, length)]), size);
          assert.equal(second, length === 0 ? text : "cut", `${length} bytes of the second`);
        }
      }
    });

    it("may be larger than any buffer, and each chunk is good until the next is asked for", async () => {
      let sum = 0;
      let length = 0;
      for await (const chunk of step(chunked(new Uint8Array(gzipSync(large)), 300_000))) {
        // Whatever is being made meanwhile must not be made here.
        await new Promise((resolve) => setTimeout(resolve, 1));
        sum = crc32(chunk, sum);
        length += chunk.length;
      }
      assert.equal(length, large.length);
      assert.equal(sum, crc32(large));
    });

    // What follows is about data that comes chunk by chunk.
    if (step === asWhole) return;

    it("comes out as far as it has come when the source fails, and the failure is the source's", async () => {
      const failure = new Error("connection lost");
      const half = gzipSync(large).subarray(0, 1_500_000);
      async function* failing() {
        yield* chunked(half, 100_000);
        throw failure;
      }
      let length = 0;
      await assert.rejects(async () => {
        for await (const chunk of step(failing())) length += chunk.length;
      }, failure);
      if (step === inflated) assert.ok(length > 1_500_000, `${length} bytes`);
    });

    it("leaves its source when it is left", async () => {
      let isLeft = false;
      async function* source() {
        try {
          for (;;) yield* chunked(new Uint8Array(gzipSync(large)), 100_000);
        } finally {
          isLeft = true;
        }
      }
      for await (const chunk of step(source())) {
        assert.ok(chunk.length > 0);
        break;
      }
      for (let turn = 0; turn < 20 && !isLeft; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
      assert.equal(isLeft, true);
    });
  });
}

describe("gzip data", () => {
  it("may not go on after zeros", async () => {
    assert.equal(await outcome(inflated, joined([member, new Uint8Array(3), member]), 7), "damaged");
  });

  it("has each chunk of its source told when it is used up, in order, and none before", async () => {
    const packed = new Uint8Array(gzipSync(large));
    const chunks = [packed.slice(0, 2_000_000), packed.slice(2_000_000, 2_000_001), packed.slice(2_000_001)];
    const usedBytes: number[] = [];
    const free = (chunk: Uint8Array) => {
      if (chunk.length > 0) usedBytes.push(chunk.length);
      // As memory that is freed: nothing may be read of it any more.
      chunk.fill(0);
    };
    let sum = 0;
    async function* source() {
      await Promise.resolve();
      yield* chunks;
    }
    for await (const chunk of inflated(source(), free)) sum = crc32(chunk, sum);
    assert.equal(sum, crc32(large));
    assert.deepEqual(usedBytes, [2_000_000, 1, packed.length - 2_000_001]);
  });

  it("comes out whole of small chunks, many at a time, whatever thread has begun with it", async () => {
    const packed = new Uint8Array(gzipSync(large));
    const sizes = [1000, 7000, 30_000, 65_535, 65_536, 100_000];
    const sums = await Promise.all(sizes.map(async (size) => {
      let sum = 0;
      for await (const chunk of inflated(chunked(packed, size))) sum = crc32(chunk, sum);
      return sum;
    }));
    assert.deepEqual(sums, sizes.map(() => crc32(large)));
  });

  it("goes on after a pause in which a thread that works on it has given up waiting", async () => {
    const packed = new Uint8Array(gzipSync(large));
    let sum = 0;
    async function* source() {
      yield* chunked(packed.subarray(0, 2_000_000), 65_536);
      await new Promise((resolve) => setTimeout(resolve, 1200));
      yield* chunked(packed.subarray(2_000_000), 65_536);
    }
    for await (const chunk of inflated(source())) sum = crc32(chunk, sum);
    assert.equal(sum, crc32(large));
  });

  it("that is damaged far behind its beginning is said to be", async () => {
    const packed = new Uint8Array(gzipSync(large));
    assert.equal(await outcome(inflated, changed(packed, -5), 20_000), "damaged");
    assert.equal(await outcome(inflated, packed.subarray(0, -1), 20_000), "cut");
  });

  it("that is left while its source waits for bytes does not wait with it", async () => {
    let isLeft = false;
    const source: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => {
        let isFirst = true;
        return {
          next: () => {
            if (!isFirst) return new Promise(() => {});
            isFirst = false;
            return Promise.resolve({ done: false, value: member });
          },
          return: () => {
            isLeft = true;
            return new Promise(() => {});
          },
        };
      },
    };
    for await (const chunk of inflated(source)) {
      assert.equal(new TextDecoder().decode(chunk), text);
      break;
    }
    assert.equal(isLeft, true);
  });
});

describe("gzip data that is decompressed as a whole", () => {
  it("is given up when it is larger than it may be", async () => {
    const packed = new Uint8Array(gzipSync(large));
    assert.equal(await inflatedWhole(packed, large.length - 1), undefined);
    assert.equal((await inflatedWhole(packed, large.length))?.length, large.length);
    // The size that is written at the end is that of the last member.
    assert.equal(await inflatedWhole(joined([packed, member]), large.length), undefined);
  });

  it("may claim any size", async () => {
    const short = new Uint8Array(gzipSync(""));
    new DataView(short.buffer).setUint32(short.length - 4, 0xffffffff, true);
    await assert.rejects(inflatedWhole(short, 2 ** 31), BrokenGzipError);
  });

  it("can be decompressed again, at once, in memory that is used again", async () => {
    const packed = new Uint8Array(gzipSync(large));
    const first = await inflatedWhole(packed, large.length);
    assert.ok(first);
    for (let round = 0; round < 3; round++) {
      const again = inflatedAgain(packed, large.length);
      assert.deepEqual(again, large);
      giveSpare(again);
    }
    assert.deepEqual(first, large);
  });
});
