/** Gives memory back before a garbage collector would, which sees neither how much there is nor how soon it is needed. */
import process from "node:process";

/** Frees what holds these bytes and nothing else; nobody may use them any more. */
export function freeMemory(bytes: Uint8Array): void {
  const buffer = bytes.buffer as ArrayBuffer;
  if (bytes.length > 0 && bytes.length === buffer.byteLength) buffer.transfer(0);
}

/** From this on a garbage collector is sent for; what it leaves is no reason to send again at once. */
const MUCH_MEMORY_BYTES = 128 * 1024 * 1024;
const COLLECT_EVERY = 10;

/**
 * For who makes many small things, a batch at a time: the function is to be called after each. Bun's collector lets
 * garbage pile up by the memory of the machine; here it is sent for when the process has become large. It takes some
 * milliseconds then.
 */
export function collector(): () => void {
  const { Bun: bun } = globalThis as { Bun?: { gc(isSynchronous: boolean): void } };
  if (bun === undefined) return () => {};
  let batches = 0;
  return () => {
    if (++batches < COLLECT_EVERY || process.memoryUsage.rss() < MUCH_MEMORY_BYTES) return;
    batches = 0;
    bun.gc(true);
  };
}
