/** Counts the bytes that pass. */

/** Passes chunks on unchanged and tells how many bytes each has, for a progress bar. */
export async function* countBytes(
  source: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of source) {
    onBytes(chunk.length);
    yield chunk;
  }
}
