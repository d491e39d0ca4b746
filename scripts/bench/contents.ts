/** Looks at what a benchmark wrote: a fast program that writes the wrong thing is worth nothing. */
import { closeSync, openSync, readSync } from "node:fs";

const LINE_FEED = 10;

/** How many line feeds a file has. */
export function fileLines(path: string): number {
  const file = openSync(path, "r");
  const buffer = Buffer.alloc(1 << 20);
  let lines = 0;
  for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
    const block = buffer.subarray(0, length);
    for (let at = block.indexOf(LINE_FEED); at >= 0; at = block.indexOf(LINE_FEED, at + 1)) lines++;
  }
  closeSync(file);
  return lines;
}

/** Throws when two figures differ that must not. */
export function requireEqual(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${actual} ${what} instead of ${expected}`);
}
