import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { abortable } from "../../src/streams/abortable.ts";
import { chunked, endless, textOf } from "./chunked.ts";

describe("an abortable source", () => {
  it("passes everything on while nobody aborts", async () => {
    assert.equal(await textOf(abortable(chunked("abc", 1), new AbortController().signal)), "abc");
    assert.equal(await textOf(abortable(chunked("abc", 1), undefined)), "abc");
  });

  it("ends while it waits for a chunk that never comes", async () => {
    const controller = new AbortController();
    const never = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
    const reading = textOf(abortable(never, controller.signal));
    controller.abort(new Error("interrupted"));
    await assert.rejects(reading, { message: "interrupted" });
  });

  it("ends between chunks, and before the first", async () => {
    const controller = new AbortController();
    const { source, cancelled } = endless("x");
    const chunks = abortable(source, controller.signal);
    await chunks.next();
    controller.abort(new Error("interrupted"));
    await assert.rejects(chunks.next(), { message: "interrupted" });
    await Promise.resolve();
    assert.equal(cancelled(), true);
    await assert.rejects(textOf(abortable(chunked("abc", 1), controller.signal)), { message: "interrupted" });
  });

  it("passes on a failure of its source, and cancels it when it is left", async () => {
    const signal = new AbortController().signal;
    const failing = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error("cut")) });
    await assert.rejects(textOf(abortable(failing, signal)), { message: "cut" });
    const { source, cancelled } = endless("x");
    for await (const _chunk of abortable(source, signal)) break;
    assert.equal(cancelled(), true);
  });
});
