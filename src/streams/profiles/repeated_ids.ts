/** Notices ids that come more than once, with memory that has a bound. */

const FIRST_SLOTS = 1 << 12;
const SLOT_BYTES = 8;
const DEFAULT_BUDGET_BYTES = 16 * 1024 * 1024;

/** Counts repeated ids as long as they fit into a budget; beyond that it only counts those that are among the first. */
export class RepeatedIds {
  /** How many ids came again. */
  repeated = 0;
  /** So many are known at most: the table is kept half empty. */
  readonly mostIds: number;
  #slots = new Float64Array(FIRST_SLOTS);
  #used = 0;

  /** @param budgetBytes for the table; while it grows, it takes half as much again */
  constructor(budgetBytes: number = DEFAULT_BUDGET_BYTES) {
    this.mostIds = Math.floor(budgetBytes / SLOT_BYTES / 2);
  }

  /** Whether no more ids are remembered. */
  get isFull(): boolean {
    return this.#used >= this.mostIds;
  }

  /**
   * Looks at the id that stands in these bytes; true when it has come before. Two ids are taken for one once in ten
   * thousand times a million.
   */
  readonly add = (bytes: Uint8Array, start: number, end: number): boolean => {
    const key = hashOf(bytes, start, end);
    const place = this.#placeOf(key);
    if (this.#slots[place] === key) {
      this.repeated++;
      return true;
    }
    if (this.isFull) return false;
    this.#slots[place] = key;
    this.#used++;
    if (this.#used * 2 > this.#slots.length && this.#used < this.mostIds) this.#grow();
    return false;
  };

  #placeOf(key: number): number {
    const mask = this.#slots.length - 1;
    let place = (key ^ (key / 0x1_0000_0000)) & mask;
    for (let held = this.#slots[place]; held !== 0 && held !== key; held = this.#slots[place]) {
      place = (place + 1) & mask;
    }
    return place;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Float64Array(before.length * 2);
    for (const key of before) if (key !== 0) this.#slots[this.#placeOf(key)] = key;
  }
}

/** 53 bits of two FNV hashes; never 0, which marks an empty slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte, 0x5bd1e995) ^ (high >>> 15);
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0) || 1;
}
