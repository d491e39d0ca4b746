/** Zstandard for blocks in memory, at its fastest level. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: 256 * 1024 };
/** Blocks are mostly so large: what fits at once is not put together from pieces. */
const LARGE = { chunkSize: 512 * 1024 };

export function zstdBlock(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, FASTEST);
}

/** The bytes of a block that `zstdBlock` has made, in memory of their own. */
export function unzstdBlock(block: Uint8Array): Uint8Array {
  const bytes = zstdDecompressSync(block, LARGE);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
