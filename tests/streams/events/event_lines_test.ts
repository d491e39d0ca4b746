import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MpError } from "../../../src/errors.ts";
import { type EventCount, eventLines } from "../../../src/streams/events/event_lines.ts";
import { MAX_RECORD_BYTES } from "../../../src/streams/lines.ts";
import { CHUNK_SIZES, chunked, endless } from "../chunked.ts";

const event = (number: number) => `{"event":"Köln 🙂","properties":{"time":${1700000000 + number}}}\n`;
const three = event(1) + event(2) + event(3);

/** Runs the check; what came out, the count, and the error if there was one. */
async function run(source: AsyncIterable<Uint8Array>): Promise<{ text: string; count: EventCount; error?: MpError }> {
  const count = { records: 0, bytes: 0 };
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of eventLines(source, count)) {
      // A piece ends where a line ends, so every piece is whole characters too.
      text += decoder.decode(chunk);
    }
    return { text, count };
  } catch (error) {
    assert.ok(error instanceof MpError, String(error));
    return { text, count, error };
  }
}

describe("the lines of an export", () => {
  it("pass unchanged, wherever the chunks are cut", async () => {
    for (const size of CHUNK_SIZES) {
      const { text, count, error } = await run(chunked(three, size));
      assert.equal(error, undefined);
      assert.equal(text, three, `chunks of ${size}`);
      assert.deepEqual(count, { records: 3, bytes: new TextEncoder().encode(three).length });
    }
  });

  it("may be none", async () => {
    assert.deepEqual(await run(chunked("", 1)), { text: "", count: { records: 0, bytes: 0 } });
  });

  it("may be blank, may end in CRLF, and the last gets its line feed when it has none", async () => {
    const text = event(1).replace("\n", "\r\n") + "\n\r\n" + event(2).trimEnd();
    for (const size of CHUNK_SIZES) {
      const outcome = await run(chunked(text, size));
      assert.equal(outcome.error, undefined);
      assert.equal(outcome.text, text + "\n");
      assert.equal(outcome.count.records, 2);
    }
  });

  it("may be blank by the million, which takes no time", { timeout: 10_000 }, async () => {
    const blank = new Uint8Array(64 * 1024).fill(10);
    const source = async function* () {
      for (let count = 0; count < 320; count++) yield await Promise.resolve(blank);
      yield new TextEncoder().encode(`\r\n\r\n${event(1)}`);
    };
    const count = { records: 0, bytes: 0 };
    for await (const chunk of eventLines(source(), count)) assert.ok(chunk.length > 0);
    assert.deepEqual(count, { records: 1, bytes: 320 * blank.length + 4 + new TextEncoder().encode(event(1)).length });
  });

  it("do not end at U+2028 and its like", async () => {
    const text = '{"event":"a","properties":{"x":"1\u2028\u20292\u00853"}}\n';
    const { text: out, count } = await run(chunked(text, 2));
    assert.equal(out, text);
    assert.equal(count.records, 1);
  });

  for (
    const [name, tail, category, code, message] of [
      [
        "terminated early",
        "terminated early\n",
        "server",
        "export_terminated",
        /after 3 events with "terminated early"$/,
      ],
      [
        "terminated early, without a line end",
        "terminated early",
        "server",
        "export_terminated",
        /"terminated early"$/,
      ],
      [
        "export terminated early",
        "export terminated early\n",
        "server",
        "export_terminated",
        /"export terminated early"$/,
      ],
      ["its own failure", "error completing export request", "server", "export_terminated", /completing export/],
      ["a rate limit", "rate limit reached\n", "rate_limited", "export_rate_limited", /"rate limit reached"$/],
      ["a cut error", '{"error":', "server", "export_terminated", /after 3 events with "{\\"error\\":"$/],
      ["a whole error", '{"error": "backend gone"}\n', "server", "export_terminated", /backend gone/],
      [
        "terminated early behind half a line",
        '{"event":"a","prterminated early\n',
        "server",
        "export_terminated",
        /early"$/,
      ],
      ["half a line", '{"event":"a","proper', "network", "export_cut", /in the middle of a line, after 3 events$/],
      [
        "half a line with an end",
        '{"event":"a","proper\n',
        "server",
        "export_broken",
        /after 3 events comes a line/,
      ],
      ["cut text", "<html>Sign in</html>", "server", "export_broken", /after 3 events comes a line .*Sign in/],
      ["a number", "99\n", "server", "export_broken", /no event: "99"$/],
      ["an object that is no event", '{"event":"a"}\n', "server", "export_not_an_event", /{\\"event\\":\\"a\\"}"$/],
      ["a web page", "<html>\n<body>\n", "server", "export_broken", /no event: "<html>"$/],
    ] as const
  ) {
    it(`fail on ${name}, after every event before it`, async () => {
      for (const size of CHUNK_SIZES) {
        const { text, count, error } = await run(chunked(three + tail, size));
        assert.equal(text, three, `chunks of ${size}`);
        assert.equal(count.records, 3);
        assert.equal(error?.category, category);
        assert.equal(error?.code, code);
        assert.match(error?.message ?? "", message);
        assert.ok(error?.hint, "there is a hint");
      }
    });
  }

  it("say that something else has answered when it does not even begin like an export", async () => {
    for (const page of ["<html>Sign in</html>", "<html>\nSign in\n</html>\n", "OK"]) {
      const { error } = await run(chunked(page, 3));
      assert.deepEqual([error?.code, error?.category], ["not_an_export", "server"], page);
      assert.match(error?.hint ?? "", /check the region and the host/);
    }
    assert.equal((await run(chunked('{"event":"a","pro', 3))).error?.code, "export_cut");
  });

  it("keep the server's words apart, without control characters", async () => {
    const { error } = await run(chunked('{"error": "gone \u001b[2J away", "request": "/export"}\n', 100));
    assert.equal(error?.serverMessage, "gone [2J away");
    assert.equal(error?.message.includes("\u001b"), false);
  });

  it("fail on text in the middle, and nothing after it comes out", async () => {
    const { text, count, error } = await run(chunked(event(1) + "export terminated early\n" + event(2), 1024));
    assert.equal(text, event(1));
    assert.equal(count.records, 1);
    assert.match(error?.message ?? "", /after 1 event with/);
  });

  it("fail on a line without an end, in bounded memory", async () => {
    const { source, cancelled } = endless("x".repeat(1024 * 1024));
    const { error } = await run(source);
    assert.equal(error?.code, "record_too_long");
    assert.match(error?.message ?? "", new RegExp(String(MAX_RECORD_BYTES)));
    assert.equal(cancelled(), true);
  });

  it("pass on a failure of the source, after every whole event", async () => {
    const cause = new MpError("Cannot read the answer: the connection was lost", { category: "network" });
    async function* failing() {
      yield* chunked(event(1) + event(2) + '{"event"', 7);
      throw cause;
    }
    const { text, count, error } = await run(failing());
    assert.equal(text, event(1) + event(2));
    assert.equal(count.records, 2);
    assert.equal(error, cause);
  });

  it("are read no faster than they are taken, and cancel their source when they are left", async () => {
    const { source, pulls, cancelled } = endless(event(1));
    const checked = eventLines(source, { records: 0, bytes: 0 });
    await checked.next();
    await checked.next();
    assert.equal(pulls(), 2);
    await checked.return(undefined);
    assert.equal(cancelled(), true);
  });
});
