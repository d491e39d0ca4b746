/** The terminal as Node's streams, for prompts. Only interactive commands load it: touching these streams is slow. */
import process from "node:process";

/** Where a prompt reads and writes: standard error, so that standard output stays for results. */
export function promptStreams() {
  return { input: process.stdin, output: process.stderr };
}
