/** Decompresses files and pipes. */
import { MpError } from "../../errors.ts";
import { BrokenGzipError } from "./broken_gzip.ts";
import { freeMemory } from "./free_memory.ts";
import { inflated } from "./inflate.ts";

/** Like `gunzipViews`; but a chunk has memory of its own, for readers that keep what they get. */
export async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of gunzipViews(source)) yield chunk.slice();
}

/**
 * The decompressed bytes of gzip data. Several gzip members after each other are one. A chunk is a view of memory that is
 * used again, good until the next is asked for; so may those of the source be.
 *
 * @throws MpError (input, `bad_gzip`) for data that is damaged or ends early; what the source throws passes unchanged.
 */
export async function* gunzipViews(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* inflatedCopies(source);
  } catch (cause) {
    if (!(cause instanceof BrokenGzipError)) throw cause;
    const state = cause.isCut ? "the compressed data ends early" : "the compressed data is damaged";
    throw new MpError(`Cannot decompress the input: ${state}`, { category: "input", code: "bad_gzip", cause });
  }
}

/**
 * A file's chunks are views of memory that is used again as soon as the next is asked for, which is before this one is used
 * up: what is decompressed are copies, for which the same memory is used again, too.
 */
async function* inflatedCopies(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const rooms: Uint8Array[] = [];
  const copies = async function* (): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of source) {
      let room = rooms.pop();
      if (room === undefined || room.length < chunk.length) room = new Uint8Array(chunk.length);
      room.set(chunk);
      yield room.subarray(0, chunk.length);
    }
  };
  try {
    yield* inflated(copies(), ({ buffer }) => void rooms.push(new Uint8Array(buffer)));
  } finally {
    for (const room of rooms) freeMemory(room);
  }
}
