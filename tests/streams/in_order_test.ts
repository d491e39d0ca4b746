import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inOrder } from "../../src/streams/in_order.ts";

/** Work that ends when the test says so. */
function workshop() {
  const begun: number[] = [];
  const ends = new Map<number, { resolve(value: string): void; reject(error: unknown): void }>();
  return {
    begun,
    work: (item: number) => {
      begun.push(item);
      return new Promise<string>((resolve, reject) => ends.set(item, { resolve, reject }));
    },
    end: (item: number) => ends.get(item)!.resolve(`r${item}`),
    fail: (item: number) => ends.get(item)!.reject(new Error(`f${item}`)),
    settle: () => new Promise<void>((resolve) => setTimeout(resolve, 0)),
  };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("work in order", () => {
  it("yields results in the order of the items, whatever ends first", async () => {
    const { work, end } = workshop();
    const results = inOrder(numbers(3), work, { running: 3 });
    const all = (async () => {
      const found: string[] = [];
      for await (const one of results) found.push(one);
      return found;
    })();
    for (const item of [2, 0, 1]) end(item);
    assert.deepEqual(await all, ["r0", "r1", "r2"]);
  });

  it("begins so much at a time, and goes on while the first is slow, up to a limit", async () => {
    const { work, end, begun, settle } = workshop();
    const results = inOrder(numbers(10), work, { running: 2, ahead: 4 });
    const first = results.next();
    assert.deepEqual(begun, [0, 1]);
    for (const item of [1, 2, 3]) {
      end(item);
      await settle();
    }
    assert.deepEqual(begun, [0, 1, 2, 3]);
    end(0);
    assert.equal((await first).value, "r0");
    await settle();
    assert.deepEqual(begun, [0, 1, 2, 3]);
    assert.equal((await results.next()).value, "r1");
    await results.return();
  });

  it("throws a failure in its turn and begins nothing after it", async () => {
    const { work, end, fail, begun, settle } = workshop();
    const results = inOrder(numbers(10), work, { running: 2 });
    const first = results.next();
    fail(1);
    await settle();
    end(0);
    assert.equal((await first).value, "r0");
    await assert.rejects(results.next(), /f1/);
    assert.deepEqual(begun, [0, 1]);
  });

  it("leaves failures alone that nobody waits for any more", async () => {
    const { work, end, fail, settle } = workshop();
    const results = inOrder(numbers(3), work, { running: 3 });
    const first = results.next();
    end(0);
    await first;
    await results.return();
    fail(1);
    fail(2);
    await settle();
  });
});
