/** Arrays in one run of bytes, as they are kept in the database. Numbers are little-endian, as on all machines there are. */

const ALIGNED = 8;

/** Puts arrays one after another. */
export function packed(arrays: readonly ArrayBufferView[]): Uint8Array {
  const head = new Uint32Array(aligned(1 + arrays.length, 2));
  head[0] = arrays.length;
  arrays.forEach(({ byteLength }, index) => head[index + 1] = byteLength);
  const size = arrays.reduce((sum, { byteLength }) => sum + aligned(byteLength), head.byteLength);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of [head, ...arrays]) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += aligned(byteLength);
  }
  return bytes;
}

/** The bytes of arrays that were packed, each of which can be seen as any kind of array. */
export function unpacked(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const whole = bytes.byteOffset % ALIGNED === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = whole as Uint8Array<ArrayBuffer>;
  const count = new Uint32Array(buffer, byteOffset, 1)[0] as number;
  const sizes = new Uint32Array(buffer, byteOffset + 4, count);
  let at = byteOffset + 4 * aligned(1 + count, 2);
  return Array.from(sizes, (size) => {
    const array = new Uint8Array(buffer, at, size);
    at += aligned(size);
    return array;
  });
}

/** The same memory as numbers. */
export const asUint32 = ({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Uint32Array<ArrayBuffer> =>
  new Uint32Array(buffer, byteOffset, byteLength / 4);
export const asInt32 = ({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Int32Array =>
  new Int32Array(buffer, byteOffset, byteLength / 4);
export const asUint16 = ({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Uint16Array =>
  new Uint16Array(buffer, byteOffset, byteLength / 2);
export const asFloat64 = ({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Float64Array =>
  new Float64Array(buffer, byteOffset, byteLength / 8);

function aligned(size: number, to = ALIGNED): number {
  return Math.ceil(size / to) * to;
}
