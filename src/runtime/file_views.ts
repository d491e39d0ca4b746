/** Reads a file without leaving garbage behind. */
import { promises as fs } from "node:fs";

const BUFFER_BYTES = 512 * 1024;

/** The bytes of a file. A chunk is a view of memory that is used again, good until the next is asked for. */
export async function* readFileViews(path: string): AsyncGenerator<Uint8Array, void> {
  const handle = await fs.open(path, "r");
  try {
    const buffer = new Uint8Array(BUFFER_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
