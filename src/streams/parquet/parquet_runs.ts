/** Small integers as Parquet packs them: runs of one value, and groups of eight values in as few bits as they need. */

/** Shorter runs need no less space than the bits do. */
const MIN_RUN = 8;

/** Packs the first `count` values; the view is good until the next call. */
export class ParquetRuns {
  #out = new Uint8Array(64);
  #length = 0;

  /**
   * @param bitWidth of the largest value, at most 24
   * @param prefix a byte that comes first
   */
  pack(values: Uint8Array | Int32Array, count: number, bitWidth: number, prefix?: number): Uint8Array {
    // A value needs at most 24 bits; a run of eight or more needs fewer with its header.
    const mostBytes = 16 + Math.ceil((count + MIN_RUN) * (bitWidth + 2) / 8);
    if (this.#out.length < mostBytes) this.#out = new Uint8Array(2 * mostBytes);
    this.#length = 0;
    if (prefix !== undefined) this.#out[this.#length++] = prefix;
    let groupsStart = 0;
    for (let at = 0; at < count;) {
      const value = values[at];
      let end = at + 1;
      while (end < count && values[end] === value) end++;
      if (end - at < MIN_RUN) {
        // The next run can begin at the next group only.
        at = Math.min(at + MIN_RUN, count);
        continue;
      }
      this.#packGroups(values, groupsStart, at, bitWidth);
      this.#packRun(value as number, end - at, bitWidth);
      groupsStart = at = end;
    }
    this.#packGroups(values, groupsStart, count, bitWidth);
    return this.#out.subarray(0, this.#length);
  }

  /** Packs the same value so many times; the view is good until the next call. */
  packOne(value: number, count: number, bitWidth: number): Uint8Array {
    this.#length = 0;
    this.#packRun(value, count, bitWidth);
    return this.#out.subarray(0, this.#length);
  }

  #packRun(value: number, count: number, bitWidth: number): void {
    this.#varint(count * 2);
    for (let bits = 0; bits < bitWidth; bits += 8) this.#out[this.#length++] = value >> bits;
  }

  /** Values from `start` to `end`; zeros fill the last group. */
  #packGroups(values: Uint8Array | Int32Array, start: number, end: number, bitWidth: number): void {
    if (start === end) return;
    const groups = Math.ceil((end - start) / MIN_RUN);
    this.#varint(groups * 2 + 1);
    const packedEnd = this.#length + groups * bitWidth;
    const out = this.#out;
    let write = this.#length;
    let bits = 0;
    let bitCount = 0;
    for (let at = start; at < end; at++) {
      bits |= (values[at] as number) << bitCount;
      for (bitCount += bitWidth; bitCount >= 8; bitCount -= 8) {
        out[write++] = bits;
        bits >>>= 8;
      }
    }
    if (bitCount > 0) out[write++] = bits;
    out.fill(0, write, packedEnd);
    this.#length = packedEnd;
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.#out[this.#length++] = rest | 0x80;
    this.#out[this.#length++] = rest;
  }
}
