/** What a promise fails with, which must be an error of this program's own. */
import assert from "node:assert/strict";
import { MpError } from "../../src/errors.ts";

export async function failure(promise: Promise<unknown>): Promise<MpError> {
  const error = await promise.then(() => assert.fail("it did not fail"), (error) => error);
  assert.ok(error instanceof MpError, String(error));
  return error;
}
