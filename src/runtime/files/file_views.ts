/** Reads a file without leaving garbage behind. */
import { promises as fs } from "node:fs";

const BUFFER_BYTES = 512 * 1024;

/**
 * The bytes of a file. A chunk is a view of memory that is used again, good until the next is asked for; while the reader
 * has it, the next is being read.
 */
export async function* readFileViews(path: string): AsyncGenerator<Uint8Array, void> {
  const handle = await fs.open(path, "r");
  const buffers = [new Uint8Array(BUFFER_BYTES), new Uint8Array(BUFFER_BYTES)] as const;
  const fill = (turn: number) => {
    const filled = handle.read(buffers[turn] as Uint8Array, 0, BUFFER_BYTES, null);
    // expected: any failure to read: it belongs to its turn, which waits for the same promise
    filled.catch(() => {});
    return filled;
  };
  let next = fill(0);
  try {
    for (let turn = 0;; turn = 1 - turn) {
      const { bytesRead } = await next;
      if (bytesRead === 0) return;
      next = fill(1 - turn);
      yield (buffers[turn] as Uint8Array).subarray(0, bytesRead);
    }
  } finally {
    // expected: any failure to read ahead, since nobody wants the rest any more
    await next.catch(() => {});
    await handle.close();
  }
}
