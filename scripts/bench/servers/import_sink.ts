/** Takes imports. It leaves the body as it is, since looking at it would cost as much as sending it, unless it is to check. */
import { gunzipSync } from "node:zlib";
import { orderId } from "../events.ts";

/** What a checking sink has seen. */
export interface SinkReport {
  requests: number;
  events: number;
  /** Different `$insert_id`s. */
  distinct: number;
  /** Integers beyond 2^53 that came as they were written, and those that should have come. */
  bigIntegers: number;
  expectedBigIntegers: number;
}

/** Answers each request after `latencyMs` milliseconds that all is well. */
export function importSink(latencyMs: number): (request: Request) => Promise<Response> {
  return async (request) => {
    await request.bytes();
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    return Response.json({ code: 200, status: "OK" });
  };
}

/** Counts what comes; a GET returns the `SinkReport` and starts over. */
export function checkingSink(events: number): (request: Request) => Promise<Response> {
  let expected = 0;
  for (let number = 0; number < events; number++) if (orderId(number) !== undefined) expected++;
  let seen = new Set<string>();
  let orders = new Set<string>();
  let report = { requests: 0, events: 0 };
  const valid = new Set(Array.from({ length: events }, (_, number) => orderId(number)));
  return async (request) => {
    if (request.method === "GET") {
      const { requests, events } = report;
      const all: SinkReport = {
        requests,
        events,
        distinct: seen.size,
        bigIntegers: orders.size,
        expectedBigIntegers: expected,
      };
      seen = new Set();
      orders = new Set();
      report = { requests: 0, events: 0 };
      return Response.json(all);
    }
    const bytes = await request.bytes();
    const isGzip = request.headers.get("content-encoding") === "gzip";
    const text = new TextDecoder().decode(isGzip ? gunzipSync(bytes) : bytes);
    const ids = text.match(/"\$insert_id":"[^"]*"/g) ?? [];
    for (const id of ids) seen.add(id);
    for (const [, order] of text.matchAll(/"order_id":(\d+)/g)) if (valid.has(order)) orders.add(order as string);
    report.requests++;
    report.events += ids.length;
    return Response.json({ code: 200, num_records_imported: ids.length, status: "OK" });
  };
}
