/** Imports events, from whatever gives records in blocks. */
import {
  importEventLines,
  type ImportLinesOptions,
  MAX_EVENTS_PER_REQUEST,
  MAX_IMPORT_BYTES,
} from "../../api/ingestion.ts";
import { seenInstead } from "../../client/error_body.ts";
import { RejectedRecordsError } from "../../client/rejected_records.ts";
import type { Client } from "../../client/types.ts";
import { MpError } from "../../errors.ts";
import type { Batch } from "./batch.ts";
import { deliverRecords, type DeliveryOptions } from "./deliver.ts";
import { type DeliverySummary, resumeBySkipping } from "./delivery_summary.ts";
import { divideByIdentity, IDENTITY_REFUSAL, refusesIdentityEvents } from "./identity_events.ts";
import type { RecordBlock } from "../../records/read/record_block.ts";
import type { BatchOutcome, SendBatch } from "./sender.ts";
import { eventCheck } from "../../records/check/event_check.ts";
import { batchOutcome } from "./refusals.ts";

/** What an import is told besides its records. */
export type ImportOptions =
  & Pick<DeliveryOptions, "clock" | "earlier" | "signal" | "keepsRaw" | "onReject" | "onSettled" | "progress">
  & Partial<Pick<DeliveryOptions, "check" | "resuming">>
  & {
    /** Most requests at the same time. Default, and most: 20. */
    concurrency?: number;
    /** Whether the server checks every event, and how requests carry them; see `importEventLines`. */
    wire?: Pick<ImportLinesOptions, "strict" | "encoding">;
    /** Most events in a request. Default, and most: 2000. */
    batchSize?: number;
    /** Checks everything, sends nothing, and gives the lines of the first batch to `onFirstBatch`. */
    onFirstBatch?(lines: Uint8Array): void;
  };

/** As many senders as Mixpanel advises at most. */
export const MOST_SENDERS = 20;

/** What repeating an import does. */
export const EVENTS_REPEATED = "an event that is sent twice counts once";

/**
 * Checks and sends all events, in requests of at most 2000. Events without an `$insert_id` get one that follows from
 * their content; those that need no change are sent byte for byte as they came.
 *
 * @throws DeliveryStoppedError when it cannot go on. Refusals of single events are no error: they are counted.
 */
export async function importBlocks(
  client: Client,
  blocks: AsyncIterable<RecordBlock>,
  options: ImportOptions,
): Promise<DeliverySummary> {
  const { concurrency = MOST_SENDERS, batchSize = MAX_EVENTS_PER_REQUEST, wire, onFirstBatch, ...rest } = options;
  return await deliverRecords(blocks, onFirstBatch === undefined ? sender(client, wire) : pretender(onFirstBatch), {
    check: eventCheck(false),
    resuming: resumeBySkipping(EVENTS_REPEATED),
    ...rest,
    concurrency: Math.min(concurrency, MOST_SENDERS),
    limits: { records: Math.min(batchSize, MAX_EVENTS_PER_REQUEST), bytes: MAX_IMPORT_BYTES },
    // Every event has an `$insert_id`.
    repeatable: true,
  });
}

function sender(client: Client, wire: ImportOptions["wire"]): SendBatch {
  return async function send(batch, signal): Promise<BatchOutcome> {
    try {
      const answer = await importEventLines(client, batch.bytes, { ...wire, signal, once: true });
      const { num_records_imported: imported, code, status, failed_records: failed } = answer.result();
      // An answer that neither counts nor says that all is well is no reason to believe so.
      if (imported === undefined && code !== 200 && status !== "OK" && status !== 1) throw unclear(answer.text);
      return batchOutcome(batch, imported, Array.isArray(failed) ? failed : []);
    } catch (error) {
      if (!(error instanceof RejectedRecordsError)) throw error;
      const { importedCount, failedRecords, serverMessage } = error;
      const { identity, others } = refusesIdentityEvents(failedRecords)
        ? divideByIdentity(batch)
        : { identity: [], others: [] };
      if (identity.length === 0 || importedCount) {
        return batchOutcome(batch, importedCount, failedRecords, serverMessage);
      }
      const outcome = others.length === 0 ? { accepted: 0, rejected: [] } : await send(batch.pick(others), signal);
      const refused = identity.map((index) => batch.reject(index, IDENTITY_REFUSAL, "event"));
      return { accepted: outcome.accepted, rejected: [...refused, ...outcome.rejected] };
    }
  };
}

function pretender(onFirstBatch: (lines: Uint8Array) => void): SendBatch {
  let isFirst = true;
  return (batch: Batch) => {
    if (isFirst) onFirstBatch(batch.bytes.slice());
    isFirst = false;
    return Promise.resolve({ accepted: 0, rejected: [] });
  };
}

function unclear(text: string): MpError {
  return new MpError("Cannot tell whether Mixpanel took the events: its answer does not say", {
    category: "server",
    code: "unexpected_answer",
    serverMessage: seenInstead(text),
    inDoubt: true,
  });
}
