/** Decompresses files and pipes. */
import { MpError } from "../errors.ts";
import { BrokenGzipError, gunzipStream } from "./compressed_body.ts";

/**
 * The decompressed bytes of gzip data, in chunks of up to 256 KiB. Several gzip members after each other are one.
 *
 * @throws MpError (input, `bad_gzip`) for data that is damaged or ends early; what the source throws passes unchanged.
 */
export async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const chunks = source[Symbol.asyncIterator]();
  const compressed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void await chunks.return?.(),
  }, { highWaterMark: 0 });
  const reader = (await gunzipStream(compressed)).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    if (!(cause instanceof BrokenGzipError)) throw cause;
    const state = cause.isCut ? "the compressed data ends early" : "the compressed data is damaged";
    throw new MpError(`Cannot decompress the input: ${state}`, { category: "input", code: "bad_gzip", cause });
  } finally {
    await reader.cancel().catch(() => {});
  }
}
