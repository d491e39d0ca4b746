/** Bytes in memory that grows, looked at four at a time. */

/** Bytes, and the same memory by words. */
export interface ByteView {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function viewOf(bytes: Uint8Array): ByteView {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** A hash of 32 bits; another one for each seed. */
export function hashOfBytes({ bytes, view }: ByteView, start: number, end: number, seed = 0x2f0b4c47): number {
  let hash = seed ^ (end - start);
  const last = end - 4;
  if (start > last) {
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x9e3779b1);
    return mixedHash(hash);
  }
  for (let at = start; at < last; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    hash = (hash << 15) | (hash >>> 17);
  }
  return mixedHash(hash ^ Math.imul(view.getInt32(last, true), 0x85ebca6b));
}

/** Spreads what differs in a hash over all of its bits. */
export function mixedHash(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return mix ^ (mix >>> 16);
}

/** Whether `length` bytes are the same at two places. */
export function areSameBytes(a: ByteView, startA: number, b: ByteView, startB: number, length: number): boolean {
  const last = length - 4;
  if (last < 0) {
    for (let at = 0; at < length; at++) if (a.bytes[startA + at] !== b.bytes[startB + at]) return false;
    return true;
  }
  const viewA = a.view, viewB = b.view;
  // Those at the end first: they differ more often.
  if (viewA.getInt32(startA + last, true) !== viewB.getInt32(startB + last, true)) return false;
  for (let at = 0; at < last; at += 4) {
    if (viewA.getInt32(startA + at, true) !== viewB.getInt32(startB + at, true)) return false;
  }
  return true;
}

/** So many bytes are copied faster by a loop than by a call. */
const FEW_BYTES = 64;

/** Memory that is as large grows in smaller steps. */
const LARGE_BYTES = 32 * 1024 * 1024;

/** Text after text, in memory that grows. */
export class GrowingBytes implements ByteView {
  bytes: Uint8Array;
  view: DataView;
  length = 0;

  constructor(capacity = 64) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  append(from: ByteView, start: number, end: number): void {
    const count = end - start;
    const to = this.length;
    if (to + count > this.bytes.length) this.#grow(to + count);
    if (count > FEW_BYTES) {
      this.bytes.set(from.bytes.subarray(start, end), to);
    } else if (count >= 4) {
      const { view } = this;
      const source = from.view;
      const last = count - 4;
      for (let at = 0; at < last; at += 4) view.setInt32(to + at, source.getInt32(start + at, true), true);
      view.setInt32(to + last, source.getInt32(start + last, true), true);
    } else {
      for (let at = 0; at < count; at++) this.bytes[to + at] = from.bytes[start + at] as number;
    }
    this.length = to + count;
  }

  appendBytes(bytes: Uint8Array): void {
    const to = this.length;
    if (to + bytes.length > this.bytes.length) this.#grow(to + bytes.length);
    this.bytes.set(bytes, to);
    this.length = to + bytes.length;
  }

  appendByte(byte: number): void {
    if (this.length === this.bytes.length) this.#grow(this.length + 1);
    this.bytes[this.length++] = byte;
  }

  /** What is there, in memory of its own and no more of it than needed. */
  copy(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  #grow(least: number): void {
    const factor = this.bytes.length < LARGE_BYTES ? 2 : 1.5;
    const bytes = new Uint8Array(Math.max(least, Math.ceil(this.bytes.length * factor)));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}

type Growable = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** The array itself when it holds so many items, or a larger one that begins with the same. */
export function withRoom<A extends Growable>(array: A, items: number): A {
  if (items <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => A)(Math.max(items, Math.ceil(array.length * 1.5)));
  larger.set(array as never);
  return larger;
}
