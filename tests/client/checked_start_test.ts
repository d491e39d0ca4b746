import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CheckedStart } from "../../src/client/checked_start.ts";
import { chunked, endless } from "../streams/chunked.ts";

const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const passed = () => {};

/** Two texts in the same memory, which is used again for each, and then a fault. */
async function* breaking(): AsyncGenerator<Uint8Array, void> {
  const memory = new Uint8Array(3);
  for (const text of ["abc", "def"]) {
    await Promise.resolve();
    memory.set(new TextEncoder().encode(text));
    yield memory;
  }
  throw new Error("broken off");
}

describe("a stream whose beginning is checked", () => {
  it("is passed on as it is, the first 64 KiB as one", async () => {
    const text = "0123456789".repeat(20_000);
    for (const size of [7, 1024, 100_000, 300_000]) {
      const starts: number[] = [];
      const chunks: Uint8Array[] = [];
      const source = chunked(text, size);
      for await (const chunk of new CheckedStart(source, ({ length }) => void starts.push(length))) chunks.push(chunk);
      assert.equal(chunks.map(decode).join(""), text);
      assert.deepEqual(starts, [chunks[0]!.length]);
      assert.ok(starts[0]! >= 65_536 && starts[0]! < 65_536 + size);
    }
  });

  it("may be short or empty", async () => {
    for (const text of ["", "short"]) {
      const starts: string[] = [];
      const checked = new CheckedStart(chunked(text, 2), (start) => void starts.push(decode(start)));
      assert.equal((await Array.fromAsync(checked)).map(decode).join(""), text);
      assert.deepEqual(starts, [text]);
    }
  });

  it("gives what came before it broke off, and then the fault", async () => {
    const checked = new CheckedStart(breaking(), passed);
    assert.equal(decode((await checked.next()).value), "abcdef");
    await assert.rejects(checked.next(), { message: "broken off" });
  });

  it("gives nothing when the check has thrown", async () => {
    const checked = new CheckedStart(chunked("text", 1), () => {
      throw new Error("refused");
    });
    await assert.rejects(checked.next(), { message: "refused" });
  });

  it("is left where it is left", async () => {
    const { source, cancelled } = endless("x".repeat(1000));
    for await (const chunk of new CheckedStart(source, passed)) {
      assert.ok(chunk.length >= 65_536);
      break;
    }
    assert.equal(cancelled(), true);
  });
});
