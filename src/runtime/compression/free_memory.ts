/** Gives memory back before a garbage collector would, which sees neither how much there is nor how soon it is needed. */
import process from "node:process";

// JavaScriptCore compiles code that reads memory as if none ever went away, and throws all of it away when the first does. That
// is done before there is any: a thread that has worked for a second would compile everything again.
new Uint8Array(1).buffer.transfer(0);

/** Frees what holds these bytes and nothing else; nobody may use them any more. */
export function freeMemory(bytes: Uint8Array): void {
  const buffer = bytes.buffer as ArrayBuffer;
  if (bytes.length > 0 && bytes.length === buffer.byteLength) buffer.transfer(0);
}

/** From this on a garbage collector is sent for, whenever there is so much more than what it has left. */
const MUCH_MEMORY_BYTES = 128 * 1024 * 1024;
const MORE_BYTES = 8 * 1024 * 1024;

/**
 * For who makes many small things, a batch at a time: the function is to be called after each. Bun's collector lets
 * garbage pile up by the memory of the machine; here it is sent for when the process has become large. It takes some
 * milliseconds then.
 */
export function collector(): () => void {
  const { Bun: bun } = globalThis as { Bun?: { gc(isSynchronous: boolean): void } };
  if (bun === undefined) return () => {};
  let left = 0;
  return () => {
    const held = process.memoryUsage.rss();
    left = Math.min(left, held);
    if (held < Math.max(MUCH_MEMORY_BYTES, left + MORE_BYTES)) return;
    bun.gc(true);
    left = process.memoryUsage.rss();
  };
}
