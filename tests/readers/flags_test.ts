/**
 * The official Python SDK beside the decisions made here, for ten thousand users and definitions as nobody would write
 * them: `npm run test:readers`. Where it decides otherwise than the one for Node, the definition is listed below, and
 * the guide of flags has the kind.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { it } from "node:test";
import type { EvaluationContext } from "../../src/api/flag_evaluation.ts";
import { readDefinitions } from "../../src/commands/flags/shared/local.ts";
import { decideFlag } from "../../src/jobs/local_flags/decide.ts";
import { describeUnless } from "../helpers/needs.ts";
import { installPackages, SDK } from "../helpers/python_packages.ts";
import { type Json, ODD, users } from "../jobs/local_flags/odd_flags.ts";

const script = join(import.meta.dirname!, "flags.py");
const contexts = [...users(10_000)];

interface Disagreement {
  /** Whom it concerns; all by default. */
  who?: (context: Json) => boolean;
  /** Rules, or whole rollouts where these have no rule. */
  rules: unknown[];
}
const DISAGREEMENTS: Record<string, Disagreement> = {
  "a rule is asked for somebody without custom properties: Python takes it not to hold": {
    who: ({ custom_properties }) => custom_properties === undefined,
    rules: [
      "text",
      { var: ["nothing", "fallback"] },
      { var: ["absent", "fallback"] },
      { "==": [{ var: "absent" }, null] },
      { "!": [{ var: "beta" }] },
    ],
  },
  "a definition of no pairs is asked for somebody without custom properties: Python takes it to hold": {
    who: ({ custom_properties }) => custom_properties === undefined,
    rules: [{ runtime_evaluation_definition: {} }],
  },
  "a list of nothing at the end of a rule: Python takes it for false": {
    rules: [
      { var: "tags" },
      { and: [{ var: "plan" }, { var: "tags" }] },
      { merge: [{ var: "tags" }, []] },
      { missing: ["plan", "seats"] },
    ],
  },
  "operators that the libraries have differently, or that Python's has not": {
    rules: [
      { a: 1, b: 2 },
      { and: [] },
      { "*": [] },
      { "*": ["0"] },
      { ">": [{ var: "seats" }, 1, 99] },
      { in: [{ var: "seats" }, "1234"] },
      { substr: [{ var: "plan" }, -2] },
      { none: [{ var: "tags" }, { "==": [{ var: "" }, "beta"] }] },
    ],
  },
  "values that Python's SDK ends at": {
    rules: [
      { rollout_percentage: null },
      { variant_splits: { a: null } },
      { runtime_evaluation_definition: { plan: "pro", seats: 3 } },
      { runtime_evaluation_definition: { beta: true } },
      { runtime_evaluation_definition: { nothing: null } },
    ],
  },
};

type Ruleset = { variants: Json[]; rollout: Json[] };

/** With all that the SDK for Python asks for, as real definitions have it. */
function complete(definition: Json): Json {
  const ruleset = definition.ruleset as Ruleset;
  const variants = ruleset.variants.map((one) => ({ is_control: false, value: null, ...one }));
  return { name: "n", status: "enabled", project_id: 1, ...definition, ruleset: { ...ruleset, variants } };
}

/** The kind of disagreement that a definition is listed under. */
function kindOf(definition: Json): string | undefined {
  const [{ runtime_evaluation_rule: rule, ...rollout } = {} as Json] = (definition.ruleset as Ruleset).rollout;
  const wanted = JSON.stringify(rule === undefined ? rollout : rule);
  const listed = (one: unknown) => JSON.stringify(rule === undefined ? { rollout_percentage: 1, ...one as Json } : one);
  return Object.keys(DISAGREEMENTS).find((kind) => DISAGREEMENTS[kind]!.rules.some((one) => listed(one) === wanted));
}

const installed = installPackages(SDK);
describeUnless("reason" in installed && installed.reason, "decisions made here and by the official Python SDK", () => {
  const { python } = installed as { python: string };

  it("are the same, but where it disagrees with the one for Node", () => {
    const definitions = ODD.map(complete);
    const { stdout, stderr } = spawnSync(python, [script], {
      input: JSON.stringify({ definitions, contexts }),
      encoding: "utf8",
      maxBuffer: 1e9,
    });
    const theirs = stdout.trim().split("\n").map((line) => JSON.parse(line) as (string | null)[]);
    assert.equal(theirs.length, definitions.length, stderr);
    const different = new Set<unknown>();
    for (const [index, definition] of definitions.entries()) {
      const [own] = readDefinitions({ flags: [definition] });
      const kind = kindOf(definition);
      const { who = () => true } = kind === undefined ? { who: () => false } : DISAGREEMENTS[kind]!;
      for (const [user, context] of contexts.entries()) {
        const ours = decideFlag(own!, context as EvaluationContext).variant?.key ?? null;
        if (ours === theirs[index]![user]) continue;
        assert.ok(who(context), `${JSON.stringify({ definition, context })}: ${ours}, ${theirs[index]![user]}`);
        different.add(definition);
      }
      assert.equal(different.has(definition), kind !== undefined, JSON.stringify(definition));
    }
    assert.equal(different.size, Object.values(DISAGREEMENTS).flatMap(({ rules }) => rules).length);
  });
});
