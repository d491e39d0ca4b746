/**
 * Tests that need something which a machine may lack. No runner shows why a test was skipped, and Bun says nothing of a
 * skipped suite at all: here one skipped test stands for each, with the reason in its name.
 */
import { describe, it, type TestContext, type TestOptions } from "node:test";

/** What is missing, in a few words, such as `no zsh`; nothing when the test can run. */
export type Missing = string | false | undefined;

type TestBody = (context: TestContext) => void | Promise<void>;

/** `it`, unless something is missing. */
export function itUnless(missing: Missing, name: string, ...rest: [TestBody] | [TestOptions, TestBody]): void {
  if (missing) skip(name, missing);
  else if (rest.length === 1) it(name, rest[0]);
  else it(name, rest[0], rest[1]);
}

/** `describe`, unless something is missing. */
export function describeUnless(missing: Missing, name: string, body: () => void): void {
  if (missing) skip(name, missing);
  else describe(name, body);
}

function skip(name: string, missing: string): void {
  it(`${name} [${missing}]`, { skip: true }, () => {});
}
