/** Bytes after each other, in memory of their own. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** A source whose chunks are all views of one piece of memory, which is changed when the next one is asked for. */
export async function* reused(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array, void> {
  const memory = new Uint8Array(chunkBytes);
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    await Promise.resolve();
    const part = bytes.subarray(start, start + chunkBytes);
    memory.set(part);
    yield memory.subarray(0, part.length);
    memory.fill(0xaa);
  }
}

/** All that comes out. */
export async function collected(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of source) parts.push(chunk);
  return joined(parts);
}
