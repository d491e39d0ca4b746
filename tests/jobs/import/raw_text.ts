import type { RejectedRecord } from "../../../src/jobs/import/batch.ts";

/** The line that a rejected record was. */
export function rawText({ record }: Pick<RejectedRecord, "record">): string | undefined {
  return record !== undefined && "line" in record ? new TextDecoder().decode(record.line) : undefined;
}
