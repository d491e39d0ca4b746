/** Hands chunks from one loop to another that runs beside it. */

const NOTHING = () => {};

/** One chunk at most waits to be taken. The memory of a chunk must be its own until the taker asks for the next. */
export class Handoff implements AsyncIterableIterator<Uint8Array> {
  #waiting: Uint8Array | undefined;
  #isEnded = false;
  #isLeft = false;
  /** Whether the taker waits for a chunk. */
  #isAsked = false;
  #wakeGiver = NOTHING;
  #wakeTaker = NOTHING;

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Returns when there is room for it, at once when the taker has left. */
  async put(chunk: Uint8Array): Promise<void> {
    while (this.#waiting !== undefined && !this.#isLeft) await new Promise<void>((wake) => this.#wakeGiver = wake);
    if (this.#isLeft) return;
    this.#waiting = chunk;
    this.#wakeTaker();
  }

  /** Returns when the chunk is used up: the taker asks for the next, or has left. */
  async give(chunk: Uint8Array): Promise<void> {
    await this.put(chunk);
    while ((this.#waiting !== undefined || !this.#isAsked) && !this.#isLeft) {
      await new Promise<void>((wake) => this.#wakeGiver = wake);
    }
  }

  /** No more chunks will come. */
  end(): void {
    this.#isEnded = true;
    this.#wakeTaker();
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#isAsked = true;
    this.#wakeGiver();
    while (this.#waiting === undefined && !this.#isEnded && !this.#isLeft) {
      await new Promise<void>((wake) => this.#wakeTaker = wake);
    }
    const value = this.#waiting;
    this.#waiting = undefined;
    this.#isAsked = false;
    this.#wakeGiver();
    return value === undefined ? { done: true, value } : { done: false, value };
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#isLeft = true;
    this.#waiting = undefined;
    this.#wakeGiver();
    this.#wakeTaker();
    return Promise.resolve({ done: true, value: undefined });
  }
}
