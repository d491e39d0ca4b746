/** Sends batches, several at once, each until it is answered finally. */
import { Attempts, Failed } from "../../client/attempts.ts";
import type { Wait } from "../../client/types.ts";
import { MpError } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { JobProgress } from "../progress.ts";
import type { Batch, RejectedRecord } from "./batch.ts";
import { afterAnswer, afterOverload, type Pace, startPace } from "./pace.ts";
import { isOverload, RESEND_RULES, waitReason } from "./resend.ts";

/** What the server did with a batch. */
export interface BatchOutcome {
  accepted: number;
  rejected: RejectedRecord[];
}

/** What is known of a batch that may have been sent in parts. */
export interface DeliveryOutcome extends BatchOutcome {
  /** Records that were sent, and about which no answer says what became of them. */
  inDoubt: number;
}

/**
 * Sends a batch once and reads what became of each record.
 *
 * @throws MpError when the server took none of it for a reason that is not about single records.
 */
export type SendBatch = (batch: Batch, signal: AbortSignal) => Promise<BatchOutcome>;

export interface SenderOptions {
  /** Most requests at the same time. With 1, batches are sent in their order. */
  concurrency: number;
  clock: Clock;
  /** Whether a batch whose answer was lost may be sent again. */
  repeatable: boolean | ((batch: Batch) => boolean);
  /** Whether an error may be about single records, which are then found by sending halves. Default: none may. */
  isAboutRecords?(error: MpError): boolean;
  progress?: JobProgress;
  /** Told when a request was too large, and which limit the server names. */
  onTooLarge?(bytes: number, limit: number | undefined): void;
}

/** Batches are kept until they are answered, so that their number is bounded by their size too. */
const MAX_BYTES_UNDER_WAY = 24 * 1024 * 1024;

export class Sender {
  /** Requests so far. */
  requests = 0;
  /** To be called at the end: the signal outlives the sender. */
  readonly finish: () => void;
  readonly #send: SendBatch;
  readonly #options: SenderOptions;
  readonly #stop = new AbortController();
  readonly #close = new AbortController();
  #pace: Pace;
  #running = 0;
  #waiting = 0;
  #bytes = 0;
  #hasAnswered = false;
  #changed = Promise.withResolvers<void>();

  constructor(send: SendBatch, options: SenderOptions, signal: AbortSignal | undefined) {
    this.#send = send;
    this.#options = options;
    this.#pace = startPace(options.concurrency);
    const stop = () => this.#cancel(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    this.finish = () => signal?.removeEventListener("abort", stop);
  }

  /** Ends the requests that are under way, and begins no more. */
  #cancel(reason: unknown): void {
    this.#stop.abort(reason);
    this.close();
  }

  /** Lets requests that are under way be answered, but sends nothing again. */
  close(): void {
    this.#close.abort();
    this.#notify();
  }

  /** Waits until there is room for a batch, and takes it. False when there is to be no other one. */
  async enter(batch: Batch): Promise<boolean> {
    const size = batch.heldBytes;
    while (!this.#isOver() && !this.#hasRoom(size)) await this.#changed.promise;
    if (this.#isOver()) return false;
    this.#running++;
    this.#bytes += size;
    return true;
  }

  /**
   * Sends a batch for which there is room; when it is too large, or a record in it is refused, in halves.
   *
   * @param outcome is filled, as far as it is known, also when a half of the batch fails
   * @throws what the server or the network said last. Nothing is sent after that.
   */
  async deliver(batch: Batch, outcome: DeliveryOutcome): Promise<void> {
    try {
      await this.#deliver(batch, outcome);
    } catch (error) {
      // Before there is room for another one, which might have to come after this one.
      this.close();
      throw error;
    } finally {
      this.#running--;
      this.#bytes -= batch.heldBytes;
      this.#notify();
    }
  }

  async #deliver(batch: Batch, outcome: DeliveryOutcome): Promise<void> {
    const { clock, repeatable } = this.#options;
    let isInDoubt = false;
    const onDoubt = () => void (isInDoubt = true);
    const attempts = new Attempts({
      rules: RESEND_RULES,
      clock,
      get repeatable() {
        return typeof repeatable === "function" ? repeatable(batch) : repeatable;
      },
      hasAnswered: () => this.#hasAnswered,
      onWait: (wait) => this.#tellWait(wait),
      pause: (milliseconds, { error }) => this.#pause(milliseconds, error),
    });
    try {
      await attempts.run(() => this.#attempt(batch, outcome, onDoubt));
    } catch (error) {
      if (isInDoubt) outcome.inDoubt += batch.count;
      throw error;
    }
  }

  async #attempt(batch: Batch, outcome: DeliveryOutcome, onDoubt: () => void): Promise<Failed | void> {
    const { clock, isAboutRecords } = this.#options;
    const sentAtMs = clock.now();
    try {
      this.requests++;
      const { accepted, rejected } = await this.#send(batch, this.#stop.signal);
      this.#hasAnswered = true;
      this.#pace = afterAnswer(this.#pace, clock.now() - sentAtMs);
      outcome.accepted += accepted;
      outcome.rejected.push(...rejected);
    } catch (error) {
      if (this.#stop.signal.aborted || (error instanceof MpError && error.inDoubt)) onDoubt();
      if (!(error instanceof MpError) || this.#isOver()) throw error;
      if (error.status === 413 || isAboutRecords?.(error)) return await this.#divide(batch, error, outcome);
      if (error.status !== undefined) this.#hasAnswered = true;
      if (isOverload(error)) this.#pace = afterOverload(this.#pace, sentAtMs, clock.now());
      return new Failed(error, waitReason(error));
    }
  }

  /** Batches wait side by side: the delivery goes on when none does any more. */
  #tellWait(wait: Wait | undefined): void {
    this.#waiting += wait === undefined ? -1 : 1;
    if (wait !== undefined || this.#waiting === 0) this.#options.progress?.wait(wait);
  }

  /** @throws the error that it waits for, when nothing is to be sent any more. */
  async #pause(milliseconds: number, error: MpError): Promise<void> {
    // While it waits others may go ahead, except where the order counts.
    const stepsAside = this.#pace.most > 1;
    if (stepsAside) this.#leave();
    try {
      await this.#options.clock.sleep(milliseconds, this.#close.signal);
      while (stepsAside && !this.#isOver() && this.#running >= this.#pace.limit) await this.#changed.promise;
    } catch (interruption) {
      if (!this.#isOver()) throw interruption;
    } finally {
      if (stepsAside) this.#running++;
    }
    if (this.#isOver()) throw error;
  }

  async #divide(batch: Batch, error: MpError, outcome: DeliveryOutcome): Promise<void> {
    const isTooLarge = error.status === 413;
    if (batch.count === 1) {
      const reason = isTooLarge ? "too large for one request" : "Mixpanel did not say why";
      outcome.rejected.push(batch.reject(0, error.serverMessage ?? reason));
      return;
    }
    if (isTooLarge) {
      const stated = Number(/limit of (\d+) bytes/.exec(error.serverMessage ?? "")?.[1]);
      this.#options.onTooLarge?.(batch.bytes.length, stated > 0 ? stated : undefined);
    }
    const middle = Math.ceil(batch.count / 2);
    await this.#deliver(batch.slice(0, middle), outcome);
    await this.#deliver(batch.slice(middle, batch.count), outcome);
  }

  #hasRoom(size: number): boolean {
    return this.#running < this.#pace.limit && (this.#bytes === 0 || this.#bytes + size <= MAX_BYTES_UNDER_WAY);
  }

  #isOver(): boolean {
    return this.#close.signal.aborted;
  }

  #leave(): void {
    this.#running--;
    this.#notify();
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
