/** Zstandard for blocks in memory, at its fastest level. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export function zstdBlock(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, FASTEST);
}

/** The bytes of a block that `zstdBlock` has made, in memory of their own. */
export function unzstdBlock(block: Uint8Array): Uint8Array {
  const bytes = zstdDecompressSync(block);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
