import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { batches, type BatchLimits } from "../../src/streams/batches.ts";

async function* blocks(sizes: number[], perBlock: number) {
  for (let start = 0; start < sizes.length; start += perBlock) {
    await Promise.resolve();
    yield sizes.slice(start, start + perBlock).map((bytes) => ({ bytes }));
  }
}

async function sizesOf(sizes: number[], limits: BatchLimits, perBlock = 3): Promise<number[][]> {
  const all: number[][] = [];
  for await (const batch of batches(blocks(sizes, perBlock), limits)) all.push(batch.map((record) => record.bytes));
  return all;
}

describe("batches", () => {
  it("have at most so many records, across blocks of input", async () => {
    const ones = Array(7).fill(1);
    assert.deepEqual(await sizesOf(ones, { records: 3, bytes: 1000 }), [[1, 1, 1], [1, 1, 1], [1]]);
    assert.deepEqual(await sizesOf(ones, { records: 7, bytes: 1000 }), [ones]);
  });

  it("have at most so many bytes, line feeds included", async () => {
    assert.deepEqual(await sizesOf([4, 4, 4], { records: 10, bytes: 10 }), [[4, 4], [4]]);
    assert.deepEqual(await sizesOf([4, 4, 4], { records: 10, bytes: 9 }), [[4], [4], [4]]);
  });

  it("carry a record that is too large by itself", async () => {
    assert.deepEqual(await sizesOf([1, 50, 1], { records: 10, bytes: 10 }), [[1], [50], [1]]);
  });

  it("are none when nothing comes", async () => {
    assert.deepEqual(await sizesOf([], { records: 10, bytes: 10 }), []);
  });

  it("follow a limit that is lowered while they are made", async () => {
    const limits = { records: 4, bytes: 100 };
    const lengths: number[] = [];
    for await (const batch of batches(blocks(Array(10).fill(1), 10), limits)) {
      lengths.push(batch.length);
      limits.bytes = 4;
    }
    assert.deepEqual(lengths, [4, 2, 2, 2]);
  });
});
