/** Joins chunks of bytes. */

/** One array of all bytes; a single chunk is returned as it is. */
export function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const whole = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** Gives back at once the memory of bytes that nobody uses any more, when they have it for themselves. */
export function giveBack(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (bytes.length > 0 && bytes.length === buffer.byteLength) (buffer as ArrayBuffer).transfer(0);
}
