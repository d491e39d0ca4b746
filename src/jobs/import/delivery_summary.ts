/** What became of the records of a delivery, in numbers. */
import { MpError } from "../../errors.ts";

/** Where a delivery stands. `read = accepted + rejected + skipped + inDoubt + notSent` when it has ended. */
export interface DeliverySummary {
  read: number;
  accepted: number;
  rejected: number;
  /** Nothing is wrong with them, but they are meant for something else than this import. */
  skipped: number;
  /** Sent, and no answer says what became of them. */
  inDoubt: number;
  /** Read and not sent. */
  notSent: number;
  requests: number;
  /** Of the records that were accepted or rejected by Mixpanel, before compression. */
  bytes: number;
  /** Repairs by their kind. */
  fixed: Record<string, number>;
}

export function emptySummary(): DeliverySummary {
  return { read: 0, accepted: 0, rejected: 0, skipped: 0, inDoubt: 0, notSent: 0, requests: 0, bytes: 0, fixed: {} };
}

/** Adds to the counts of repairs. */
export function addFixes(sum: Record<string, number>, more: Iterable<readonly [kind: string, count: number]>): void {
  for (const [kind, count] of more) sum[kind] = (sum[kind] ?? 0) + count;
}

/** A delivery that ended early. Everything until then is accounted for. */
export class DeliveryStoppedError extends MpError {
  /**
   * @param settledRecords how many records at the beginning of the input need no second look
   * @param resume how to go on
   */
  constructor(cause: MpError, readonly summary: DeliverySummary, readonly settledRecords: number, resume: string) {
    // Where nothing was taken, what fixes the cause is all there is to say.
    const isUntouched = summary.accepted === 0 && settledRecords === 0;
    const hint = isUntouched ? cause.hint : cause.hint && `${cause.hint}; then ${resume}`;
    // Whether it may be sent again is known here better than by a single request.
    super(cause.message, { ...cause, hint: (summary.inDoubt > 0 ? undefined : hint) ?? resume, cause });
  }
}

/** What is known of records in doubt, from what ended their delivery. */
export function doubtState(failure: unknown): string {
  const isAnswered = failure instanceof MpError && failure.code === "unexpected_answer";
  return isAnswered ? "in doubt: sent, and the answer was not understood" : "in doubt: sent, and not answered";
}

/**
 * How to go on after a delivery without a checkpoint.
 *
 * @param repeating what repeating a record does: `an event that is sent twice counts once`
 */
export function resumeBySkipping(repeating: string): (settledRecords: number) => string {
  return (settled) =>
    settled > 0
      ? `run the command again with --skip-lines ${settled} to go on; ${repeating}`
      : `run the command again; ${repeating}`;
}
