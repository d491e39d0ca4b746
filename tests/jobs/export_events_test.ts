import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { ClosedPipeError, MpError } from "../../src/errors.ts";
import { exportEvents, type ExportOptions } from "../../src/jobs/export_events.ts";
import { fileTarget, streamTarget } from "../../src/jobs/export_target.ts";
import { chunked } from "../streams/chunked.ts";
import { fakeClient } from "./fake_client.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const folder = temporaryFolder();
const event = (number: number) => `{"event":"Köln","properties":{"time":${1780000000 + number}}}\n`;
const three = event(1) + event(2) + event(3);
const october = { from_date: "2026-10-01", to_date: "2026-10-31" };

/** Exports what a server would send, to a file. */
async function toFile(path: string, body: string | AsyncIterable<Uint8Array>, options: ExportOptions = {}) {
  return await exportEvents(fakeClient(() => body), october, await fileTarget(path), options);
}

const text = (path: string) => readFileSync(path, "utf8");

describe("an export", () => {
  it("asks the data host for days, events and an expression", async () => {
    const client = fakeClient(() => three);
    const params = {
      ...october,
      event: ["Sign Up", "Köln"],
      where: 'properties["a"] == 1',
      limit: 10,
      time_in_ms: true,
    };
    await exportEvents(client, params, streamTarget({ write: () => Promise.resolve() }));
    const [request] = client.requests;
    assert.deepEqual([request?.method, request?.family, request?.path], ["GET", "export", "/export"]);
    assert.deepEqual(request?.query, [
      ["from_date", "2026-10-01"],
      ["to_date", "2026-10-31"],
      ["event", '["Sign Up","Köln"]'],
      ["where", 'properties["a"] == 1'],
      ["limit", "10"],
      ["time_in_ms", "true"],
    ]);
    assert.deepEqual([request?.streaming, request?.quota, request?.projectInQuery], [true, "export", true]);
  });

  it("refuses a day that no calendar has and a limit that is too high, and asks nobody", async () => {
    const client = fakeClient(() => three);
    const target = streamTarget({ write: () => Promise.resolve() });
    for (const params of [{ ...october, from_date: "2026-02-30" }, { ...october, limit: 100_001 }]) {
      await assert.rejects(exportEvents(client, params, target), { category: "input" });
    }
    assert.equal(client.requests.length, 0);
  });

  it("writes each byte as it came, counts, and tells about progress", async () => {
    const path = folder.path("events.jsonl");
    const told = { records: 0, bytes: 0 };
    const count = await toFile(path, chunked(three, 10), {
      onProgress: ({ records, bytes }) => {
        told.records += records;
        told.bytes += bytes;
      },
    });
    assert.equal(text(path), three);
    assert.deepEqual(count, { records: 3, bytes: new TextEncoder().encode(three).length });
    assert.deepEqual(told, count);
    assert.equal(existsSync(`${path}.part`), false);
  });

  it("replaces a file only when it is whole", async () => {
    const path = folder.write("old.jsonl", "old\n");
    async function* watched() {
      yield* chunked(event(1), 1024);
      assert.equal(text(path), "old\n");
      yield* chunked(event(2), 1024);
    }
    await toFile(path, watched());
    assert.equal(text(path), event(1) + event(2));
  });

  it("may have no events, and is a file nevertheless", async () => {
    const path = folder.path("empty.jsonl");
    assert.deepEqual(await toFile(path, ""), { records: 0, bytes: 0 });
    assert.equal(text(path), "");
  });

  it("is compressed when the file's name ends in .gz", async () => {
    const path = folder.path("events.jsonl.gz");
    const body = three.repeat(20_000);
    const count = await toFile(path, chunked(body, 100_000));
    assert.equal(count.records, 60_000);
    assert.equal(gunzipSync(readFileSync(path)).toString(), body);
    const empty = folder.path("empty.jsonl.gz");
    await toFile(empty, "");
    assert.equal(gunzipSync(readFileSync(empty)).length, 0);
  });

  it("goes to a pipe as it comes", async () => {
    const pieces: string[] = [];
    const target = streamTarget({
      write: (bytes) => Promise.resolve(void pieces.push(new TextDecoder().decode(bytes))),
    });
    await exportEvents(fakeClient(() => chunked(three, three.length / 2)), october, target);
    assert.equal(pieces.join(""), three);
    assert.ok(pieces.length > 1);
  });

  it("ends when nobody reads the pipe, and cancels the answer", async () => {
    let cancelled = false;
    async function* endless() {
      try {
        for (;;) yield* chunked(three, 1024);
      } finally {
        cancelled = true;
      }
    }
    const target = streamTarget({ write: () => Promise.reject(new ClosedPipeError()) });
    await assert.rejects(exportEvents(fakeClient(endless), october, target), ClosedPipeError);
    assert.equal(cancelled, true);
  });
});

describe("an export that fails", () => {
  for (
    const [name, tail, message] of [
      ["half a line", '{"event":"a","prop', /in the middle of a line, after 3 events$/],
      ["terminated early", "terminated early\n", /after 3 events with "terminated early"$/],
    ] as const
  ) {
    it(`in ${name} keeps the events before it beside the file, which stays as it was`, async () => {
      for (const [suffix, read] of [["", text], [".gz", undefined]] as const) {
        const path = folder.write(`kept.jsonl${suffix}`, "old\n");
        await assert.rejects(toFile(path, chunked(three + tail, 50)), (error) => {
          assert.ok(error instanceof MpError);
          assert.match(error.message, message);
          assert.match(error.hint ?? "", new RegExp(`what came before is in ".*kept\\.jsonl${suffix}\\.part"`));
          return true;
        });
        assert.equal(text(path), "old\n");
        if (read !== undefined) assert.equal(read(`${path}.part`), three);
      }
    });
  }

  it("before the first event leaves no file", async () => {
    const path = folder.path("none.jsonl");
    const cause = new MpError("Cannot GET data.mixpanel.com: the credentials were refused", { category: "auth" });
    await assert.rejects(
      toFile(path, { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(cause) }) }),
      cause,
    );
    await assert.rejects(toFile(path, "terminated early\n"), { code: "export_terminated" });
    assert.deepEqual([existsSync(path), existsSync(`${path}.part`)], [false, false]);
  });

  it("because of the network says where the events before it are", async () => {
    const path = folder.path("cut.jsonl");
    async function* cut() {
      yield* chunked(three, 1024);
      throw new MpError("Cannot read the answer: the connection was lost", { category: "network", hint: "try again" });
    }
    await assert.rejects(toFile(path, cut()), {
      message: "Cannot read the answer: the connection was lost",
      exitCode: 7,
      hint: /^try again; what came before is in /,
    });
    assert.equal(text(`${path}.part`), three);
  });

  it("because of Ctrl-C keeps what came", async () => {
    const path = folder.path("interrupted.jsonl");
    const controller = new AbortController();
    async function* interrupted() {
      yield* chunked(three, 1024);
      controller.abort(new MpError("Interrupted", { category: "interrupted" }));
      throw new DOMException("aborted", "AbortError");
    }
    await assert.rejects(toFile(path, interrupted(), { signal: controller.signal }), {
      message: "Interrupted",
      exitCode: 130,
    });
    assert.equal(text(`${path}.part`), three);
  });

  it("because the file cannot be written asks nobody", async () => {
    await assert.rejects(fileTarget(folder.path("nowhere/events.jsonl")), {
      category: "input",
      message: /^Cannot write ".*events\.jsonl": no such folder$/,
    });
    await assert.rejects(fileTarget(folder.path(".")), { message: /: it is a folder$/ });
  });

  it("on a pipe says that what was printed is not all", async () => {
    const target = streamTarget({ write: () => Promise.resolve() });
    await assert.rejects(exportEvents(fakeClient(() => three + "terminated early\n"), october, target), {
      hint: /the events that were printed are not all$/,
    });
  });
});
