/** Definitions of flags as nobody would write them, and users who ask for them. */
import fc from "fast-check";

export type Json = Record<string, unknown>;

const VARIANTS = [{ key: "a", value: 1, split: 0.3 }, { key: "B", value: { x: [null] }, split: 0.3 }, { key: "c" }];

let made = 0;
export const flag = (rollout: Json[] | Json, more: Json = {}, ruleset: Json = {}): Json => ({
  id: "i",
  key: `flag-${made++}`,
  context: "distinct_id",
  hash_salt: "salt",
  ruleset: {
    variants: VARIANTS,
    rollout: [rollout].flat().map((one) => ({ rollout_percentage: 1, ...one })),
    ...ruleset,
  },
  ...more,
});
export const rule = (runtime_evaluation_rule: unknown) => flag({ runtime_evaluation_rule });
const pairs = (runtime_evaluation_definition: unknown) => flag({ runtime_evaluation_definition });

export const ODD: Json[] = [
  flag({}),
  flag([]),
  flag({ rollout_percentage: 100 }),
  flag({ rollout_percentage: 0 }),
  flag({ rollout_percentage: null }),
  flag({ rollout_percentage: 0.37 }, { hash_salt: null }),
  flag([{ rollout_percentage: 0.2 }, { rollout_percentage: 0.5 }, { rollout_percentage: 0.9 }]),
  flag({}, { status: "active" }),
  flag({}, { status: "disabled" }),
  flag({}, { status: "archived", name: "old", tags: [] }),
  flag({}, { context: "device_id" }),
  flag({}, { context: "company" }),
  flag({ variant_splits: null }),
  flag({ variant_splits: { a: 0, B: 0, c: 1 } }),
  flag({ variant_splits: { a: null } }),
  flag({ variant_splits: { a: 0.5, gone: 0.5 } }),
  flag({ variant_override: { key: "b" } }),
  flag({ variant_override: { key: "gone" } }),
  flag({ variant_override: null }),
  flag({}, {}, { test: null }),
  flag({}, {}, { test: { users: { "user-1": "A", "user-2": "gone", "user-3": "c" } } }),
  flag({}, {}, { variants: [{ key: "only", value: null }] }),
  rule({}),
  rule(null),
  rule(""),
  rule(0),
  rule("text"),
  rule([]),
  rule({ a: 1, b: 2 }),
  rule({ var: "Plan" }),
  rule({ var: "empty" }),
  rule({ var: "tags" }),
  rule({ var: "nothing" }),
  rule({ var: ["nothing", "fallback"] }),
  rule({ var: ["absent", "fallback"] }),
  rule({ "==": [{ var: "beta" }, false] }),
  rule({ "==": [{ var: "absent" }, null] }),
  rule({ "!": [{ var: "beta" }] }),
  rule({ and: [{ var: "plan" }, { var: "tags" }] }),
  rule({ and: [] }),
  rule({ or: [{ var: "empty" }, 0] }),
  rule({ if: [{ "==": [{ var: "plan" }, "pro"] }, 1, 0] }),
  rule({ if: [] }),
  rule({ "+": [{ var: "seats" }, "-3"] }),
  rule({ "*": [] }),
  rule({ "*": ["0"] }),
  rule({ ">": [{ var: "seats" }, 1, 99] }),
  rule({ "<": [1, { var: "seats" }, 4] }),
  rule({ in: [{ var: "seats" }, "1234"] }),
  rule({ in: ["Beta", { var: "tags" }] }),
  rule({ missing: ["plan", "seats"] }),
  rule({ missing_some: [1, null] }),
  rule({ merge: [{ var: "tags" }, []] }),
  rule({ cat: [{ var: "empty" }] }),
  rule({ substr: [{ var: "plan" }, -2] }),
  rule({ telepathy: 1 }),
  rule({ "cat.length": 1 }),
  rule({ none: [{ var: "tags" }, { "==": [{ var: "" }, "beta"] }] }),
  pairs({}),
  pairs({ plan: "PRO" }),
  pairs({ Plan: "pro" }),
  pairs({ plan: "pro", seats: 3 }),
  pairs({ beta: true }),
  pairs({ nothing: null }),
  flag({ runtime_evaluation_rule: { "==": [1, 2] }, runtime_evaluation_definition: { plan: "pro" } }),
  flag({ runtime_evaluation_rule: null, runtime_evaluation_definition: { plan: "pro" } }),
];

export function* users(count: number): Generator<Json> {
  const plans = ["pro", "PRO", "free", undefined];
  const tags = [[], ["beta"], ["Beta", "eu"]];
  for (let index = 0; index < count; index++) {
    const custom_properties: Json = {
      Plan: plans[index % 4],
      seats: index % 6,
      BETA: index % 3 === 0,
      tags: tags[index % 3],
      empty: "",
      nothing: null,
    };
    if (index % 4 === 3) delete custom_properties.Plan;
    yield {
      distinct_id: index % 7 === 0 ? `Zoë-${index}` : `user-${index}`,
      ...index % 5 === 0 ? {} : { device_id: `d-${index}` },
      ...index % 11 === 0 ? {} : { custom_properties },
    };
  }
}

const leaf = fc.constantFrom<unknown>(0, 1, -2.5, "", "0", "pro", "Beta", true, false, null, [], ["beta"], {}, {
  a: 1,
  b: 2,
});
// Not `{ var: "" }`: Bun runs the library without its "use strict", so that what it finds there is an object.
const variable = fc.constantFrom<unknown>(
  { var: "Plan" },
  { var: "seats" },
  { var: "tags" },
  { var: "gone" },
  { var: ["gone", "pro"] },
  { var: "tags.0" },
);
const OPERATORS = [
  ...["==", "===", "!=", "!==", "<", "<=", ">", ">=", "!", "!!", "%", "+", "*", "-", "/", "min", "max", "in", "cat"],
  ...["substr", "merge", "if", "?:", "and", "or", "missing", "missing_some", "map", "filter", "all", "some", "none"],
];
export const { rule: anyRule } = fc.letrec<{ rule: unknown }>((tie) => ({
  rule: fc.oneof(
    { depthSize: "small" },
    leaf,
    variable,
    fc.tuple(fc.constantFrom(...OPERATORS), fc.array(tie("rule"), { maxLength: 3 }))
      .map(([name, args]) => ({ [name]: args })),
  ),
}));
// Always some, for the same reason.
export const anyProperties = fc.record({
  Plan: fc.constantFrom<unknown>("pro", "FREE", "", 0, null, ["pro"]),
  seats: fc.constantFrom<unknown>(0, 3, "3", 2.5),
  Tags: fc.constantFrom<unknown>([], ["beta"], ["x", "BETA"], "beta"),
}, { requiredKeys: [] });
