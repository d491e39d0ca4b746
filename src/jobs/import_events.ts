/** Imports events from files or a pipe. */
import { call } from "../api/call.ts";
import { importEvents as operation, MAX_EVENTS_PER_REQUEST, MAX_IMPORT_BYTES } from "../api/ingestion.ts";
import { MpError } from "../errors.ts";
import type { Client } from "../client/types.ts";
import { deliver, type DeliveryOptions, type DeliverySummary, EVENTS_REPEATED } from "./deliver.ts";
import type { RecordSource } from "./record_source.ts";
import { eventCheck, type PreparedRecord } from "./record_check.ts";
import { batchOutcome, refusedRecords } from "./refusals.ts";

/** What an import is told besides its sources. */
export type ImportOptions =
  & Pick<DeliveryOptions, "now" | "skipLines" | "signal" | "onReject" | "onProgress">
  & {
    /** Requests at the same time. Default 4. */
    concurrency?: number;
    /** Most events in a request. Default, and most: 2000. */
    batchSize?: number;
    /** Checks everything, sends nothing, and gives the first batch to `onFirstBatch`. */
    onFirstBatch?(lines: string[]): void;
  };

const DEFAULT_CONCURRENCY = 4;

function unclear(text: string): MpError {
  return new MpError("Cannot tell whether Mixpanel took the events: its answer does not say", {
    category: "server",
    code: "unexpected_answer",
    serverMessage: text.slice(0, 200),
  });
}

/**
 * Checks and sends all events of the sources, in requests of at most 2000.
 *
 * @throws DeliveryStoppedError when it cannot go on. Refusals of single events are no error: they are counted.
 */
export async function importEvents(
  client: Client,
  sources: readonly RecordSource[],
  options: ImportOptions,
): Promise<DeliverySummary> {
  const { concurrency = DEFAULT_CONCURRENCY, batchSize = MAX_EVENTS_PER_REQUEST, onFirstBatch, ...rest } = options;
  let first = onFirstBatch;
  const pretend = (records: readonly PreparedRecord[]) => {
    first?.(records.map((record) => record.text));
    first = undefined;
    return Promise.resolve({ accepted: 0, rejected: [] });
  };
  const send = async (records: readonly PreparedRecord[]) => {
    const events = records.map((record) => record.text);
    try {
      const answer = await call(client, operation, { events }, { signal: options.signal });
      const { num_records_imported: imported, code, status } = answer.result();
      // An answer that neither counts nor says that all is well is no reason to believe so.
      if (imported === undefined && code !== 200 && status !== "OK" && status !== 1) throw unclear(answer.text);
      return batchOutcome(records, imported, []);
    } catch (error) {
      const refusal = refusedRecords(error);
      if (refusal === undefined) throw error;
      return batchOutcome(records, refusal.importedCount, refusal.failedRecords, refusal.serverMessage);
    }
  };
  return await deliver(sources, onFirstBatch === undefined ? send : pretend, {
    ...rest,
    concurrency,
    limits: { records: Math.min(batchSize, MAX_EVENTS_PER_REQUEST), bytes: MAX_IMPORT_BYTES },
    check: eventCheck(false),
    repeating: EVENTS_REPEATED,
  });
}
