/**
 * Gzip bodies put together from compressed pieces, so that many answers share a few pieces of memory: an answer of
 * gigabytes costs no more than one of its days.
 *
 * A piece ends with a full flush, so that pieces can follow each other in any order and number. The check sum of the whole
 * is computed from those of the pieces.
 */
import { constants, crc32, deflateRawSync } from "node:zlib";

/** A piece of text, compressed. */
export interface Segment {
  deflated: Uint8Array;
  crc: number;
  plainBytes: number;
  lines: number;
}

const HEADER = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** An empty block that says that it is the last. */
const LAST_BLOCK = new Uint8Array([3, 0]);
const POLYNOMIAL = 0xedb88320;

export function segmentOf(text: Uint8Array, lines: number): Segment {
  const deflated = deflateRawSync(text, { level: 6, finishFlush: constants.Z_FULL_FLUSH });
  return { deflated, crc: crc32(text), plainBytes: text.length, lines };
}

/** The pieces of one gzip member that holds these segments in turn. */
export function gzipMember(segments: readonly Segment[]): Uint8Array[] {
  let crc = 0;
  let plainBytes = 0;
  for (const segment of segments) {
    crc = combineCrc(crc, segment.crc, segment.plainBytes);
    plainBytes += segment.plainBytes;
  }
  const trailer = new Uint8Array(8);
  new DataView(trailer.buffer).setUint32(0, crc, true);
  new DataView(trailer.buffer).setUint32(4, plainBytes % 2 ** 32, true);
  return [HEADER, ...segments.map((segment) => segment.deflated), LAST_BLOCK, trailer];
}

/** The CRC-32 of two texts one after the other, from that of each and the length of the second. */
export function combineCrc(first: number, second: number, secondBytes: number): number {
  // Each byte that follows multiplies the first check sum by x^8, modulo the polynomial: by squaring, as powers are.
  let factor = multiply(0x40000000, 0x40000000);
  factor = multiply(factor, factor);
  factor = multiply(factor, factor);
  let shifted = first;
  for (let left = secondBytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shifted = multiply(factor, shifted);
    factor = multiply(factor, factor);
  }
  return (shifted ^ second) >>> 0;
}

/** The product of two polynomials with reflected bits: x^0 is the highest bit. */
function multiply(one: number, other: number): number {
  let product = 0;
  for (let bit = 1 << 31, factor = other; bit !== 0; bit >>>= 1) {
    if ((one & bit) !== 0) product ^= factor;
    factor = (factor & 1) !== 0 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product >>> 0;
}
