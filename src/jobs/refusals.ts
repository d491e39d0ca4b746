/** Reads which records of a batch Mixpanel refused, from the answer of a strict import. */
import { RejectedRecordsError } from "../client/rejected_records.ts";
import type { BatchOutcome } from "./deliver.ts";
import type { PreparedRecord, RejectedRecord } from "./record_check.ts";

const UNEXPLAINED = "Mixpanel did not say why";

/** What a refused request says about its records; undefined when an error is about something else. */
export function refusedRecords(
  error: unknown,
): RejectedRecordsError | undefined {
  return error instanceof RejectedRecordsError ? error : undefined;
}

/**
 * What became of a batch.
 *
 * @param importedCount what the server says it took, when it says so
 * @param failedRecords objects with the index of a record, or plain texts that mean the whole batch
 * @param serverMessage the server's reason for what it does not name
 */
export function batchOutcome(
  records: readonly PreparedRecord[],
  importedCount: number | undefined,
  failedRecords: readonly unknown[],
  serverMessage = UNEXPLAINED,
): BatchOutcome {
  const named = new Map<number, RejectedRecord>();
  const general = new Set<string>();
  for (const failed of failedRecords) {
    const { index, field, message } = failedRecord(failed);
    const record = index === undefined ? undefined : records[index];
    if (index === undefined || record === undefined) {
      general.add(message);
      continue;
    }
    const { source, line, text } = record;
    const before = named.get(index);
    const reason = before === undefined ? message : `${before.reason}; ${message}`;
    named.set(index, { source, line, count: 1, field: before?.field ?? field, reason, text });
  }
  const most = records.length - named.size;
  const accepted = Math.min(most, importedCount ?? (general.size > 0 ? 0 : most));
  const rejected = [...named.values()].sort((a, b) => a.line - b.line);
  const unnamed = most - accepted;
  if (unnamed > 0) {
    const reason = general.size > 0 ? [...general].join("; ") : serverMessage;
    rejected.push(...unnamedRefusals(records, unnamed, reason));
  }
  return { accepted, rejected };
}

/** Records that the server does not name: each by itself when all are meant, else one entry that stands for some. */
function unnamedRefusals(records: readonly PreparedRecord[], count: number, reason: string): RejectedRecord[] {
  if (count === records.length) {
    return records.map(({ source, line, text }) => ({ source, line, count: 1, reason, text }));
  }
  const first = records[0] as PreparedRecord;
  const last = records[records.length - 1] as PreparedRecord;
  return [{ source: first.source, line: first.line, lastLine: last.line, count, reason }];
}

function failedRecord(failed: unknown): { index?: number; field?: string; message: string } {
  if (typeof failed === "string") return { message: failed };
  if (typeof failed !== "object" || failed === null) return { message: UNEXPLAINED };
  const { index, field, message } = failed as { index?: unknown; field?: unknown; message?: unknown };
  return {
    index: typeof index === "number" ? index : undefined,
    field: typeof field === "string" ? field : undefined,
    message: typeof message === "string" && message !== "" ? message : UNEXPLAINED,
  };
}
