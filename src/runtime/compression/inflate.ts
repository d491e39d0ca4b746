/** Decompresses gzip as fast as zlib can, while the reader works on what came before. */
import { BrokenGzipError } from "./broken_gzip.ts";
import { freeMemory } from "./free_memory.ts";
import { openZlib } from "./zlib.ts";
import type { ZlibHandle } from "./zlib_handle.ts";

/** Large enough that the way to another thread and back is short beside the work. */
const BUFFER_BYTES = 1024 * 1024;
/** For each of several at once: then there is always one that has work to do. */
const SHARED_BUFFER_BYTES = 256 * 1024;
/** So many at once have large buffers. */
const MOST_LARGE = 2;

let openCount = 0;

const NOTHING = new Uint8Array(0);

/**
 * The decompressed bytes of one gzip member or of several after each other, checked by their check sums.
 *
 * **A chunk is a view of memory that is used again: it is good until the next one is asked for.** While the reader has
 * it, the next is being made. What came before a fault comes out before it.
 *
 * @param source chunks in memory of their own: the next is asked for while zlib works on one
 * @param free called with each chunk of the source that is used up
 * @throws BrokenGzipError when the data is damaged, ends early or is followed by anything but zeros; empty input is an
 *   error too. What the source throws passes unchanged.
 */
export async function* inflated(
  source: AsyncIterable<Uint8Array>,
  free: (chunk: Uint8Array) => void = () => {},
): AsyncGenerator<Uint8Array, void> {
  const handle = await openZlib("gunzip");
  if (handle === undefined) return yield* (await import("./inflate_stream.ts")).inflatedByStream(source);
  const inflater = new Inflater(source[Symbol.asyncIterator](), handle, free);
  const bufferBytes = ++openCount > MOST_LARGE ? SHARED_BUFFER_BYTES : BUFFER_BYTES;
  const buffers: Uint8Array[] = [];
  const fill = (turn: number) => {
    const filled = inflater.fill(buffers[turn] ??= new Uint8Array(bufferBytes));
    // expected: damaged input or a source that failed: it belongs to its turn, which waits for the same promise
    filled.catch(() => {});
    return filled;
  };
  let next = fill(0);
  try {
    for (let turn = 0;; turn = 1 - turn) {
      const bytes = await next;
      if (bytes === 0) return;
      next = fill(1 - turn);
      yield (buffers[turn] as Uint8Array).subarray(0, bytes);
    }
  } finally {
    openCount--;
    // expected: a failure of what was read ahead, which nobody wants any more
    next.catch(() => {}).finally(() => {
      handle.close();
      for (const buffer of buffers) freeMemory(buffer);
    });
    await inflater.leave();
  }
}

class Inflater {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #handle: ZlibHandle;
  readonly #free: (chunk: Uint8Array) => void;
  #input: Uint8Array = NOTHING;
  #at = 0;
  /** The read of the input that follows: zlib must not wait for the reader to finish with what came before. */
  #reading: Promise<void> | undefined;
  #ahead: IteratorResult<Uint8Array, unknown> | undefined;
  #hasSourceEnded = false;
  #hasBegun = false;
  /** After the last member there may be zeros, as tape archives have them. */
  #inPadding = false;

  constructor(source: AsyncIterator<Uint8Array>, handle: ZlibHandle, free: (chunk: Uint8Array) => void) {
    this.#source = source;
    this.#handle = handle;
    this.#free = free;
  }

  /** Fills the output with what one piece of input gives; 0 at the end of the data. */
  async fill(output: Uint8Array): Promise<number> {
    const handle = this.#handle;
    for (;;) {
      if (this.#at === this.#input.length && !this.#hasSourceEnded) {
        // Without waiting for what is there: so the work has begun when the reader gets the last chunk.
        if (this.#ahead === undefined) await (this.#reading ?? this.#readAhead());
        this.#takeAhead();
      }
      if (this.#inPadding) {
        this.#checkPadding();
        if (this.#hasSourceEnded) return 0;
        continue;
      }
      if (this.#hasSourceEnded && !this.#hasBegun) throw new BrokenGzipError(true);
      const { length } = this.#input;
      const step = handle.step(this.#input, this.#at, length, this.#hasSourceEnded, output);
      if (step !== undefined) await step;
      if (handle.fault !== undefined) throw new BrokenGzipError(handle.fault === "cut");
      this.#at = length - handle.inputLeft;
      // zlib stops before its input's end for lack of room, or because a member has ended and no other begins.
      this.#inPadding = handle.inputLeft > 0 && handle.outputLeft > 0;
      const bytes = output.length - handle.outputLeft;
      if (bytes > 0) return bytes;
      if (this.#hasSourceEnded && !this.#inPadding) return 0;
    }
  }

  /** Ends the source, whatever it is doing. */
  async leave(): Promise<void> {
    const left = this.#source.return?.();
    // A source that waits for bytes may wait forever, so nothing waits for it.
    // expected: a failure of the source that it ends with, of which nobody wants more
    if (this.#reading !== undefined && this.#ahead === undefined) left?.catch(() => {});
    else await left;
  }

  #readAhead(): Promise<void> {
    this.#reading = this.#source.next().then((result) => void (this.#ahead = result));
    // expected: a failure of the source: it comes out when what came before it is used up
    this.#reading.catch(() => {});
    return this.#reading;
  }

  #takeAhead(): void {
    const { done, value } = this.#ahead as IteratorResult<Uint8Array, unknown>;
    this.#ahead = undefined;
    this.#reading = undefined;
    this.#free(this.#input);
    this.#hasSourceEnded = done === true;
    this.#input = done ? NOTHING : value as Uint8Array;
    this.#at = 0;
    this.#hasBegun ||= this.#input.length > 0;
    if (!done) this.#readAhead();
  }

  #checkPadding(): void {
    while (this.#at < this.#input.length) if (this.#input[this.#at++] !== 0) throw new BrokenGzipError(false);
  }
}
