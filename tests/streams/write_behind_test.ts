import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { writeBehind } from "../../src/streams/write_behind.ts";
import { chunked, endless } from "./chunked.ts";

const KIB = 1024;

/** Bytes that tell their place. */
const pattern = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff);

/** Collects copies, since the memory of what is written is used again. */
function collector(pause: () => Promise<void> = () => Promise.resolve()) {
  const pieces: Uint8Array[] = [];
  let running = 0;
  const write = async (bytes: Uint8Array) => {
    assert.equal(++running, 1, "one write at a time");
    await pause();
    pieces.push(bytes.slice());
    running--;
  };
  return { pieces, write, whole: () => new Uint8Array(pieces.flatMap((piece) => [...piece])) };
}

const later = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("writing behind", () => {
  it("writes every byte in order, whatever the pieces and however slow the writes", async () => {
    const bytes = pattern(700 * KIB);
    for (const size of [1000, 64 * KIB, 512 * KIB, 600 * KIB, bytes.length]) {
      for (const pause of [undefined, later]) {
        const { write, whole } = collector(pause);
        await writeBehind(chunked(bytes, size), write);
        assert.deepEqual(Buffer.compare(whole(), bytes), 0, `pieces of ${size}`);
      }
    }
  });

  it("collects what comes during a write, up to 512 KiB", async () => {
    const { pieces, write } = collector(later);
    await writeBehind(chunked(pattern(2000 * KIB), KIB), write);
    assert.ok(pieces.length < 20, `${pieces.length} writes`);
    assert.ok(Math.max(...pieces.map((piece) => piece.length)) <= 512 * KIB);
  });

  it("writes a slow source as it comes", async () => {
    const { pieces, write } = collector();
    async function* slow() {
      for (let count = 1; count <= 3; count++) {
        yield pattern(5);
        await later();
        assert.equal(pieces.length, count);
      }
    }
    await writeBehind(slow(), write);
    assert.equal(pieces.length, 3);
  });

  it("writes nothing before its buffer is full for who wants that, and then the rest", async () => {
    const { pieces, write, whole } = collector();
    const bytes = pattern(1200 * KIB);
    await writeBehind(chunked(bytes, 64 * KIB), write, { waitsForFull: true });
    assert.deepEqual(pieces.map((piece) => piece.length / KIB), [512, 512, 176]);
    assert.equal(Buffer.compare(whole(), bytes), 0);
  });

  it("writes what has come before a source fails, also when the buffer is not full", async () => {
    const { pieces, write } = collector();
    async function* failing() {
      yield* chunked(pattern(5), 5);
      await later();
      throw new Error("lost");
    }
    await assert.rejects(writeBehind(failing(), write, { waitsForFull: true }), { message: "lost" });
    assert.deepEqual(pieces, [pattern(5)]);
  });

  it("reads no further than its buffers while a write is slow", async () => {
    const { source, pulls, cancelled } = endless("x".repeat(100 * KIB));
    let fail = (_error: Error) => {};
    const stuck = writeBehind(source, () => new Promise<void>((_resolve, reject) => fail = reject));
    for (let turn = 0; turn < 50; turn++) await later();
    assert.ok(pulls() <= 8, `${pulls()} pieces read`);
    fail(new Error("gone"));
    await assert.rejects(stuck, { message: "gone" });
    assert.equal(cancelled(), true);
  });

  it("leaves the source when a write fails, and writes no more", async () => {
    const { source, cancelled } = endless("x");
    let writes = 0;
    const write = () => Promise.reject(new Error(`failure ${++writes}`));
    await assert.rejects(writeBehind(source, write), { message: "failure 1" });
    assert.equal(cancelled(), true);
  });

  it("writes what came before the source failed", async () => {
    const { write, whole } = collector(later);
    async function* failing() {
      yield pattern(10);
      yield pattern(10);
      await Promise.resolve();
      throw new Error("cut");
    }
    await assert.rejects(writeBehind(failing(), write), { message: "cut" });
    assert.equal(whole().length, 20);
  });

  it("writes nothing when nothing comes", async () => {
    const { pieces, write } = collector();
    await writeBehind(chunked("", 1), write);
    assert.equal(pieces.length, 0);
  });
});
