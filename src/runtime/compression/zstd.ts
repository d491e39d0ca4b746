/** Compresses and decompresses Zstandard files. */
import { MpError } from "../../errors.ts";
import { throughNode } from "./node_step.ts";
import { ZstdFrames, ZstdRefusal } from "./zstd_frames.ts";

const CHUNK_BYTES = 256 * 1024;

/** zstd's own default: faster than gzip's fastest level, and smaller than its best. */
const LEVEL = 3;

/**
 * The bytes of `source` as one Zstandard frame with a check sum. The chunks have memory of their own; those of the
 * source need not.
 *
 * @param level 1 (fastest) to 19 (smallest)
 */
export async function* zstd(source: AsyncIterable<Uint8Array>, level = LEVEL): AsyncGenerator<Uint8Array, void> {
  const { constants, createZstdCompress } = await import("node:zlib");
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
  yield* throughNode(source, createZstdCompress({ chunkSize: CHUNK_BYTES, params }));
}

/**
 * The decompressed bytes of Zstandard data, which may be several frames after each other. The chunks have memory of
 * their own.
 *
 * @throws MpError (input) `bad_zstd` for data that is damaged or ends early, `zstd_refused` for what needs a dictionary
 * or more memory than there should be; what the source throws passes unchanged.
 */
export async function* unzstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const { createZstdDecompress } = await import("node:zlib");
  const frames = new ZstdFrames();
  // Deno's decoder loses a frame that begins within a chunk, so none does.
  const cutAtFrames = async function* () {
    for await (const chunk of source) {
      for (let start = 0; start < chunk.length;) {
        const end = followed(frames, chunk, start);
        yield chunk.subarray(start, end);
        start = end;
      }
    }
  };
  const step = createZstdDecompress({ chunkSize: CHUNK_BYTES });
  yield* throughNode(cutAtFrames(), step, (cause) => broken("is damaged", cause));
  if (!frames.isWhole) throw broken("ends early");
}

function followed(frames: ZstdFrames, chunk: Uint8Array, start: number): number {
  try {
    return frames.follow(chunk, start);
  } catch (cause) {
    if (!(cause instanceof ZstdRefusal)) throw cause;
    const message = `Cannot decompress the input: the compressed data ${cause.state}`;
    throw new MpError(message, { category: "input", code: "zstd_refused", hint: cause.hint, cause });
  }
}

function broken(state: string, cause?: unknown): MpError {
  return new MpError(`Cannot decompress the input: the compressed data ${state}`, {
    category: "input",
    code: "bad_zstd",
    cause,
  });
}
