/** What the tests of imports share: events, answers, and an import with a client that answers from a function. */
import assert from "node:assert/strict";
import { RejectedRecordsError } from "../../../src/client/rejected_records.ts";
import { MpError } from "../../../src/errors.ts";
import { lineRecords } from "../../../src/records/read/line_records.ts";
import { importBlocks, type ImportOptions } from "../../../src/jobs/import/import_events.ts";
import type { RejectedRecord } from "../../../src/jobs/import/batch.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { chunked } from "../../streams/chunked.ts";
import { fakeClient, linesOf, type Responder } from "../fake_client.ts";

export const encoder = new TextEncoder();
export const nowMs = Date.UTC(2026, 10, 1);
export const clock = () => fakeClock(nowMs);

export const event = (number: number, more = "") =>
  `{"event":"E","properties":{"time":1780000000,"distinct_id":"u-${number}","$insert_id":"i-${number}"${more}}}`;
export const eventLines = (count: number) =>
  Array.from({ length: count }, (_, index) => event(index)).join("\n") + "\n";

export const ok: Responder = (request) =>
  `{"code":200,"num_records_imported":${linesOf(request).length},"status":"OK"}`;

export function refusal(imported: number, failed: unknown[]): RejectedRecordsError {
  return new RejectedRecordsError("Cannot POST api.mixpanel.com/import: refused", { status: 400 }, failed, imported);
}

export function pipe(content: string | Uint8Array, chunkBytes = 1024) {
  return [{ name: "standard input", open: () => chunked(content, chunkBytes) }];
}

export async function run(content: string | Uint8Array, respond: Responder = ok, options: Partial<ImportOptions> = {}) {
  const client = fakeClient(respond);
  const rejected: RejectedRecord[] = [];
  const summary = await importBlocks(client, lineRecords(pipe(content)), {
    clock: clock(),
    onReject: (record) => void rejected.push(record),
    ...options,
  });
  return { summary, rejected, requests: client.requests };
}

export async function failure(content: string, respond: Responder, options: Partial<ImportOptions> = {}) {
  try {
    await run(content, respond, options);
  } catch (error) {
    assert.ok(error instanceof MpError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "it did not fail" });
}

export const unreachable = () => new MpError("Cannot reach 127.0.0.1", { category: "network", hint: "is it up?" });
