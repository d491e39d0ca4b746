/** Decisions at home, held against the official Node SDK and against the sandbox, which share no code with them. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { EvaluationContext, FlagDefinition } from "../../../src/api/flag_evaluation.ts";
import { decideFlag } from "../../../src/jobs/local_flags/decide.ts";
import type { SavedFlag } from "../../../src/sandbox/app/feature_flags.ts";
import { assign } from "../../../src/sandbox/flags/assign.ts";

interface Provider {
  flagDefinitions: Map<string, unknown>;
  getAllVariants(context: unknown): Record<string, { variant_key: string; is_qa_tester?: boolean }>;
}
const Sdk = createRequire(import.meta.url)("mixpanel/lib/flags/local_flags.js") as new (
  ...values: unknown[]
) => Provider;

function decideWithSdk(flag: FlagDefinition, context: EvaluationContext): string | undefined {
  const silent = { warn() {}, error() {} };
  const sdk = new Sdk("token", {}, () => {}, silent);
  sdk.flagDefinitions.set(flag.key, flag);
  return sdk.getAllVariants(context)[flag.key]?.variant_key;
}

function flagOf(
  changes: Partial<Omit<FlagDefinition, "ruleset">> & { ruleset?: Partial<FlagDefinition["ruleset"]> } = {},
): FlagDefinition {
  const ruleset = {
    variants: [{ key: "treatment", value: "new", split: 0.5 }, { key: "control", value: "old", split: 0.5 }],
    rollout: [{ rollout_percentage: 1, runtime_evaluation_rule: undefined }],
    ...changes.ruleset,
  };
  return { key: "new-nav", context: "distinct_id", hash_salt: "s".repeat(32), ...changes, ruleset };
}

const decide = (flag: FlagDefinition, context: EvaluationContext) => {
  const { variant, why } = decideFlag(flag, context);
  return [variant?.key, why];
};

describe("decideFlag", () => {
  it("says who is a test user, in any letter case of the variant", () => {
    const test = { users: { "qa-1": "TREATMENT", "qa-2": "gone" } };
    const flag = flagOf({ ruleset: { test, rollout: [] } });
    const decision = decideFlag(flag, { distinct_id: "qa-1" });
    assert.deepEqual(decision, {
      flag: "new-nav",
      variant: { key: "treatment", value: "new" },
      why: "qa-1 is a test user of it",
      isTester: true,
    });
    assert.deepEqual(decide(flag, { distinct_id: "qa-2" }), [undefined, "it has no rollout"]);
  });

  it("needs the field that the flag sticks to", () => {
    const flag = flagOf({ context: "device_id" });
    assert.deepEqual(decide(flag, { distinct_id: "u-1" }), [undefined, "the context has no device_id"]);
    assert.notEqual(decide(flag, { distinct_id: "u-1", device_id: "d-1" })[0], undefined);
  });

  it("says how far each rollout was missed, and takes the first that fits", () => {
    const plan = { "==": [{ var: "Plan" }, "PRO"] };
    const rollout = [
      { rollout_percentage: 0, runtime_evaluation_rule: undefined },
      { rollout_percentage: 1, runtime_evaluation_rule: plan, variant_override: { key: "control" } },
    ];
    const flag = flagOf({ ruleset: { rollout } });
    const [variant, why] = decide(flag, { distinct_id: "u-1" });
    assert.equal(variant, undefined);
    assert.match(
      String(why),
      /^outside rollout 1 \(place \d+ of 100, not below 0\); outside rollout 2 .*its rule does not hold\)$/,
    );
    // Names and texts are put into lower case on both sides.
    const [forced, reason] = decide(flag, { distinct_id: "u-1", custom_properties: { PLAN: "Pro" } });
    assert.equal(forced, "control");
    assert.match(String(reason), /^in rollout 2 \(place \d+ of 100, below 100\); the rollout names its variant$/);
  });

  it("serves by whatever counts as true, and not by a rule that it cannot evaluate", () => {
    const withRule = (rule: unknown, custom_properties?: Record<string, unknown>) =>
      decide(flagOf({ ruleset: { rollout: [{ rollout_percentage: 1, runtime_evaluation_rule: rule }] } }), {
        distinct_id: "u",
        custom_properties,
      });
    for (const rule of [{}, { var: "x" }, { "+": [1, 2] }, { and: [true, { var: "x" }] }, null, undefined]) {
      assert.notEqual(withRule(rule, { x: "yes" })[0], undefined, JSON.stringify(rule));
    }
    for (const rule of [{ var: "x" }, { var: "gone" }, { "+": [1, -1] }, { and: [true, { var: "x" }] }]) {
      assert.match(String(withRule(rule, { x: "" })[1]), /its rule does not hold/, JSON.stringify(rule));
    }
    assert.match(String(withRule({ telepathy: [1] })[1]), /cannot be evaluated: unknown operator "telepathy"/);
    assert.match(String(withRule({ constructor: [1] })[1]), /unknown operator "constructor"/);
    assert.match(String(withRule({ missing_some: [1, null] })[1]), /its rule cannot be evaluated/);
  });

  it("does not look at the status, and compares names of the older definition as they are written", () => {
    const withPairs = (pairs: Record<string, unknown>, custom_properties?: Record<string, unknown>) => {
      const rollout = [{
        rollout_percentage: 1,
        runtime_evaluation_rule: undefined,
        runtime_evaluation_definition: pairs,
      }];
      return decide(flagOf({ status: "active", ruleset: { rollout } }), { distinct_id: "u", custom_properties });
    };
    assert.notEqual(withPairs({ plan: "PRO" }, { Plan: "pro" })[0], undefined);
    assert.match(String(withPairs({ Plan: "pro" }, { Plan: "pro" })[1]), /it asks for a property "Plan"/);
    assert.match(String(withPairs({ plan: "pro" })[1]), /it asks for custom properties/);
    assert.notEqual(withPairs({ build: 12345678901234567890n }, { build: 12345678901234567890n })[0], undefined);
  });

  it("orders shares by key, or as the definition has them", () => {
    const flag = flagOf();
    const users = Array.from({ length: 50 }, (_, index) => ({ distinct_id: `u-${index}` }));
    const orders = users.map((
      user,
    ) => [decideFlag(flag, user).variant?.key, decideFlag(flag, user, "definition").variant?.key]);
    assert.ok(orders.every(([byKey, asDefined]) => byKey !== asDefined), "halves in reverse order are swapped");
  });

  it("is not confused by people who are called like something that every object has", () => {
    const flag = flagOf({ ruleset: { test: { users: { "qa-1": "control" } } } });
    for (const id of ["constructor", "toString", "__proto__"]) {
      assert.equal(decideFlag(flag, { distinct_id: id }).isTester, false, id);
    }
  });

  it("does what the official Node SDK does", () => {
    fc.assert(
      fc.property(anyFlag, anyContext, (flag, context) => {
        assert.equal(decideFlag(flag, context, "definition").variant?.key, decideWithSdk(flag, context));
      }),
      { numRuns: 500 },
    );
  });

  it("does what the sandbox does", () => {
    fc.assert(
      fc.property(anyFlag, anyContext, (flag, context) => {
        const salted = { ...flag, hash_salt: flag.hash_salt ?? "", context: "distinct_id" };
        const assigned = assign(salted as unknown as SavedFlag, context, () => true);
        assert.equal(decideFlag(salted, context).variant?.key, assigned?.variant.key);
      }),
      { numRuns: 500 },
    );
  });
});

const share = fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100);
const rule = fc.constantFrom<unknown>(
  undefined,
  { "==": [{ var: "plan" }, "Pro"] },
  { in: [{ var: "country" }, ["DE", "fr"]] },
  { and: [{ "!": [{ missing: ["plan"] }] }, { ">": [{ var: "seats" }, 3] }] },
  { or: [{ "===": [{ var: "plan" }, "free"] }, { "<=": [2, { var: "seats" }, 5] }] },
  { some: [{ var: "tags" }, { "==": [{ var: "" }, "Beta"] }] },
  { semver_compare: [{ var: "version" }, ">=", "2.0.0-rc.2"] },
  { datetime_compare: [{ var: "since" }, "<", Date.UTC(2026, 5, 1)] },
);
const keys = fc.uniqueArray(fc.constantFrom("control", "treatment", "b", "C", "on"), { minLength: 1, maxLength: 4 });
const anyFlag: fc.Arbitrary<FlagDefinition> = fc.record({
  key: fc.constantFrom("new-nav", "Köln", "x"),
  salt: fc.constantFrom(undefined, "0123456789abcdef0123456789abcdef"),
  keys,
  splits: fc.array(share, { minLength: 4, maxLength: 4 }),
  context: fc.constantFrom("distinct_id", "device_id"),
  rollouts: fc.array(
    fc.record({
      share,
      rule,
      override: fc.constantFrom(undefined, "B", "gone"),
      splits: fc.option(fc.dictionary(fc.constantFrom("control", "on"), share)),
    }),
    { maxLength: 3 },
  ),
  pairs: fc.constantFrom<Record<string, unknown> | undefined>(undefined, { plan: "PRO" }),
  tester: fc.constantFrom(undefined, "CONTROL"),
}).map(({ key, salt, keys, splits, context, rollouts, pairs, tester }) => ({
  key,
  context,
  hash_salt: salt,
  ruleset: {
    variants: keys.map((one, index) => ({ key: one, value: one, split: splits[index]! })),
    rollout: rollouts.map((one) => ({
      rollout_percentage: one.share,
      runtime_evaluation_rule: one.rule,
      runtime_evaluation_definition: one.rule === undefined ? pairs : undefined,
      variant_splits: one.splits ?? {},
      variant_override: one.override === undefined ? undefined : { key: one.override },
    })),
    test: tester === undefined ? undefined : { users: { "u-1": tester } },
  },
}));
/** The SDK fails on them. */
const isNobodysName = (text: string): boolean => !(text in {});

const anyContext: fc.Arbitrary<EvaluationContext> = fc.record({
  distinct_id: fc.oneof(fc.constant("u-1"), fc.string({ minLength: 1, unit: "grapheme" }).filter(isNobodysName)),
  device_id: fc.constantFrom("d-1", "d-2"),
  custom_properties: fc.record({
    Plan: fc.constantFrom("pro", "FREE"),
    country: fc.constantFrom("de", "FR", "us"),
    seats: fc.integer({ min: 0, max: 6 }),
    tags: fc.constantFrom([], ["beta"], ["x", "BETA"]),
    version: fc.constantFrom("v2", "2.0.0-rc.1", "2.0.0-rc.10", "2.0.0-RC", "1.9", "nonsense", "2.0.0+build"),
    since: fc.constantFrom("2026-05-31T23:59:59Z", "2026-06-01T00:00:00z", "2026-02-30T00:00:00Z", "yesterday"),
  }, { requiredKeys: [] }),
});
