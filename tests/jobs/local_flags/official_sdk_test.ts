/**
 * The official Node SDK beside the decisions made here: ten thousand users and definitions as nobody would write them.
 * The right answer is what the SDK does, not what its documentation says.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readDefinitions } from "../../../src/commands/flags/shared/local.ts";
import { decideFlag } from "../../../src/jobs/local_flags/decide.ts";
import { anyProperties, anyRule, flag, type Json, ODD, rule, users } from "./odd_flags.ts";

interface Provider {
  flagDefinitions: Map<string, unknown>;
  getAllVariants(context: unknown): Record<string, { variant_key: string; is_qa_tester?: boolean }>;
}
const Sdk = createRequire(import.meta.url)("mixpanel/lib/flags/local_flags.js") as new (
  ...values: unknown[]
) => Provider;

function sdkWith(definitions: readonly Json[]): Provider {
  const sdk = new Sdk("token", {}, () => {}, { warn() {}, error() {} });
  sdk.flagDefinitions = new Map(definitions.map((one) => [one.key as string, one]));
  return sdk;
}

function assertAgree(definitions: readonly Json[], contexts: Iterable<Json>): void {
  const sdk = sdkWith(definitions);
  const own = readDefinitions({ flags: definitions });
  for (const context of contexts) {
    const theirs = Object.fromEntries(
      Object.entries(sdk.getAllVariants(context)).map(([key, { variant_key }]) => [key, variant_key]),
    );
    const decisions = own.map((one) => decideFlag(one, context as { distinct_id: string }, "definition"));
    const ours = Object.fromEntries(
      decisions.flatMap(({ flag, variant }) => variant === undefined ? [] : [[flag, variant.key]]),
    );
    assert.deepEqual(ours, theirs, JSON.stringify(context));
  }
}

describe("decisions made here and by the official Node SDK", () => {
  it("are the same for ten thousand users and definitions of every odd kind", () => {
    const everyone = [...users(10_000)];
    for (let part = 0; part < 5; part++) {
      assertAgree(
        ODD.filter((_one, index) => index % 5 === part),
        everyone.slice(part * 2000, part * 2000 + 2000),
      );
    }
  });

  it("are the same for rules that nobody has thought of", () => {
    fc.assert(
      fc.property(fc.array(anyRule, { minLength: 1, maxLength: 5 }), anyProperties, (rules, custom_properties) => {
        assertAgree(rules.map(rule), [{ distinct_id: "u", custom_properties }]);
      }),
      { numRuns: 3000 },
    );
  });

  it("take the last of several definitions of a key", () => {
    const first = flag({ variant_override: { key: "a" } });
    const [decided] = readDefinitions({
      flags: [first, { ...flag({ variant_override: { key: "c" } }), key: first.key }],
    })
      .map((one) => decideFlag(one, { distinct_id: "u" }).variant?.key);
    assert.equal(decided, "c");
  });
});
