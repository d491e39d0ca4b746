/** The decompressed bytes of a page, which may be longer than what is held of them. */
import { concatenate } from "../chunks.ts";
import { ParquetError } from "./parquet_error.ts";

const NOTHING = new Uint8Array(0);

/** Called with bytes that nobody uses any more, so that their memory need not wait for a garbage collector. */
export type Free = (bytes: Uint8Array) => void;

export class PageBytes {
  /** What is held. */
  bytes: Uint8Array;
  /** The next byte that has not been taken. */
  at = 0;
  readonly #more: AsyncIterator<Uint8Array> | undefined;
  readonly #free: Free;

  /** @param bytes the whole page, or the parts that it comes in, which have memory of their own */
  constructor(bytes: Uint8Array | AsyncIterator<Uint8Array>, free: Free) {
    this.#free = free;
    if (bytes instanceof Uint8Array) this.bytes = bytes;
    else {
      this.bytes = NOTHING;
      this.#more = bytes;
    }
  }

  /** How many of the bytes that are held have not been taken. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Sees to it that so many bytes are held. Throws when there are no more. */
  async need(count: number): Promise<void> {
    if (this.left < count) await this.hold(count);
    if (this.left < count) throw new ParquetError("damaged", "a page ends early");
  }

  /** Sees to it that so many bytes are held, or all there are. */
  async hold(count: number): Promise<void> {
    const parts = [this.bytes.subarray(this.at)];
    let length = this.left;
    while (length < count) {
      const next = await this.#more?.next();
      if (next === undefined || next.done) break;
      parts.push(next.value);
      length += next.value.length;
    }
    if (parts.length === 1) return;
    const used = [this.bytes, ...parts.slice(1)];
    this.bytes = concatenate(parts);
    this.at = 0;
    used.forEach(this.#free);
  }

  /** Frees what is held, and leaves what follows. */
  release(): void {
    // expected: nothing, since these are steps that have no bytes on their way when they are left
    this.#more?.return?.().catch(() => {});
    // All of the memory, of which a decompressor may have given only a part.
    this.#free(new Uint8Array(this.bytes.buffer));
    this.bytes = NOTHING;
    this.at = 0;
  }

  /** All bytes that have not been taken. */
  async rest(): Promise<Uint8Array> {
    await this.hold(Infinity);
    return this.take(this.left);
  }

  /** The next bytes, which must be held. */
  take(count: number): Uint8Array {
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** The next four bytes as a number; they must be held. */
  takeUint32(): number {
    const { bytes, at } = this;
    this.at += 4;
    return ((bytes[at] as number) | (bytes[at + 1] as number) << 8 | (bytes[at + 2] as number) << 16 |
      (bytes[at + 3] as number) << 24) >>> 0;
  }
}
