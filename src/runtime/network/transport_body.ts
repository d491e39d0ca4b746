/** The body of an answer: watched while it arrives, and decompressed for who wants that. */
import { BrokenGzipError } from "../compression/broken_gzip.ts";
import { inflated } from "../compression/inflate.ts";
import { LONGEST_TIMER_MS } from "../clock.ts";
import { NetworkFault, networkFault } from "./network_fault.ts";

/**
 * A body, which is read once, in one of its forms. Leaving it early, by `break` or `cancel`, ends the exchange. Every
 * form fails with a `NetworkFault` when the answer is not whole or stops arriving; looped over, it gives the decoded
 * bytes.
 */
export interface AnswerBody extends AsyncIterable<Uint8Array> {
  /** Whether the bytes on the wire are compressed. */
  readonly isGzip: boolean;
  /** The decoded bytes as views of memory that is used again: a chunk is good until the next one is asked for. */
  views(): AsyncIterable<Uint8Array>;
  /** The bytes as they come over the wire, each chunk in memory of its own. */
  encoded(): AsyncIterable<Uint8Array>;
  /** Decompresses the chunks of `encoded`, with the views of `views`. A chunk must not be used any more then. */
  inflate(encoded: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Ends the exchange; no error when it is over. */
  cancel(): Promise<void>;
}

/** A body that brings less than this over the time in which it may bring nothing at all is given up. */
export const LEAST_BYTES_PER_SECOND = 100;

export interface BodyWatch {
  /** Ends the exchange. */
  controller: AbortController;
  /** Ends the wait for the next chunk; also the time over which a body must not be too slow. */
  idleTimeoutMs: number;
  /** The time in milliseconds. */
  now(): number;
  /** As the answer's head announces it. */
  expectedBytes?: number;
  isGzip: boolean;
  /** Called when the body has ended, failed or been left. */
  onEnd(): void;
  /** Called with chunks that are used up. */
  free?(chunk: Uint8Array): void;
}

/** A body over the chunks that a runtime receives. */
export function watchedBody(chunks: AsyncIterator<Uint8Array>, watch: BodyWatch): AnswerBody {
  const wire = new WatchedChunks(chunks, watch);
  const inflate = (encoded: AsyncIterable<Uint8Array>) => inflatedBody(encoded, watch.free);
  return {
    isGzip: watch.isGzip,
    views: () => watch.isGzip ? inflate(wire) : wire,
    encoded: () => wire,
    inflate,
    cancel: () => wire.leave(),
    [Symbol.asyncIterator]: () => watch.isGzip ? copies(inflate(wire)) : wire,
  };
}

/**
 * All bytes of a body that has at most `limitBytes`. A longer one is left there, before it fills the memory.
 *
 * @param tooLong makes the error for a longer one; without it, that is cut, as what is only wanted for a message
 */
export async function readBytes(
  body: AsyncIterable<Uint8Array>,
  limitBytes: number,
  tooLong?: () => Error,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length <= limitBytes) continue;
    if (tooLong !== undefined) throw tooLong();
    break;
  }
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

async function* copies(views: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const view of views) yield view.slice();
}

/**
 * The decompressed bytes of a body, as views of memory that is used again.
 *
 * @param free called with each chunk that is used up
 * @throws NetworkFault when they are not whole
 */
export async function* inflatedBody(
  encoded: AsyncIterable<Uint8Array>,
  free?: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* inflated(encoded, free);
  } catch (error) {
    if (!(error instanceof BrokenGzipError)) throw error;
    throw new NetworkFault(error.isCut ? "cut" : "bad_answer", true, error.message, { cause: error });
  }
}

/** Passes chunks on; ends the exchange when they stall, stop early, or are not wanted any more. */
class WatchedChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #watch: BodyWatch;
  #receivedBytes = 0;
  /** Since the rate was last looked at; the time that the reader takes for itself is not the server's. */
  #measured = { bytes: 0, waitedMs: 0 };
  #isOver = false;

  constructor(chunks: AsyncIterator<Uint8Array>, watch: BodyWatch) {
    this.#chunks = chunks;
    this.#watch = watch;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const { controller, idleTimeoutMs, expectedBytes, now } = this.#watch;
    if (this.#isOver) return { done: true, value: undefined };
    const timer = setTimeout(
      () => controller.abort(new NetworkFault("idle_timeout", true, `${idleTimeoutMs} ms`)),
      Math.min(idleTimeoutMs, LONGEST_TIMER_MS),
    );
    const askedMs = now();
    try {
      const { done, value } = await unlessAborted(this.#chunks.next(), controller.signal);
      if (!done) {
        this.#receivedBytes += value.length;
        this.#measure(value.length, now() - askedMs);
        return { done: false, value };
      }
      if (expectedBytes !== undefined && this.#receivedBytes !== expectedBytes) {
        throw new NetworkFault("cut", true, `${this.#receivedBytes} of ${expectedBytes} bytes arrived`);
      }
      this.#end();
      return { done: true, value: undefined };
    } catch (error) {
      this.#end();
      throw controller.signal.aborted ? controller.signal.reason : cutFault(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.leave();
    return { done: true, value: undefined };
  }

  async leave(): Promise<void> {
    if (this.#isOver) return;
    this.#end();
    this.#watch.controller.abort(new NetworkFault("other", true, "the body is not wanted"));
    // expected: the fault that ended the exchange, or a connection that was lost before it
    await this.#chunks.return?.()?.catch(() => {});
  }

  #measure(bytes: number, waitedMs: number): void {
    const { controller, idleTimeoutMs } = this.#watch;
    const measured = this.#measured;
    measured.bytes += bytes;
    measured.waitedMs += waitedMs;
    if (measured.waitedMs < idleTimeoutMs) return;
    const isTooSlow = measured.bytes * 1000 < LEAST_BYTES_PER_SECOND * measured.waitedMs;
    this.#measured = { bytes: 0, waitedMs: 0 };
    if (!isTooSlow) return;
    const seconds = Math.round(measured.waitedMs / 1000);
    controller.abort(new NetworkFault("too_slow", true, `${measured.bytes} bytes in ${seconds} s`));
    throw controller.signal.reason;
  }

  #end(): void {
    this.#isOver = true;
    this.#watch.onEnd();
  }
}

/** A connection that ends within the body leaves it incomplete, whatever the runtime calls that. */
function cutFault(error: unknown): NetworkFault {
  const fault = networkFault(error);
  return fault.kind === "reset" ? new NetworkFault("cut", true, fault.detail, { cause: error }) : fault;
}

/** A read that fails as soon as the signal does, also where the runtime does not notice. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
