/** Decompresses a Snappy block of any size in constant memory. */
import { copyMatch } from "./lz4.ts";
import { type Free, PageBytes } from "./parquet_page_bytes.ts";
import { ParquetError } from "./parquet_error.ts";

/** As far back as all compressors refer: they cut their input into pieces of this size. */
const HISTORY_BYTES = 64 * 1024;
const LONGEST_COPY = 64;
/** A tag with its length or offset. The length of the output is no longer. */
const LONGEST_TAG = 5;

/** Thrown for a block that refers to what is no longer held, which the format allows. */
export class FarReferenceError extends Error {
  override name = "FarReferenceError";
}

/**
 * The decompressed bytes in parts that have memory of their own.
 *
 * @param length of what comes out
 * @param partBytes of a part
 */
export async function* snappyParts(
  input: AsyncIterator<Uint8Array>,
  length: number,
  partBytes: number,
  free: Free,
): AsyncGenerator<Uint8Array, void> {
  const bytes = new PageBytes(input, free);
  const buffer = new Uint8Array(HISTORY_BYTES + partBytes + LONGEST_COPY);
  try {
    yield* partsInto(buffer, bytes, length, partBytes);
  } finally {
    bytes.release();
    free(buffer);
  }
}

async function* partsInto(
  buffer: Uint8Array,
  bytes: PageBytes,
  length: number,
  partBytes: number,
): AsyncGenerator<Uint8Array, void> {
  if (await varint(bytes) !== length) throw damaged();
  /** Bytes of the buffer that have been given out, and its end. */
  let given = 0, end = 0;
  let left = length;
  const put = (part: Uint8Array) => {
    buffer.set(part, end);
    end += part.length;
    left -= part.length;
  };
  while (left > 0) {
    if (bytes.left < LONGEST_TAG) await bytes.hold(LONGEST_TAG);
    if (bytes.left === 0) throw damaged();
    const tag = bytes.bytes[bytes.at++] as number;
    if ((tag & 3) === 0) {
      let literals = (tag >> 2) + 1;
      const sizeBytes = literals - 60;
      if (sizeBytes > 0) literals = littleEndian(bytes, sizeBytes) + 1;
      if (literals > left) throw damaged();
      for (; literals > 0;) {
        const room = HISTORY_BYTES + partBytes - end;
        const count = Math.min(literals, room);
        await bytes.need(count);
        put(bytes.take(count));
        literals -= count;
        if (end >= HISTORY_BYTES + partBytes) {
          yield buffer.slice(given, end);
          given = end = keepHistory(buffer, end);
        }
      }
      continue;
    }
    const isShort = (tag & 3) === 1;
    const count = isShort ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset = isShort ? ((tag >> 5) << 8) + littleEndian(bytes, 1) : littleEndian(bytes, (tag & 3) === 2 ? 2 : 4);
    if (count > left || offset === 0 || offset > length - left) throw damaged();
    if (offset > end) throw new FarReferenceError();
    copyMatch(buffer, end, offset, count);
    end += count;
    left -= count;
    if (end >= HISTORY_BYTES + partBytes) {
      yield buffer.slice(given, end);
      given = end = keepHistory(buffer, end);
    }
  }
  if (end > given) yield buffer.slice(given, end);
}

/** Moves what may be referred to to the buffer's begin; where it ends there. */
function keepHistory(buffer: Uint8Array, end: number): number {
  buffer.copyWithin(0, end - HISTORY_BYTES, end);
  return HISTORY_BYTES;
}

function littleEndian(bytes: PageBytes, count: number): number {
  if (bytes.left < count) throw damaged();
  let value = 0;
  for (let index = 0; index < count; index++) value += (bytes.bytes[bytes.at++] as number) * 256 ** index;
  return value;
}

async function varint(bytes: PageBytes): Promise<number> {
  await bytes.hold(LONGEST_TAG);
  let value = 0;
  for (let factor = 1; factor < 2 ** 35; factor *= 128) {
    const byte = littleEndian(bytes, 1);
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
  }
  throw damaged();
}

const damaged = () => new ParquetError("damaged", "its Snappy data is damaged");
