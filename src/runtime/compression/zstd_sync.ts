/** Zstandard for blocks in memory, at its fastest level. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: 256 * 1024 };
/** Blocks are mostly so large: what fits at once is not put together from pieces. */
const LARGE = { chunkSize: 512 * 1024 };
/** Smaller ones can be parts of memory that Node's interface shares out, which nobody may free. */
const LEAST_CHUNK_BYTES = 64 * 1024;

export function zstdBlock(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, FASTEST);
}

/** What Bun has beside Node's interface: less than half of the processor's time for small blocks, and on another thread. */
interface WithBlocks {
  Bun?: { zstdCompress(bytes: Uint8Array, options: { level: number }): Promise<Uint8Array> };
}

/** The same on another thread, where the runtime has one for it. Nobody may change the bytes until it is done. */
export function zstdBeside(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array {
  const { Bun: bun } = globalThis as WithBlocks;
  return bun === undefined ? zstdBlock(bytes) : bun.zstdCompress(bytes, { level: 1 });
}

/**
 * The bytes of a block, in memory of their own.
 *
 * @param mostBytes more than so many, and than one, are an error
 */
export function unzstdBlock(block: Uint8Array, mostBytes?: number): Uint8Array {
  const options = mostBytes === undefined
    ? LARGE
    : { chunkSize: Math.max(LEAST_CHUNK_BYTES, mostBytes), maxOutputLength: Math.max(1, mostBytes) };
  const bytes = zstdDecompressSync(block, options);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
