/** Sends live events from files or a pipe. */
import { MAX_EVENTS_PER_REQUEST, track, type TrackedEvent, type TrackOptions } from "../../api/ingestion.ts";
import type { Client } from "../../client/types.ts";
import { parseExactJson } from "../../streams/json/json.ts";
import { deliverRecords, type DeliveryOptions } from "./deliver.ts";
import { type DeliverySummary, resumeBySkipping } from "./delivery_summary.ts";
import { lineRecords } from "../../records/read/line_records.ts";
import { EVENTS_REPEATED } from "./import_events.ts";
import { eventCheck } from "../../records/check/event_check.ts";
import { type ReadWith, withoutRejection } from "../../records/read/rejected_lines.ts";
import type { RecordSource } from "../../records/read/record_source.ts";

/** What a delivery of live events is told besides its sources. */
export type TrackEventsOptions =
  & Pick<DeliveryOptions, "clock" | "earlier" | "signal" | "keepsRaw" | "onReject" | "progress">
  & Pick<TrackOptions, "encoding" | "ip" | "strict" | "test" | "verbose_answer">
  & { onBytes?(bytes: number): void };

/** Live events are few, and small requests answer sooner; the body's limit of `/track` is not published. */
const MAX_REQUEST_BYTES = 1_000_000;
const CONCURRENCY = 2;

/** What the file of rejected events says, so that it comes back here. */
export const REJECTED_HERE: ReadWith = { command: "track" };

/**
 * Checks and sends all events of the sources to `/track`. Events without a time get the moment at which they are read.
 *
 * `/track` refuses a request without saying which of its events it means, so what can be checked is checked before.
 *
 * @throws DeliveryStoppedError when a request is refused or cannot be sent.
 */
export async function trackSources(
  client: Client,
  sources: readonly RecordSource[],
  options: TrackEventsOptions,
): Promise<DeliverySummary> {
  const { encoding, ip, strict, test, verbose_answer, onBytes, ...rest } = options;
  const lines = lineRecords(sources, { onBytes, signal: options.signal });
  return await deliverRecords(withoutRejection(lines, false, REJECTED_HERE), async (batch, signal) => {
    const events = batch.texts().map((text) => parseExactJson(text) as TrackedEvent);
    await track(client, events, { encoding, ip, strict, test, verbose_answer, signal, once: true });
    return { accepted: batch.count, rejected: [] };
  }, {
    ...rest,
    concurrency: CONCURRENCY,
    limits: { records: MAX_EVENTS_PER_REQUEST, bytes: MAX_REQUEST_BYTES },
    check: eventCheck({ nameless: ip }),
    // Every event has an `$insert_id`.
    repeatable: true,
    resuming: resumeBySkipping(EVENTS_REPEATED),
  });
}
