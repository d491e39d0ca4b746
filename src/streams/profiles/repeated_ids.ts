/** Notices ids that come more than once, with memory that has a bound. */

/** 2^20 ids take 16 MiB: the table is kept half empty. */
const MOST_IDS = 1 << 20;
const FIRST_SLOTS = 1 << 12;

/** Counts repeated ids among the first million; beyond that it only counts those that are among them. */
export class RepeatedIds {
  /** How many ids came again. */
  repeated = 0;
  #slots = new Float64Array(FIRST_SLOTS);
  #used = 0;

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
    if (this.#used === MOST_IDS) return false;
    this.#slots[place] = key;
    this.#used++;
    if (this.#used * 2 > this.#slots.length && this.#used < MOST_IDS) this.#grow();
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
