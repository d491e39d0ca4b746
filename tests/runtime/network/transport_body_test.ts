import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NetworkFault } from "../../../src/runtime/network/network_fault.ts";
import { readBytes, watchedBody } from "../../../src/runtime/network/transport_body.ts";

/** A body whose chunks come after a time each, by a clock that nobody waits for. */
function bodyOf(chunks: readonly (readonly [afterMs: number, bytes: number])[], readerMs = 0) {
  let nowMs = 0;
  const left = [...chunks];
  const source: AsyncIterator<Uint8Array> = {
    next() {
      const chunk = left.shift();
      if (chunk === undefined) return Promise.resolve({ done: true, value: undefined });
      nowMs += chunk[0];
      return Promise.resolve({ done: false, value: new Uint8Array(chunk[1]) });
    },
  };
  const body = watchedBody(source, {
    controller: new AbortController(),
    idleTimeoutMs: 60_000,
    now: () => nowMs,
    isGzip: false,
    onEnd: () => {},
  });
  return {
    async read(): Promise<number> {
      let bytes = 0;
      for await (const chunk of body) {
        bytes += chunk.length;
        nowMs += readerMs;
      }
      return bytes;
    },
    body,
  };
}

const drip = (count: number, afterMs: number, bytes: number) =>
  Array.from({ length: count }, () => [afterMs, bytes] as const);

describe("a body that arrives", () => {
  it("at less than 100 bytes a second for a minute is given up", async () => {
    await assert.rejects(bodyOf(drip(100, 1000, 99)).read(), (error) => {
      assert.ok(error instanceof NetworkFault);
      assert.equal(error.kind, "too_slow");
      assert.equal(error.detail, "5940 bytes in 60 s");
      return true;
    });
  });

  it("at 100 bytes a second is waited for to its end", async () => {
    assert.equal(await bodyOf(drip(600, 1000, 100)).read(), 60_000);
  });

  it("slowly for less than a minute is waited for", async () => {
    assert.equal(await bodyOf(drip(59, 1000, 1)).read(), 59);
  });

  it("fast at first is given up when it becomes slow", async () => {
    const chunks = [[10, 10_000_000], ...drip(200, 1000, 1)] as [number, number][];
    await assert.rejects(readBytes(bodyOf(chunks).body, 1e9), { kind: "too_slow" });
  });

  it("in time is not blamed for a reader that is slow", async () => {
    assert.equal(await bodyOf(drip(100, 10, 1), 3_600_000).read(), 100);
  });
});
