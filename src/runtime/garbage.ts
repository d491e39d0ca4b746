/** Sends for the garbage collector, which does not see how much memory large things hold until it is late. */

declare const Bun: { gc(isSynchronous: boolean): void } | undefined;

/** It takes some milliseconds. */
const COLLECT_AFTER_BYTES = 32 * 1024 * 1024;

/** Of all that has been reported and not taken back. */
let uncollectedBytes = 0;

/** Reports memory that is or will soon be garbage. After as much as is worth it, the collector runs at once. */
export function reportGarbage(bytes: number): void {
  uncollectedBytes += bytes;
  if (uncollectedBytes <= COLLECT_AFTER_BYTES || typeof Bun !== "object") return;
  uncollectedBytes = 0;
  Bun.gc(true);
}

/** Takes a report back: the memory has been freed in another way. */
export function takeBackGarbage(bytes: number): void {
  uncollectedBytes = Math.max(0, uncollectedBytes - bytes);
}
