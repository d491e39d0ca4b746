import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { createClient } from "../../../src/client/client.ts";
import type { Client } from "../../../src/client/types.ts";
import { lineRecords } from "../../../src/records/read/line_records.ts";
import { importBlocks } from "../../../src/jobs/import/import_events.ts";
import type { RejectedRecord } from "../../../src/jobs/import/batch.ts";
import { type Handler, type RunningServer, serve } from "../../../src/runtime/network/server.ts";
import { createTransport } from "../../../src/runtime/network/transport.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { chunked } from "../../streams/chunked.ts";

const servers: RunningServer[] = [];
after(() => Promise.all(servers.map((server) => server.stop())));

/** The real client, before a server that answers as the handler says. Time does not pass. */
function clientOf(handler: Handler): Client {
  const server = serve(handler, { hostname: "127.0.0.1", port: 0 });
  servers.push(server);
  return createClient({
    region: "us",
    baseUrl: `http://127.0.0.1:${server.port}`,
    projectId: "17",
    credentials: { serviceAccount: { username: "robot", secret: "s3cr3t-of-the-lab" } },
    timeoutMs: 5000,
    pacing: false,
    proxy: {},
  }, {
    transport: createTransport({ proxy: {} }),
    clock: fakeClock(0, 0),
    userAgent: "mp-test",
  });
}

const event = (number: number) =>
  `{"event":"Köln","properties":{"time":1780000000,"distinct_id":"u-${number}","$insert_id":"i-${number}"}}\n`;
const events = (count: number) => Array.from({ length: count }, (_, index) => event(index)).join("");
describe("an import over HTTP", () => {
  it("sends compressed lines as they were, and reads which were refused", async () => {
    const received: string[] = [];
    const client = clientOf(async (request) => {
      const url = new URL(request.url);
      assert.equal(`${url.pathname}${url.search}`, "/import?project_id=17&strict=1");
      assert.equal(request.headers.get("content-type"), "application/x-ndjson");
      assert.equal(request.headers.get("content-encoding"), "gzip");
      const lines = gunzipSync(new Uint8Array(await request.arrayBuffer())).toString();
      received.push(lines);
      const index = lines.split("\n").findIndex((line) => line.includes('"u-2001"'));
      if (index < 0) return Response.json({ code: 200, num_records_imported: 2000, status: "OK" });
      return Response.json({
        code: 400,
        error: "some data points in the request failed validation",
        status: "Bad Request",
        num_records_imported: 499,
        failed_records: [{ index, insert_id: "i-2001", field: "properties.time", message: "no such time" }],
      }, { status: 400 });
    });
    const rejected: RejectedRecord[] = [];
    const source = { name: "events.jsonl", open: () => chunked(events(2500), 10_000) };
    const summary = await importBlocks(client, lineRecords([source]), {
      clock: fakeClock(Date.UTC(2026, 10, 1)),
      concurrency: 1,
      onReject: (record) => void rejected.push(record),
    });
    assert.equal(received.join(""), events(2500));
    assert.deepEqual([summary.accepted, summary.rejected, summary.notSent], [2499, 1, 0]);
    assert.deepEqual(rejected.map(({ line, reason }) => [line, reason]), [[2002, "no such time"]]);
  });

  it("sends a batch again when the server is busy, and counts it once", async () => {
    let requests = 0;
    const client = clientOf(async (request) => {
      await request.arrayBuffer();
      if (++requests < 3) return Response.json({ code: 429, error: "Project exceeded rate limits." }, { status: 429 });
      return Response.json({ code: 200, num_records_imported: 10, status: "OK" });
    });
    const source = { name: "events.jsonl", open: () => chunked(events(10), 1000) };
    const summary = await importBlocks(client, lineRecords([source]), { clock: fakeClock(Date.UTC(2026, 10, 1)) });
    assert.deepEqual([requests, summary.accepted, summary.notSent], [3, 10, 0]);
  });

  it("stops when the credentials are refused", async () => {
    const client = clientOf(() =>
      Response.json({ code: 401, error: "Not a valid service account username", status: "Unauthorized" }, {
        status: 401,
      })
    );
    const source = { name: "events.jsonl", open: () => chunked(events(10), 1000) };
    await assert.rejects(importBlocks(client, lineRecords([source]), { clock: fakeClock(Date.UTC(2026, 10, 1)) }), {
      exitCode: 2,
    });
  });
});
