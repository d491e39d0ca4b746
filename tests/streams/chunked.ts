/** Feeds text to transforms in chunks cut at awkward places. */

const encoder = new TextEncoder();

/** A text or bytes, in chunks of `size` bytes. */
export async function* chunked(content: string | Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  for (let start = 0; start < bytes.length; start += size) {
    await Promise.resolve();
    yield bytes.subarray(start, start + size);
  }
}

/** Sizes that cut in the middle of characters and line ends, and one that does not cut. */
export const CHUNK_SIZES = [1, 2, 3, 5, 7, 16, 1024];

/** A source that says whether it was cancelled, and never ends by itself. */
export function endless(chunk: string): { source: AsyncIterable<Uint8Array>; pulls(): number; cancelled(): boolean } {
  let pulls = 0;
  let cancelled = false;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulls++;
      controller.enqueue(encoder.encode(chunk));
    },
    cancel() {
      cancelled = true;
    },
  }, { highWaterMark: 0 });
  return { source, pulls: () => pulls, cancelled: () => cancelled };
}

/** Everything that comes out, as one text. */
export async function textOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of source) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
