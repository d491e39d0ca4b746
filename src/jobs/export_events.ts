/** Exports raw events: one request, streamed and checked. */
import type { z } from "zod";
import { stream } from "../api/call.ts";
import { exportEvents as operation } from "../api/export.ts";
import type { Client } from "../client/types.ts";
import { MpError } from "../errors.ts";
import { type EventCount, eventLines } from "../streams/event_lines.ts";
import type { ExportTarget } from "./export_target.ts";

export type ExportParams = z.input<typeof operation.params>;

export interface ExportOptions {
  signal?: AbortSignal;
  /** Told about events and their uncompressed bytes when they have been checked. */
  onProgress?(done: { records: number; bytes: number }): void;
}

/**
 * Exports events to a target, with memory that does not grow with them.
 *
 * Nothing is invented: only checked events reach the target. Nothing is lost: whatever the server or the network do to
 * end the stream early is an error, whose hint says where the events before it are.
 *
 * @throws MpError of the client, or of a stream that is not whole.
 */
export async function exportEvents(
  client: Client,
  params: ExportParams,
  target: ExportTarget,
  options: ExportOptions = {},
): Promise<EventCount> {
  const count: EventCount = { records: 0, bytes: 0 };
  try {
    const answer = await stream(client, operation, params, { signal: options.signal });
    const checked = eventLines(answer.stream(), count);
    await target.take(options.onProgress === undefined ? checked : observed(checked, count, options.onProgress));
    return count;
  } catch (error) {
    const cause = options.signal?.aborted ? options.signal.reason : error;
    const whereabouts = await target.afterFailure(count.bytes);
    if (!(cause instanceof MpError) || whereabouts === undefined) throw cause;
    const hint = cause.hint === undefined ? whereabouts : `${cause.hint}; ${whereabouts}`;
    throw new MpError(cause.message, { ...cause, hint, cause });
  }
}

async function* observed(
  source: AsyncIterable<Uint8Array>,
  count: EventCount,
  onProgress: NonNullable<ExportOptions["onProgress"]>,
): AsyncGenerator<Uint8Array, void> {
  let told: EventCount = { ...count };
  for await (const chunk of source) {
    onProgress({ records: count.records - told.records, bytes: count.bytes - told.bytes });
    told = { ...count };
    yield chunk;
  }
}
