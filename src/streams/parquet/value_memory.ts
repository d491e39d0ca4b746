/** Memory for the values of columns: while those of a row group are compressed, those of the next are put into other memory. */
import { freeMemory } from "../../runtime/compression/free_memory.ts";

/** Larger pieces are not kept: a column that has once had long texts need not have them again. */
const LARGEST_KEPT_BYTES = 4 * 1024 * 1024;

/** Of all pieces: about what a row group has. */
const MOST_IDLE_BYTES = 12 * 1024 * 1024;

export class ValueMemory {
  readonly #idle: Uint8Array<ArrayBuffer>[] = [];
  #idleBytes = 0;

  /** Memory of about so many bytes; what was put into it may still be there. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const wanted = Math.min(bytes, LARGEST_KEPT_BYTES);
    let best = -1;
    for (const [index, { length }] of this.#idle.entries()) {
      if (length >= wanted && !(best >= 0 && length >= this.#idle[best]!.length)) best = index;
    }
    const memory = this.#idle[best];
    if (memory === undefined) return new Uint8Array(wanted);
    this.#idle[best] = this.#idle.at(-1) as Uint8Array<ArrayBuffer>;
    this.#idle.pop();
    this.#idleBytes -= memory.length;
    return memory;
  }

  give(memory: Uint8Array<ArrayBuffer>): void {
    const isKept = memory.length <= LARGEST_KEPT_BYTES && this.#idleBytes + memory.length <= MOST_IDLE_BYTES;
    if (!isKept) return freeMemory(memory);
    this.#idle.push(memory);
    this.#idleBytes += memory.length;
  }
}
