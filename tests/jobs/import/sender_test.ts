import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ErrorDetails, MpError } from "../../../src/errors.ts";
import { type Batch, BatchBuilder } from "../../../src/jobs/import/batch.ts";
import {
  type BatchOutcome,
  type DeliveryOutcome,
  type SendBatch,
  Sender,
  type SenderOptions,
} from "../../../src/jobs/import/sender.ts";
import { type FakeClock, fakeClock } from "../../helpers/fake_clock.ts";
import { type JobProgress, SILENT_PROGRESS } from "../../../src/jobs/progress.ts";

const encoder = new TextEncoder();
const error = (details: Partial<ErrorDetails>) => new MpError("no", { category: "server", ...details });
const accept = (batch: Batch): BatchOutcome => ({ accepted: batch.count, rejected: [] });

function batchOf(first: number, count: number): Batch {
  const builder = new BatchBuilder(1_000_000);
  for (let line = first; line < first + count; line++) builder.add(encoder.encode(`{"n":${line}}`), "a.jsonl", line);
  return builder.batch();
}

/** Sends batches of ten records, each when there is room, and returns what became of them. */
async function deliverAll(send: SendBatch, batches: number, options: Partial<SenderOptions> & { clock: FakeClock }) {
  const sender = new Sender(send, { concurrency: 20, repeatable: true, ...options }, undefined);
  const outcome: DeliveryOutcome = { accepted: 0, rejected: [], inDoubt: 0 };
  const running: Promise<void>[] = [];
  let failure: unknown;
  for (let index = 0; index < batches; index++) {
    const batch = batchOf(index * 10 + 1, 10);
    if (!await sender.enter(batch)) break;
    running.push(sender.deliver(batch, outcome).catch((error) => void (failure ??= error)));
  }
  await Promise.all(running);
  return { outcome, failure, requests: sender.requests };
}

describe("sending batches", () => {
  it("outlasts a storm of 429s, with fewer and fewer requests at the same time", async () => {
    const clock = fakeClock(0, 0);
    let running = 0;
    let most = 0;
    let refusals = 0;
    const seen = new Set<number>();
    const send: SendBatch = async (batch) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      clock.advance(10);
      if (clock.now() < 20_000) {
        refusals++;
        throw error({ status: 429, category: "rate_limited" });
      }
      assert.equal(seen.has(batch.placeOf(0).line), false);
      seen.add(batch.placeOf(0).line);
      return accept(batch);
    };
    const waits: (string | undefined)[] = [];
    const progress: JobProgress = { ...SILENT_PROGRESS, wait: (wait) => void waits.push(wait?.reason) };
    const { outcome, failure } = await deliverAll(send, 60, { clock, progress });
    assert.equal(failure, undefined);
    assert.deepEqual([outcome.accepted, outcome.rejected.length, seen.size], [600, 0, 60]);
    assert.ok(refusals > 0 && most <= 20, `${refusals} refusals, ${most} at once`);
    assert.equal(waits.filter((reason) => reason === "rate limited").length, refusals);
    // The delivery goes on when no batch waits any more.
    assert.equal(waits.at(-1), undefined);
    const isOver = waits.map((reason) => reason === undefined);
    assert.ok(isOver.every((over, index) => !over || !isOver[index - 1]), "each end follows a wait");
  });

  it("gives a batch up after ten tries, and then begins no other one", async () => {
    const clock = fakeClock(0, 0);
    const { failure, requests, outcome } = await deliverAll(() => Promise.reject(error({ status: 503 })), 5, {
      clock,
      concurrency: 1,
    });
    assert.equal((failure as MpError).status, 503);
    assert.deepEqual([requests, outcome.accepted, clock.sleeps.length], [10, 0, 9]);
  });

  it("keeps the order where one request is sent at a time, also when one has to wait", async () => {
    const sent: number[] = [];
    const { outcome } = await deliverAll(
      (batch) => {
        sent.push(batch.placeOf(0).line);
        if (sent.length === 2 || sent.length === 3) return Promise.reject(error({ status: 503 }));
        return Promise.resolve(accept(batch));
      },
      4,
      { clock: fakeClock(0, 0), concurrency: 1 },
    );
    assert.deepEqual(sent, [1, 11, 11, 11, 21, 31]);
    assert.equal(outcome.accepted, 40);
  });

  it("does not repeat what may have been carried out, unless it was turned away at the door", async () => {
    const lost = error({ category: "network", code: "reset" });
    for (const [first, requests] of [[lost, 1], [error({ status: 500 }), 1], [error({ status: 429 }), 2]] as const) {
      let calls = 0;
      const result = await deliverAll(
        (batch) => ++calls === 1 ? Promise.reject(first) : Promise.resolve(accept(batch)),
        1,
        {
          clock: fakeClock(0, 0),
          repeatable: false,
        },
      );
      assert.deepEqual([result.requests, result.failure], [requests, requests === 1 ? first : undefined]);
    }
  });

  it("never repeats what was refused", async () => {
    const refused = error({ status: 400, category: "input" });
    const { requests, failure } = await deliverAll(() => Promise.reject(refused), 1, { clock: fakeClock(0, 0) });
    assert.deepEqual([requests, failure], [1, refused]);
  });

  it("halves what is too large until single records are left, and ends", async () => {
    const tooLarge = error({ status: 413, category: "input", serverMessage: "too large" });
    const limits: (number | undefined)[] = [];
    const { outcome, failure } = await deliverAll(() => Promise.reject(tooLarge), 1, {
      clock: fakeClock(0, 0),
      onTooLarge: (_bytes, limit) => void limits.push(limit),
    });
    assert.equal(failure, undefined);
    assert.deepEqual(outcome.rejected.map(({ line, reason, count }) => [line, reason, count]), [
      ...Array.from({ length: 10 }, (_, index) => [index + 1, "too large", 1]),
    ]);
    assert.equal(limits.length, 9);
  });

  it("keeps account of the half of a batch that was taken when the other fails", async () => {
    const { outcome, failure } = await deliverAll(
      (batch) => {
        if (batch.count > 5) return Promise.reject(error({ status: 413, category: "input" }));
        if (batch.placeOf(0).line === 1) return Promise.resolve(accept(batch));
        return Promise.reject(error({ status: 401, category: "auth" }));
      },
      1,
      { clock: fakeClock(0, 0) },
    );
    assert.equal((failure as MpError).status, 401);
    assert.equal(outcome.accepted, 5);
  });

  it("holds no more than 48 MiB in flight, but always one batch", async () => {
    let bytes = 0;
    let most = 0;
    const sender = new Sender(
      async (batch) => {
        most = Math.max(most, bytes += batch.bytes.length);
        await new Promise((resolve) => setImmediate(resolve));
        bytes -= batch.bytes.length;
        return accept(batch);
      },
      { concurrency: 20, repeatable: true, clock: fakeClock() },
      undefined,
    );
    const running: Promise<void>[] = [];
    for (const megabytes of [20, 20, 20, 60, 20]) {
      const builder = new BatchBuilder(1_000_000);
      builder.add(new Uint8Array(megabytes * 1024 * 1024), "a", 1);
      const batch = builder.batch();
      assert.equal(await sender.enter(batch), true);
      running.push(sender.deliver(batch, { accepted: 0, rejected: [], inDoubt: 0 }));
    }
    await Promise.all(running);
    assert.ok(most <= 61 * 1024 * 1024, `${most} bytes`);
  });

  it("ends its waits when the caller gives up", async () => {
    const controller = new AbortController();
    const clock = {
      ...fakeClock(0, 0),
      sleep: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
          setImmediate(() => controller.abort(error({ category: "interrupted" })));
        }),
    };
    const send: SendBatch = () => Promise.reject(error({ status: 429, category: "rate_limited" }));
    const sender = new Sender(send, { concurrency: 4, repeatable: true, clock }, controller.signal);
    const batch = batchOf(1, 10);
    await sender.enter(batch);
    await assert.rejects(sender.deliver(batch, { accepted: 0, rejected: [], inDoubt: 0 }), { status: 429 });
    assert.equal(await sender.enter(batch), false);
  });
});
