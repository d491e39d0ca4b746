import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { MpError } from "../../../src/errors.ts";
import { inflated } from "../../../src/runtime/compression/inflate.ts";
import type { EventCount } from "../../../src/streams/events/event_lines.ts";
import { passEvents } from "../../../src/streams/events/pass_events.ts";
import { chunked, endless } from "../chunked.ts";

const event = (number: number) => `{"event":"Köln 🙂","properties":{"time":${1700000000 + number}}}\n`;
const three = event(1) + event(2) + event(3);
const gz = (text: string) => new Uint8Array(gzipSync(text));
const bytesIn = (text: string) => new TextEncoder().encode(text).length;

/** What came out, the count, and the error if there was one. */
async function run(source: AsyncIterable<Uint8Array>) {
  const count: EventCount = { records: 0, bytes: 0 };
  const out: number[] = [];
  try {
    for await (const chunk of passEvents(source, count, inflated)) out.push(...chunk);
    return { out: Uint8Array.from(out), count };
  } catch (error) {
    return { out: Uint8Array.from(out), count, error: error as MpError };
  }
}

describe("a compressed export that is passed on", () => {
  it("is unchanged and counted, wherever its chunks are cut", async () => {
    const bytes = gz(three);
    for (const size of [1, 2, 7, 4096]) {
      const { out, count, error } = await run(chunked(bytes, size));
      assert.equal(error, undefined);
      assert.deepEqual(out, bytes);
      assert.deepEqual(count, { records: 3, bytes: bytesIn(three) });
    }
  });

  it("may be large", async () => {
    const text = event(7).repeat(100_000);
    const { out, count, error } = await run(chunked(gz(text), 1000));
    assert.equal(error, undefined);
    assert.equal(gunzipSync(out).toString(), text);
    assert.deepEqual(count, { records: 100_000, bytes: bytesIn(text) });
  });

  it("may have events in another form, blank lines and CRLF", async () => {
    const text = '{ "event": "a", "properties": {} }\r\n\n\r\n{"properties":{},"event":"b"}\n';
    const { count, error } = await run(chunked(gz(text), 9));
    assert.equal(error, undefined);
    assert.deepEqual(count, { records: 2, bytes: bytesIn(text) });
  });

  it("may have no events", async () => {
    const { out, count } = await run(chunked(gz(""), 5));
    assert.deepEqual(out, gz(""));
    assert.deepEqual(count, { records: 0, bytes: 0 });
  });

  it("gets the line feed that its last line lacks, so that another may follow", async () => {
    const { out, count, error } = await run(chunked(gz(three.trimEnd()), 10));
    assert.equal(error, undefined);
    assert.equal(gunzipSync(Buffer.concat([out, gz(event(4))])).toString(), three + event(4));
    assert.deepEqual(count, { records: 3, bytes: bytesIn(three) });
  });

  for (
    const [what, tail, code, category] of [
      ["terminated early", "terminated early\n", "export_terminated", "server"],
      ["terminated early, without a line end", "export terminated early", "export_terminated", "server"],
      ["a rate limit", "rate limit reached\n", "export_rate_limited", "rate_limited"],
      ["an error object", '{"error": "backend gone"}\n', "export_terminated", "server"],
      ["half a line", '{"event":"a","properties":{"ti', "export_cut", "network"],
      ["half a line with an end", '{"event":"a","properties":{"ti\n', "export_broken", "server"],
      ["half a line that ends in braces", '{"event":"a","properties":}}\n', "export_not_an_event", "server"],
      ["an event without properties", '{"event":"a","x":{}}\n', "export_not_an_event", "server"],
      ["a name without an end", '{"event":"a}}\n', "export_not_an_event", "server"],
      ["a number", "99\n", "export_broken", "server"],
    ] as const
  ) {
    it(`fails on ${what}, with the events before it counted`, async () => {
      for (const size of [1, 13, 4096]) {
        const { count, error } = await run(chunked(gz(three + tail), size));
        assert.ok(error instanceof MpError, String(error));
        assert.equal(error.code, code);
        assert.equal(error.category, category);
        assert.match(error.message, /after 3 events/);
        assert.deepEqual(count, { records: 3, bytes: bytesIn(three) });
      }
    });
  }

  it("fails when it is cut or damaged, with what the decompressor says", async () => {
    const whole = gz(three.repeat(50));
    const damaged = whole.slice();
    damaged[damaged.length - 6]! ^= 1;
    for (const size of [1, 50, 4096]) {
      for (const length of [0, 1, 15, whole.length >> 1, whole.length - 1]) {
        const { error } = await run(chunked(whole.subarray(0, length), size));
        assert.match(String(error), /ends early/, `${length} bytes`);
      }
      assert.match(String((await run(chunked(damaged, size))).error), /damaged/);
    }
  });

  it("fails with the failure of its source, after what came before it", async () => {
    const failure = new Error("connection lost");
    async function* failing() {
      yield* chunked(gz(three).subarray(0, 40), 7);
      throw failure;
    }
    const { out, error } = await run(failing());
    assert.equal(error, failure);
    assert.equal(out.length, 40);
  });

  it("is left as soon as it is known to be no export", async () => {
    let pulls = 0;
    async function* source() {
      for (;;) {
        pulls++;
        await Promise.resolve();
        yield gz("<html>\n");
      }
    }
    const { error } = await run(source());
    assert.equal(error?.code, "not_an_export");
    assert.ok(pulls < 10, `${pulls} chunks`);
  });

  it("is read no faster than it is taken, and leaves its source when it is left", async () => {
    const { source, pulls, cancelled } = endless("");
    const chunks = {
      async *[Symbol.asyncIterator]() {
        for await (const _ of source) yield gz(event(1));
      },
    };
    const passing = passEvents(chunks, { records: 0, bytes: 0 }, inflated);
    await passing.next();
    await passing.next();
    assert.equal(pulls(), 2);
    await passing.return(undefined);
    assert.equal(cancelled(), true);
  });
});
