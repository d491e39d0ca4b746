/** Streams whose beginning is looked at before anybody gets any of it: a server may repeat what it was asked with. */
import { concatenate } from "../streams/chunks.ts";

/** A gateway that repeats a request does so at the beginning of its answer. */
const START_BYTES = 64 * 1024;

/** Passes chunks on; those that the stream begins with as one, which `check` has not thrown at. */
export class CheckedStart implements AsyncIterableIterator<Uint8Array> {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #check: (start: Uint8Array) => void;
  #hasStarted = false;
  /** What broke the stream in its beginning; what had come by then is passed on first. */
  #fault: { error: unknown } | undefined;

  constructor(chunks: AsyncIterable<Uint8Array>, check: (start: Uint8Array) => void) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#check = check;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#hasStarted) return this.#start();
    return this.#fault === undefined ? this.#chunks.next() : Promise.reject(this.#fault.error);
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.#chunks.return?.();
    return { done: true, value: undefined };
  }

  async #start(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#hasStarted = true;
    const start: Uint8Array[] = [];
    let length = 0;
    try {
      while (length < START_BYTES) {
        const { done, value } = await this.#chunks.next();
        if (done) break;
        // It may be a view of memory that is used again.
        start.push(value.slice());
        length += value.length;
      }
    } catch (error) {
      this.#fault = { error };
    }
    const bytes = concatenate(start);
    this.#check(bytes);
    return length > 0 ? { done: false, value: bytes } : await this.next();
  }
}
