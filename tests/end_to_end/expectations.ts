/** What a command must have printed and ended with. */
import assert from "node:assert/strict";
import type { BinaryResult } from "../helpers/binary.ts";

/** A command that failed: its exit code, all that stands on standard error, and nothing on standard output. */
export function assertFails(result: BinaryResult, code: number, stderr: string | RegExp): void {
  if (typeof stderr === "string") assert.equal(result.stderr, stderr);
  else assert.match(result.stderr, stderr);
  assert.equal(result.stdout, "");
  assert.equal(result.code, code);
}

/** A command that went well; returns its standard output. */
export function succeeded(result: BinaryResult): string {
  assert.equal(result.code, 0, `exit code ${result.code}: ${result.stderr}`);
  return result.stdout;
}
