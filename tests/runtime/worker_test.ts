import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startThread } from "../../src/runtime/worker.ts";

describe("a thread", () => {
  it("gets messages as they are, typed arrays in lists and objects among them", async () => {
    const thread = startThread("tests/runtime/echo_thread.ts");
    const bytes = Uint8Array.of(1, 2, 3, 4, 5);
    const message = {
      text: "a",
      none: undefined,
      nothing: null,
      list: [1, { part: bytes.subarray(1, 3) }, [new Float64Array([0.5])]],
      large: BigInt64Array.of(-1n),
      day: new Date(0),
      map: new Map([["a", 1]]),
    };
    try {
      assert.deepEqual(await thread.ask(message), message);
      for (const each of [bytes.subarray(2), "text", 1, null, []]) assert.deepEqual(await thread.ask(each), each);
    } finally {
      thread.stop();
    }
  });

  it("shares the memory that is to be shared", async () => {
    const thread = startThread("tests/runtime/echo_thread.ts");
    const shared = new Uint8Array(new SharedArrayBuffer(4));
    try {
      const same = await thread.ask({ shared }) as { shared: Uint8Array };
      shared[0] = 7;
      assert.equal(same.shared[0], 7);
    } finally {
      thread.stop();
    }
  });

  it("is waited for when it works without a message, until it is done, fails or is stopped", async () => {
    const thread = startThread("tests/runtime/echo_thread.ts");
    await thread.awaitWork(Promise.resolve());
    await assert.rejects(thread.awaitWork(Promise.reject(new Error("no room"))), { message: "no room" });
    const waiting = thread.awaitWork(new Promise(() => {}));
    const isRejected = assert.rejects(waiting, { message: "the thread was stopped" });
    thread.stop();
    await isRejected;
    await assert.rejects(thread.awaitWork(Promise.resolve()), { message: "the thread was stopped" });
  });

  it("takes megabytes in no more than a moment", async () => {
    const thread = startThread("tests/runtime/echo_thread.ts");
    const bytes = new Uint8Array(32 * 1024 * 1024).fill(1);
    try {
      await thread.ask(1);
      const startedMs = performance.now();
      assert.equal((await thread.ask({ bytes }) as { bytes: Uint8Array }).bytes.length, bytes.length);
      // Byte by byte it takes seven seconds on a machine with nothing else to do.
      assert.ok(performance.now() - startedMs < 5000);
    } finally {
      thread.stop();
    }
  });
});
