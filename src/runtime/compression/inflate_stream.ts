/** Decompresses gzip through the runtime's public streams, where zlib itself cannot be reached. */
import { BrokenGzipError } from "./broken_gzip.ts";
import { throughNode } from "./node_step.ts";

const CHUNK_BYTES = 256 * 1024;

/** As `inflated` in `inflate.ts`, but slower. What comes after zeros behind the last member is not looked at. */
export async function* inflatedByStream(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const { createGunzip } = await import("node:zlib");
  yield* throughNode(
    source,
    createGunzip({ chunkSize: CHUNK_BYTES }),
    (cause) => new BrokenGzipError((cause as { code?: string }).code === "Z_BUF_ERROR", { cause }),
  );
}
