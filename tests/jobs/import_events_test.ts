import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { RejectedRecordsError } from "../../src/client/rejected_records.ts";
import type { WireRequest } from "../../src/client/types.ts";
import { MpError } from "../../src/errors.ts";
import { DeliveryStoppedError, emptySummary } from "../../src/jobs/import/delivery_summary.ts";
import { lineRecords } from "../../src/jobs/import/line_records.ts";
import { importBlocks, type ImportOptions } from "../../src/jobs/import_events.ts";
import type { RejectedRecord } from "../../src/jobs/record_check.ts";
import { openSources } from "../../src/jobs/record_source.ts";
import { fakeClock } from "../helpers/fake_clock.ts";
import { chunked } from "../streams/chunked.ts";
import { fakeClient, linesOf, recordsOf, type Responder } from "./fake_client.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const encoder = new TextEncoder();
const nowMs = Date.UTC(2026, 10, 1);
const folder = temporaryFolder();
const clock = () => fakeClock(nowMs);

const event = (number: number, more = "") =>
  `{"event":"E","properties":{"time":1780000000,"distinct_id":"u-${number}","$insert_id":"i-${number}"${more}}}`;
const eventLines = (count: number) => Array.from({ length: count }, (_, index) => event(index)).join("\n") + "\n";

const ok: Responder = (request) => `{"code":200,"num_records_imported":${linesOf(request).length},"status":"OK"}`;

function refusal(imported: number, failed: unknown[]): RejectedRecordsError {
  return new RejectedRecordsError("Cannot POST api.mixpanel.com/import: refused", { status: 400 }, failed, imported);
}

function pipe(content: string | Uint8Array, chunkBytes = 1024) {
  return [{ name: "standard input", open: () => chunked(content, chunkBytes) }];
}

async function run(content: string | Uint8Array, respond: Responder = ok, options: Partial<ImportOptions> = {}) {
  const client = fakeClient(respond);
  const rejected: RejectedRecord[] = [];
  const summary = await importBlocks(client, lineRecords(pipe(content)), {
    clock: clock(),
    onReject: (record) => void rejected.push(record),
    ...options,
  });
  return { summary, rejected, requests: client.requests };
}

async function failure(content: string, respond: Responder, options: Partial<ImportOptions> = {}) {
  try {
    await run(content, respond, options);
  } catch (error) {
    assert.ok(error instanceof MpError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "it did not fail" });
}

const unreachable = () => new MpError("Cannot reach 127.0.0.1", { category: "network", hint: "is it up?" });

describe("an import", () => {
  it("sends strict ndjson to /import, compressed, with the project in the query", async () => {
    const { requests } = await run(eventLines(2));
    assert.equal(requests.length, 1);
    const { method, family, path, query, body, projectInQuery, repeatable, auth } = requests[0] as WireRequest;
    assert.deepEqual([method, family, path, query], ["POST", "ingestion", "/import", [["strict", "1"]]]);
    assert.deepEqual(body, { kind: "ndjson", bytes: encoder.encode(eventLines(2)), gzip: true });
    assert.deepEqual([projectInQuery, repeatable], [true, true]);
    assert.deepEqual(auth, ["service_account", "oauth", "project_secret", "project_token"]);
  });

  it("sends lines as they were written, with every digit", async () => {
    const lines = [
      event(1, ',"big":9223372036854775807,"price":1.10'),
      ' {"properties" :{"time":1780000000,' +
      '"distinct_id":"u","$insert_id":"x"}, "event":"Köln 🙂\u2028"} ',
    ];
    const { requests, summary } = await run(lines.join("\r\n") + "\r\n\r\n");
    assert.deepEqual(linesOf(requests[0] as WireRequest), lines.map((line) => line.trim()));
    assert.equal(summary.read, 2);
  });

  it("makes requests of at most 2000 events, and accounts for all", async () => {
    const { requests, summary } = await run(eventLines(4500));
    assert.deepEqual(requests.map((request) => linesOf(request).length).sort(), [2000, 2000, 500].sort());
    const { read, accepted, rejected, notSent, requests: count } = summary;
    assert.deepEqual({ read, accepted, rejected, notSent, count }, {
      read: 4500,
      accepted: 4500,
      rejected: 0,
      notSent: 0,
      count: 3,
    });
  });

  it("keeps requests below the limit of bytes", async () => {
    const large = Array.from({ length: 12 }, (_, index) => event(index, `,"text":"${"é".repeat(450_000)}"`)).join("\n");
    const { requests, summary } = await run(large);
    assert.equal(summary.accepted, 12);
    assert.deepEqual(requests.map((request) => linesOf(request).length), [10, 2]);
  });

  it("rejects what breaks a rule, with line and reason, and sends the rest", async () => {
    const lines = [
      event(1),
      '{"event":"E","properties":{"distinct_id":"u"}}',
      "not json",
      "",
      "[1]",
      event(2, `,"text":"${"x".repeat(1024 * 1024)}"`),
      event(3),
    ];
    const { summary, rejected, requests } = await run(lines.join("\n"));
    assert.deepEqual(rejected.map(({ line, reason }) => [line, reason.replace(/\d{4,}/, "N")]), [
      [2, "'properties.time' is invalid: must not be missing"],
      [3, "not valid JSON"],
      [5, "must be a JSON object"],
      [6, "larger than 1 MB (N bytes)"],
    ]);
    assert.equal(rejected[1]?.text, "not json");
    assert.deepEqual(recordsOf(requests[0] as WireRequest).map((one) => one.properties.$insert_id), ["i-1", "i-3"]);
    assert.deepEqual([summary.read, summary.accepted, summary.rejected], [6, 2, 4]);
  });

  it("rejects text that is not UTF-8 instead of changing it", async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode(event(1) + "\n"), 0x7b, 0xff, 0x7d, 0x0a]);
    const { rejected, summary } = await run(bytes);
    assert.deepEqual(rejected.map(({ line, reason }) => [line, reason]), [[2, "not valid UTF-8"]]);
    assert.equal(summary.accepted, 1);
  });

  it("sends nothing when nothing may be sent", async () => {
    const { summary, requests } = await run("x\ny\n");
    assert.deepEqual([summary.read, summary.rejected, requests.length], [2, 2, 0]);
    assert.equal((await run("")).summary.read, 0);
  });

  it("gives records without an $insert_id the same one each time", async () => {
    const text = '{"event":"E","properties":{"time":1780000000,"distinct_id":"u"}}\n';
    const [first, second] = [await run(text), await run(text)];
    const line = linesOf(first.requests[0] as WireRequest)[0] as string;
    assert.match(
      line,
      /^{"event":"E","properties":{"\$insert_id":"[0-9a-f]{36}","time":1780000000,"distinct_id":"u"}}$/,
    );
    assert.deepEqual(linesOf(second.requests[0] as WireRequest), [line]);
  });

  it("reads the lines wherever its input is cut, compressed or not, with a byte order mark", async () => {
    const text = "\ufeff" + eventLines(3).replaceAll("\n", "\r\n");
    for (const content of [new TextEncoder().encode(text), gzipSync(text)]) {
      for (const size of [1, 7, 4096]) {
        const client = fakeClient(ok);
        const summary = await importBlocks(client, lineRecords(pipe(content, size)), { clock: clock() });
        assert.equal(summary.accepted, 3);
        assert.equal(linesOf(client.requests[0] as WireRequest).join("\n") + "\n", eventLines(3));
      }
    }
  });

  it("reads several files, and names the file and its own line number", async () => {
    const paths = [
      folder.write("one.jsonl", event(1) + "\nbad\n"),
      folder.write("two.jsonl.gz", gzipSync("worse\n" + event(2))),
    ];
    const rejected: RejectedRecord[] = [];
    let bytes = 0;
    const sources = await openSources(paths, { stream: () => new Blob([]).stream() });
    const summary = await importBlocks(fakeClient(ok), lineRecords(sources, (more) => void (bytes += more)), {
      clock: clock(),
      onReject: (record) => void rejected.push(record),
    });
    assert.equal(summary.accepted, 2);
    assert.deepEqual(rejected.map(({ source, line }) => [source, line]), [[paths[0], 2], [paths[1], 1]]);
    assert.equal(bytes, sources.reduce((sum, source) => sum + (source.sizeBytes ?? 0), 0));
  });

  it("refuses a JSON list and a missing file before anything is sent", async () => {
    const list = await failure(`\n${event(1)}`.replace(/^/, "  ["), ok);
    assert.equal(list.message, "Cannot read standard input: it is a JSON list, not JSON Lines");
    assert.match(list.hint ?? "", /jq -c/);
    const stdin = { stream: () => new Blob([]).stream() };
    await assert.rejects(openSources([folder.path("nowhere")], stdin), { message: /no such file$/ });
  });
});

describe("an import that the server refuses in part", () => {
  it("counts what was taken and names the lines that were not", async () => {
    const respond: Responder = (request) => {
      const failed = recordsOf(request).flatMap((record, index) =>
        record.properties.$insert_id === "i-2500" ? [{ index, field: "event", message: "no good" }] : []
      );
      if (failed.length === 0) return ok(request, undefined);
      throw refusal(linesOf(request).length - failed.length, failed);
    };
    const { summary, rejected } = await run(eventLines(3000), respond);
    assert.deepEqual([summary.accepted, summary.rejected, summary.notSent], [2999, 1, 0]);
    assert.deepEqual(rejected.map(({ line, reason, text }) => [line, reason, text]), [[2501, "no good", event(2500)]]);
  });

  it("goes on when a whole request is refused in plain words", async () => {
    const respond: Responder = (request) => {
      if (linesOf(request).length === 2000) throw refusal(0, ["identity events are not allowed"]);
      return ok(request, undefined);
    };
    const { summary, rejected } = await run(eventLines(2010), respond);
    assert.deepEqual([summary.accepted, summary.rejected], [10, 2000]);
    assert.equal(rejected.length, 2000);
    const { line, count, reason, text } = rejected[1999]!;
    assert.deepEqual([line, count, reason, text], [2000, 1, "identity events are not allowed", event(1999)]);
  });

  it("sends halves when a request is too large, and smaller ones from then on", async () => {
    const sizes: number[] = [];
    const respond: Responder = (request) => {
      const bytes = request.body?.kind === "ndjson" ? request.body.bytes.length : 0;
      sizes.push(linesOf(request).length);
      if (bytes <= 50_000) return ok(request, undefined);
      const serverMessage = "request exceeds max limit of 50000 bytes";
      throw new MpError("too large", { category: "input", status: 413, serverMessage });
    };
    const { summary } = await run(eventLines(4000), respond, { concurrency: 1 });
    assert.deepEqual([summary.accepted, summary.notSent], [4000, 0]);
    assert.deepEqual(sizes.slice(0, 7), [2000, 1000, 500, 500, 1000, 500, 500]);
    assert.ok(Math.max(...sizes.slice(7)) <= 50_000 / event(1).length, `later requests have ${sizes.slice(7)} events`);
  });

  it("rejects a single event that is too large for the server", async () => {
    const respond: Responder = (request) => {
      if (linesOf(request).some((line) => line.includes("i-1"))) {
        throw new MpError("too large", { category: "input", status: 413, serverMessage: "request exceeds max limit" });
      }
      return ok(request, undefined);
    };
    const { summary, rejected } = await run(eventLines(3), respond);
    assert.deepEqual([summary.accepted, summary.rejected], [2, 1]);
    assert.deepEqual(rejected.map(({ line, reason }) => [line, reason]), [[2, "request exceeds max limit"]]);
  });
});

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

  it("does not pass over an unanswered request when later ones were answered", async () => {
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
      assert.deepEqual([error.code, error.summary.accepted, error.summary.notSent], ["unexpected_answer", 0, 3]);
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
      lineRecords([{ name: "standard input", open: () => idle }], undefined, controller.signal),
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
