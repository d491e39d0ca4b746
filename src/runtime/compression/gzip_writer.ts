/** Compresses what is written to files. */
import { throughNode } from "./node_step.ts";
import { openZlib } from "./zlib.ts";
import type { ZlibHandle } from "./zlib_handle.ts";

const CHUNK_BYTES = 256 * 1024;

/** Twice as fast as the default level, for files that are a few percent larger. */
const LEVEL = 4;

/**
 * The bytes of `source` as one gzip member, in chunks of up to 256 KiB, compressed on another thread while the next are
 * being made. The chunks have memory of their own; those of the source need not.
 *
 * @param level 1 (fastest) to 9 (smallest)
 */
export async function* gzipped(source: AsyncIterable<Uint8Array>, level = LEVEL): AsyncGenerator<Uint8Array, void> {
  const handle = await openZlib("gzip", level);
  if (handle === undefined) return yield* gzippedByStream(source, level);
  const output = new Uint8Array(CHUNK_BYTES);
  let collecting = new Uint8Array(CHUNK_BYTES);
  let other = new Uint8Array(CHUNK_BYTES);
  let collected = 0;
  let working: Promise<Uint8Array[]> | undefined;
  try {
    for await (const piece of source) {
      for (let start = 0; start < piece.length;) {
        const part = piece.subarray(start, start + CHUNK_BYTES - collected);
        collecting.set(part, collected);
        collected += part.length;
        start += part.length;
        if (collected < CHUNK_BYTES) continue;
        if (working !== undefined) yield* await working;
        working = pack(handle, collecting, collected, false, output);
        [collecting, other] = [other, collecting];
        collected = 0;
      }
    }
    if (working !== undefined) yield* await working;
    working = undefined;
    yield* await pack(handle, collecting, collected, true, output);
  } finally {
    // expected: a failure of the last step, when another failure or the reader has ended the work already
    await working?.catch(() => {});
    handle.close();
  }
}

/** Hands one piece of input to zlib, and takes what is ready. */
export async function pack(
  handle: ZlibHandle,
  input: Uint8Array,
  length: number,
  isEnd: boolean,
  output: Uint8Array,
): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for (let at = 0;;) {
    const step = handle.step(input, at, length, isEnd, output);
    if (step !== undefined) await step;
    if (handle.fault !== undefined) throw new Error(`zlib cannot compress: ${handle.fault}`);
    at = length - handle.inputLeft;
    const bytes = output.length - handle.outputLeft;
    if (bytes > 0) chunks.push(output.slice(0, bytes));
    if (handle.outputLeft > 0) return chunks;
  }
}

/** The same through the runtime's public streams, where zlib itself cannot be reached. */
export async function* gzippedByStream(
  source: AsyncIterable<Uint8Array>,
  level = LEVEL,
): AsyncGenerator<Uint8Array, void> {
  const { createGzip } = await import("node:zlib");
  yield* throughNode(source, createGzip({ level, chunkSize: CHUNK_BYTES }));
}
