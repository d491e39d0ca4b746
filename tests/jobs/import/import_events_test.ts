import assert from "node:assert/strict";
import { importBlocks } from "../../../src/jobs/import/import_events.ts";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import type { WireRequest } from "../../../src/client/types.ts";
import { MpError } from "../../../src/errors.ts";
import { lineRecords } from "../../../src/records/read/line_records.ts";
import type { RejectedRecord } from "../../../src/jobs/import/batch.ts";
import { openSources } from "../../../src/records/read/open_sources.ts";
import type { RecordBlock } from "../../../src/records/read/record_block.ts";
import { chunked } from "../../streams/chunked.ts";
import { fakeClient, linesOf, recordsOf, type Responder } from "../fake_client.ts";
import { clock, encoder, event, eventLines, failure, ok, pipe, refusal, run } from "./import_lab.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { rawText } from "./raw_text.ts";

const folder = temporaryFolder();

describe("an import", () => {
  it("sends strict ndjson to /import, compressed, with the project in the query", async () => {
    const { requests } = await run(eventLines(2));
    assert.equal(requests.length, 1);
    const { method, family, path, query, body, projectIn, repeatable, auth } = requests[0] as WireRequest;
    assert.deepEqual([method, family, path, query], ["POST", "ingestion", "/import", [["strict", "1"]]]);
    assert.deepEqual(body, { kind: "ndjson", bytes: encoder.encode(eventLines(2)), gzip: true });
    assert.deepEqual([projectIn, repeatable], ["query", true]);
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
    const { summary, rejected, requests } = await run(lines.join("\n"), ok, { keepsRaw: true });
    assert.deepEqual(rejected.map(({ line, reason }) => [line, reason.replace(/\d{4,}/, "N")]), [
      [2, "'properties.time' is invalid: must not be missing"],
      [3, "not valid JSON"],
      [5, "must be a JSON object"],
      [6, "larger than 1 MB (N bytes)"],
    ]);
    assert.equal(rawText(rejected[1]!), "not json");
    assert.deepEqual(recordsOf(requests[0] as WireRequest).map((one) => one.properties.$insert_id), ["i-1", "i-3"]);
    assert.deepEqual([summary.read, summary.accepted, summary.rejected], [6, 2, 4]);
  });

  it("tells of large rejected records while it reads, and keeps none that nobody wants", async () => {
    const text = "x".repeat(5 * 1024 * 1024);
    const source = { name: "large.json", open: () => chunked("", 1) };
    for (const keepsRaw of [true, false]) {
      const told: RejectedRecord[] = [];
      let most = 0;
      const blocks = async function* (): AsyncGenerator<RecordBlock, void> {
        for (let index = 0; index < 6; index++) {
          const value = { event: "E", properties: { time: 1780000000, distinct_id: "u", $insert_id: "i", text } };
          yield { kind: "values", source, recordsBefore: index, values: [value], lineNumbers: [index + 1] };
          most = Math.max(most, index + 1 - told.length);
        }
      };
      const onReject = (record: RejectedRecord) => void told.push(record);
      const summary = await importBlocks(fakeClient(ok), blocks(), { clock: clock(), keepsRaw, onReject });
      assert.equal(summary.rejected, 6);
      assert.deepEqual(
        told.map(({ line, record }) => [line, record !== undefined]),
        [1, 2, 3, 4, 5, 6].map(
          (line) => [line, keepsRaw],
        ),
      );
      if (keepsRaw) assert.ok(most <= 2, `${most} records were held`);
    }
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
    const summary = await importBlocks(
      fakeClient(ok),
      lineRecords(sources, { onBytes: (more) => void (bytes += more) }),
      {
        clock: clock(),
        onReject: (record) => void rejected.push(record),
      },
    );
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
    assert.deepEqual(rejected.map((one) => [one.line, one.reason, rawText(one)]), [[2501, "no good", event(2500)]]);
  });

  it("goes on when a whole request is refused in plain words", async () => {
    const respond: Responder = (request) => {
      if (linesOf(request).length === 2000) throw refusal(0, ["identity events are not allowed"]);
      return ok(request, undefined);
    };
    const { summary, rejected } = await run(eventLines(2010), respond);
    assert.deepEqual([summary.accepted, summary.rejected], [10, 2000]);
    assert.equal(rejected.length, 2000);
    const { line, count, reason } = rejected[1999]!;
    assert.deepEqual([line, count, reason, rawText(rejected[1999]!)], [
      2000,
      1,
      "identity events are not allowed",
      event(1999),
    ]);
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
