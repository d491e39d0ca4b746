/**
 * Delivers records in batches, several at once, and accounts for each: accepted, rejected with a reason, or not sent.
 * Memory holds the batches in flight and the one that is being filled.
 */
import { MpError } from "../errors.ts";
import { batches, type BatchLimits } from "../streams/batches.ts";
import { isRejected, type PreparedRecord, type RecordCheck, type RejectedRecord } from "./record_check.ts";
import { lineBlocks, type RecordSource } from "./record_source.ts";

/** Where a delivery stands. `read = accepted + rejected + notSent` when it has ended. */
export interface DeliverySummary {
  read: number;
  accepted: number;
  rejected: number;
  /** Read and not sent, or sent without an answer. */
  notSent: number;
  requests: number;
  /** Of the records that were accepted or rejected by Mixpanel, before compression. */
  bytes: number;
}

/** What the server did with a batch. */
export interface BatchOutcome {
  accepted: number;
  rejected: RejectedRecord[];
}

/** What repeating a delivery of events does: each has an `$insert_id`. */
export const EVENTS_REPEATED = "an event that is sent twice counts once";

export type SendBatch = (records: readonly PreparedRecord[]) => Promise<BatchOutcome>;

export interface DeliveryOptions {
  limits: BatchLimits;
  /** Decides what may be sent. */
  check: RecordCheck;
  /** What repeating a stopped delivery does, for the hint. */
  repeating: string;
  now(): number;
  /** Requests at the same time. */
  concurrency: number;
  /** Passes over this many lines at the beginning of the input. */
  skipLines?: number;
  signal?: AbortSignal;
  /** Told of each rejected record; the delivery waits for it. */
  onReject?(record: RejectedRecord): Promise<void> | void;
  /** Told about bytes when they are read, compressed or not, and about records when they are accounted for. */
  onProgress?(done: { bytes?: number; records?: number }): void;
}

/** A delivery that ended early. Everything until then is accounted for. */
export class DeliveryStoppedError extends MpError {
  constructor(cause: MpError, readonly summary: DeliverySummary, readonly settledLines: number, repeating: string) {
    const resume = settledLines > 0
      ? `run the command again with --skip-lines ${settledLines} to go on; ${repeating}`
      : `run the command again; ${repeating}`;
    // Where nothing was taken, what mends the cause is all there is to say.
    const isUntouched = summary.accepted === 0 && settledLines === 0;
    const hint = isUntouched ? cause.hint : cause.hint && `${cause.hint}; then ${resume}`;
    super(cause.message, {
      ...cause,
      hint: hint ?? resume,
      cause,
    });
  }
}

/**
 * Checks and sends all records of the sources.
 *
 * @throws DeliveryStoppedError when it cannot go on: a signal, damaged input, or an answer other than a refusal of
 * single records. Requests that are under way by then are waited for.
 */
export async function deliver(
  sources: readonly RecordSource[],
  send: SendBatch,
  options: DeliveryOptions,
): Promise<DeliverySummary> {
  const delivery = new Delivery(send, options);
  const records = delivery.check(lineBlocks(sources, (bytes) => options.onProgress?.({ bytes }), options.signal));
  const running = new Set<Promise<void>>();
  let failure: unknown;
  try {
    for await (const batch of batches(records, delivery.limits)) {
      const task: Promise<void> = delivery.send(batch)
        .catch((error) => void (failure ??= error))
        .finally(() => running.delete(task));
      running.add(task);
      if (running.size >= options.concurrency) await Promise.race(running);
      if (failure !== undefined) break;
    }
  } catch (error) {
    failure ??= error;
  }
  await Promise.all(running);
  const summary = delivery.summary;
  summary.notSent = summary.read - summary.accepted - summary.rejected;
  if (failure === undefined) return summary;
  const cause = options.signal?.aborted ? options.signal.reason : failure;
  if (!(cause instanceof MpError) || summary.read === 0) throw cause;
  throw new DeliveryStoppedError(cause, summary, delivery.settledLines(), options.repeating);
}

class Delivery {
  readonly summary: DeliverySummary = { read: 0, accepted: 0, rejected: 0, notSent: 0, requests: 0, bytes: 0 };
  readonly limits: BatchLimits;
  /** For each batch in order: the line after its last record, and whether all of it has been answered. */
  readonly #unsettled: { endLine: number; answered: boolean }[] = [];
  #settled: number;
  readonly #send: SendBatch;
  readonly #options: DeliveryOptions;

  constructor(send: SendBatch, options: DeliveryOptions) {
    this.#send = send;
    this.#options = options;
    this.limits = { ...options.limits };
    this.#settled = options.skipLines ?? 0;
  }

  /** The records that may be sent; the others are rejected on the way. */
  async *check(blocks: ReturnType<typeof lineBlocks>): AsyncGenerator<PreparedRecord[], void> {
    const { skipLines = 0, now, check } = this.#options;
    for await (const { source, firstLine, linesBefore, lines } of blocks) {
      const nowMs = now();
      const prepared: PreparedRecord[] = [];
      for (let index = Math.max(0, skipLines - linesBefore); index < lines.length; index++) {
        const place = { source: source.name, line: firstLine + index, linesBefore: linesBefore + index };
        const record = check(lines[index] as Uint8Array, place, nowMs);
        if (record === undefined) continue;
        this.summary.read++;
        if (isRejected(record)) await this.#reject(record);
        else prepared.push(record);
      }
      yield prepared;
    }
  }

  async send(batch: PreparedRecord[]): Promise<void> {
    const last = batch[batch.length - 1] as PreparedRecord;
    const place = { endLine: last.linesBefore + 1, answered: false };
    this.#unsettled.push(place);
    await this.#attempt(batch);
    place.answered = true;
    while (this.#unsettled[0]?.answered) this.#settled = this.#unsettled.shift()?.endLine ?? this.#settled;
  }

  /** How many lines at the beginning of the input need no second look. */
  settledLines(): number {
    return this.#settled;
  }

  /** Sends records; when they are too large together, in halves, and later batches smaller from the start. */
  async #attempt(records: readonly PreparedRecord[]): Promise<void> {
    let outcome: BatchOutcome;
    try {
      this.summary.requests++;
      outcome = await this.#send(records);
    } catch (error) {
      if (!(error instanceof MpError) || error.status !== 413) throw error;
      if (records.length > 1) {
        this.#lowerLimit(records, error);
        const middle = Math.ceil(records.length / 2);
        await this.#attempt(records.slice(0, middle));
        return await this.#attempt(records.slice(middle));
      }
      const { source, line, text } = records[0] as PreparedRecord;
      const reason = error.serverMessage ?? "too large for one request";
      outcome = { accepted: 0, rejected: [{ source, line, count: 1, reason, text }] };
    }
    this.summary.accepted += outcome.accepted;
    this.summary.bytes += bytesOf(records);
    this.#options.onProgress?.({ records: outcome.accepted });
    for (const rejected of outcome.rejected) await this.#reject(rejected);
  }

  #lowerLimit(records: readonly PreparedRecord[], error: MpError): void {
    const stated = Number(/limit of (\d+) bytes/.exec(error.serverMessage ?? "")?.[1]);
    const lower = stated > 0 ? stated : Math.ceil(bytesOf(records) / 2);
    this.limits.bytes = Math.min(this.limits.bytes, lower);
  }

  async #reject(record: RejectedRecord): Promise<void> {
    this.summary.rejected += record.count;
    this.#options.onProgress?.({ records: record.count });
    await this.#options.onReject?.(record);
  }
}

function bytesOf(records: readonly PreparedRecord[]): number {
  return records.reduce((total, record) => total + record.bytes + 1, 0);
}
