import assert from "node:assert/strict";
import { importBlocks } from "../../../src/jobs/import/import_events.ts";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import type { WireRequest } from "../../../src/client/types.ts";
import { MpError } from "../../../src/errors.ts";
import { DeliveryStoppedError, emptySummary } from "../../../src/jobs/import/delivery_summary.ts";
import { lineRecords } from "../../../src/records/read/line_records.ts";
import { chunked } from "../../streams/chunked.ts";
import { fakeClient, linesOf, type Responder } from "../fake_client.ts";
import { clock, event, eventLines, failure, ok, pipe, run, unreachable } from "./import_lab.ts";

describe("an import that stops", () => {
  it("says how many were sent and how to go on, and goes on there", async () => {
    const respond: Responder = (request) => {
      if (linesOf(request).includes(event(1500))) throw unreachable();
      return ok(request, undefined);
    };
    const options = { batchSize: 500, concurrency: 2 };
    const error = await failure("\n" + eventLines(5000), respond, options);
    assert.ok(error instanceof DeliveryStoppedError);
    assert.equal(error.message, "Cannot reach 127.0.0.1");
    assert.equal(error.category, "network");
    assert.match(error.hint ?? "", /^is it up\?; then run the command again with --skip-lines 1501 to go on/);
    const { read, accepted, rejected, notSent } = error.summary;
    assert.equal(accepted + rejected + notSent, read);
    assert.ok(accepted >= 1500 && read < 5000, `accepted ${accepted} of ${read}`);

    const { summary, requests } = await run("\n" + eventLines(5000), ok, {
      earlier: { records: 1501, summary: emptySummary() },
    });
    assert.equal(summary.read, 3500);
    assert.equal(linesOf(requests[0] as WireRequest)[0], event(1500));
  });

  it("does not skip an unanswered request when later ones were answered", async () => {
    let release = () => {};
    const later = new Promise<void>((resolve) => release = resolve);
    const respond: Responder = async (request) => {
      if (!linesOf(request).includes(event(100))) {
        if (linesOf(request).includes(event(200))) release();
        return ok(request, undefined);
      }
      await later;
      throw unreachable();
    };
    const error = await failure(eventLines(1000), respond, { batchSize: 100, concurrency: 4 });
    assert.ok(error instanceof DeliveryStoppedError);
    assert.equal(error.settledRecords, 100);
    assert.ok(error.summary.accepted >= 200);
  });

  it("accounts for what was read although nothing was taken", async () => {
    const error = await failure(`{"event":""}\n${eventLines(10)}`, () => Promise.reject(unreachable()));
    assert.ok(error instanceof DeliveryStoppedError);
    const { read, accepted, rejected, notSent } = error.summary;
    assert.deepEqual({ read, accepted, rejected, notSent }, { read: 11, accepted: 0, rejected: 1, notSent: 10 });
    assert.equal(error.hint, "is it up?");
  });

  it("is the error itself when nothing was read", async () => {
    const error = await failure("[]", ok);
    assert.ok(!(error instanceof DeliveryStoppedError));
  });

  it("does not believe an answer that says nothing", async () => {
    for (const answer of ["{}", '{"status":"received"}']) {
      const error = await failure(eventLines(3), () => answer);
      assert.ok(error instanceof DeliveryStoppedError);
      assert.deepEqual([error.code, error.summary.accepted, error.summary.inDoubt], ["unexpected_answer", 0, 3]);
    }
  });

  it("takes an answer that says that all is well in any of the known ways", async () => {
    for (const answer of ['{"code":200,"error":null,"status":1}', '{"error":null,"status":1}', '{"status":"OK"}']) {
      assert.equal((await run(eventLines(3), () => answer)).summary.accepted, 3);
    }
  });

  it("stops at Ctrl-C, and says what was sent", async () => {
    const controller = new AbortController();
    const interrupted = new MpError("Interrupted", { category: "interrupted" });
    let calls = 0;
    const respond: Responder = (request, signal) => {
      if (++calls === 3) controller.abort(interrupted);
      if (signal?.aborted) throw new DOMException("aborted", "AbortError");
      return ok(request, undefined);
    };
    const options = { batchSize: 100, concurrency: 1, signal: controller.signal };
    const error = await failure(eventLines(1000), respond, options);
    assert.ok(error instanceof DeliveryStoppedError);
    assert.deepEqual([error.exitCode, error.summary.accepted, error.settledRecords], [130, 200, 200]);
  });

  it("stops at Ctrl-C while it waits for a pipe that nobody writes into", async () => {
    const controller = new AbortController();
    const client = fakeClient(ok);
    const idle = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
    const importing = importBlocks(
      client,
      lineRecords([{ name: "standard input", open: () => idle }], { signal: controller.signal }),
      {
        clock: clock(),
        signal: controller.signal,
      },
    );
    controller.abort(new MpError("Interrupted", { category: "interrupted" }));
    await assert.rejects(importing, { exitCode: 130 });
  });

  it("stops at damaged input, after the whole requests before it", async () => {
    const bytes = gzipSync(eventLines(20_000));
    const client = fakeClient(ok);
    const sources = [{ name: "a.gz", open: () => chunked(bytes.subarray(0, bytes.length - 9), 64) }];
    await assert.rejects(importBlocks(client, lineRecords(sources), { clock: clock(), batchSize: 100 }), (error) => {
      assert.ok(error instanceof DeliveryStoppedError);
      assert.equal(error.category, "input");
      assert.match(error.message, /^Cannot decompress a\.gz: .*ends? (too )?early/);
      return error.summary.accepted > 0 && error.summary.accepted < 20_000;
    });
  });
});

describe("an import that meets a fault of its own", () => {
  it("still says what was sent, and how to go on", async () => {
    const blocks = async function* () {
      yield* lineRecords(pipe(eventLines(250)));
      throw new RangeError("out of everything");
    };
    const client = fakeClient(ok);
    await assert.rejects(importBlocks(client, blocks(), { clock: clock(), batchSize: 100 }), (error) => {
      assert.ok(error instanceof DeliveryStoppedError);
      assert.deepEqual([error.category, error.code], ["failure", "bug"]);
      assert.equal(error.message, "Something went wrong: out of everything");
      assert.match(error.hint ?? "", /^this is a fault of mp; .*; then run the command again with --skip-lines 200 /);
      assert.ok((error.cause as Error).cause instanceof RangeError);
      return error.summary.accepted === 200;
    });
  });
});

describe("an import in flight", () => {
  it("has as many requests as it may, and no more, and reads no further", async () => {
    let running = 0;
    let most = 0;
    let read = 0;
    async function* endlessly() {
      for (let number = 0; number < 10_000; number += 100) {
        read += 100;
        yield new TextEncoder().encode(eventLines(100));
        await Promise.resolve();
      }
    }
    const respond: Responder = async (request) => {
      most = Math.max(most, ++running);
      assert.ok(read <= 100 * (3 + 2) + 100 * Math.max(0, client.requests.length - 3), `read ${read}`);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return await ok(request, undefined);
    };
    const client = fakeClient(respond);
    const sources = [{ name: "pipe", open: endlessly }];
    const summary = await importBlocks(client, lineRecords(sources), {
      clock: clock(),
      batchSize: 100,
      concurrency: 3,
    });
    assert.equal(summary.accepted, 10_000);
    assert.equal(most, 3);
  });

  it("checks everything, sends nothing and shows the first request when it is only tried", async () => {
    const shown: string[] = [];
    const { summary, requests } = await run(eventLines(3000) + "bad\n", ok, {
      onFirstBatch: (lines) => void shown.push(new TextDecoder().decode(lines)),
    });
    assert.equal(requests.length, 0);
    assert.deepEqual([summary.read, summary.accepted, summary.rejected, summary.notSent], [3001, 0, 1, 3000]);
    assert.deepEqual(shown, [eventLines(2000)]);
  });
});
