/** Hashes that are too many for memory, on disk in parts that can be looked at one by one. */

/** Where hashes are kept that have no room in memory. */
export interface Spill {
  /** Appends to the file of this name, which may have been removed before. The bytes may be used again when it returns. */
  append(name: string, bytes: Uint8Array): Promise<void>;
  /** Nothing, when there is no such file. The chunks need not be good for longer than until the next. */
  read(name: string): AsyncIterable<Uint8Array>;
  /** No error when there is no such file. */
  remove(name: string): Promise<void>;
}

/** In place of an event's number: it was the first of its kind among those before it. */
export const FIRST = -1;

/** A part can be parted again so often: by other bits of the hash. */
export const MOST_LEVELS = 5;

const PART_BITS = 6;
const PARTS = 1 << PART_BITS;

/** The hash, and the number of its event in two words. */
export const ENTRY_WORDS = 6;
const ENTRY_BYTES = ENTRY_WORDS * 4;
const BUFFER_ENTRIES = 2048;
const WORD = 2 ** 32;

/** Hashes by some of their bits, so that equal ones are in one part, in the order in which they came. */
export class SpilledHashes {
  readonly #spill: Spill;
  readonly #name: string;
  readonly #shift: number;
  readonly #buffers = Array.from({ length: PARTS }, () => new Int32Array(BUFFER_ENTRIES * ENTRY_WORDS));
  readonly #used = new Int32Array(PARTS);
  #full = -1;

  /** @param level from 0; parts of a part have the next */
  constructor(spill: Spill, name: string, level: number) {
    this.#spill = spill;
    this.#name = name;
    this.#shift = 32 - PART_BITS * (level + 1);
  }

  /** Adds the hash that begins at `at`; true when `writeFull` has to be called before the next. */
  add(hash: Int32Array, at: number, ordinal: number): boolean {
    const part = ((hash[at + 3] as number) >>> this.#shift) & (PARTS - 1);
    const buffer = this.#buffers[part] as Int32Array;
    const to = this.#used[part] as number;
    for (let word = 0; word < 4; word++) buffer[to + word] = hash[at + word] as number;
    buffer[to + 4] = ordinal % WORD;
    buffer[to + 5] = Math.floor(ordinal / WORD);
    this.#used[part] = to + ENTRY_WORDS;
    if (to + ENTRY_WORDS < buffer.length) return false;
    this.#full = part;
    return true;
  }

  async writeFull(): Promise<void> {
    await this.#write(this.#full);
  }

  /** Writes what is left, and says which files have hashes. */
  async finish(): Promise<string[]> {
    for (let part = 0; part < PARTS; part++) await this.#write(part);
    this.#buffers.length = 0;
    return Array.from({ length: PARTS }, (_, part) => this.#nameOf(part));
  }

  async #write(part: number): Promise<void> {
    const words = this.#used[part] as number;
    this.#used[part] = 0;
    if (words === 0) return;
    const { buffer } = this.#buffers[part] as Int32Array;
    await this.#spill.append(this.#nameOf(part), new Uint8Array(buffer, 0, words * 4));
  }

  #nameOf(part: number): string {
    return `${this.#name}-${part}`;
  }
}

/** Whole entries, in memory that is used again. */
export async function* spilledEntries(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Int32Array, void> {
  const entries = new Int32Array(BUFFER_ENTRIES * ENTRY_WORDS);
  const bytes = new Uint8Array(entries.buffer);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length;) {
      const part = chunk.subarray(start, start + bytes.length - filled);
      bytes.set(part, filled);
      filled += part.length;
      start += part.length;
      const whole = filled - filled % ENTRY_BYTES;
      if (whole > 0) yield entries.subarray(0, whole / 4);
      bytes.copyWithin(0, whole, filled);
      filled -= whole;
    }
  }
}

export function ordinalOf(entries: Int32Array, at: number): number {
  return ((entries[at + 4] as number) >>> 0) + (entries[at + 5] as number) * WORD;
}
