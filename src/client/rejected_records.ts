/** The error of an import that took some records and refused others. */
import { type ErrorDetails, MpError } from "../errors.ts";

/** Thrown when the server refused records one by one. What it did not refuse is imported. */
export class RejectedRecordsError extends MpError {
  constructor(
    message: string,
    details: Omit<ErrorDetails, "category" | "code">,
    /** As the server describes them: objects with `index`, `field` and `message`, or plain texts. */
    readonly failedRecords: readonly unknown[],
    /** How many the server says it took. */
    readonly importedCount?: number,
  ) {
    super(message, { ...details, category: (importedCount ?? 0) > 0 ? "partial" : "input", code: "rejected_records" });
  }
}
