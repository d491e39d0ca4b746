import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import type { Lab } from "../lab.ts";
import { facts } from "./facts.ts";

const PATH = `/projects/${SANDBOX.projectId}/workspaces/${SANDBOX.workspaceId}/feature-flags`;
const TOKEN = `token=${SANDBOX.token}`;
const SALT = "0123456789abcdef0123456789abcdef";

type Json = Record<string, unknown>;

interface Wanted {
  key?: string;
  context?: string;
  variants?: Json[];
  rollout?: Json[];
  test?: Json;
}

const variant = (key: string, split: number, value: unknown = key) => ({ key, value, is_control: false, split });
const everyone = { rollout_percentage: 1, variant_splits: {} };

async function makeFlag(lab: Lab, wanted: Wanted = {}): Promise<string> {
  const { key = "f", context = "distinct_id", variants = [variant("on", 1)], rollout = [everyone], test } = wanted;
  const { status, text, json } = await lab.app("POST", PATH, {
    name: key,
    key,
    tags: [],
    context,
    serving_method: "client",
    status: "enabled",
    hash_salt: SALT,
    ruleset: { variants, rollout, ...(test && { test: { users: test } }) },
  });
  assert.equal(status, 200, text);
  return json.results.id;
}

const evaluate = (lab: Lab, context: Json, query = TOKEN) =>
  lab.send(`/flags?${query}&context=${encodeURIComponent(JSON.stringify(context))}`, { auth: "" });
const flagsOf = async (lab: Lab, context: Json) => (await evaluate(lab, context)).json.flags;
/** The variant of the flag `f`. */
const dealt = async (lab: Lab, context: Json) => (await flagsOf(lab, context)).f?.variant_key;

/** FNV-1a of 64 bits as its authors write it, as one of a hundred, in hundredths. */
function share(text: string): number {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return Number(hash % 100n) / 100;
}

const USERS = Array.from({ length: 200 }, (_, n) => `user-${n}`);

/** A flag with one rollout that has a rule, asked with these properties. */
async function fits(lab: Lab, rollout: Json, custom_properties: Json): Promise<boolean> {
  await makeFlag(lab, { key: "f", rollout: [{ ...everyone, ...rollout }] });
  const found = await dealt(lab, { distinct_id: "u", custom_properties });
  const { json } = await lab.app("GET", PATH);
  await lab.app("DELETE", `${PATH}/${json.results[0].id}`);
  return found !== undefined;
}

facts("5.6", "feature flags are evaluated", {
  "5.6-1": {
    says: "a flag has variant_key, variant_value and is_qa_tester, and what it has of an experiment",
    async holds(lab) {
      await makeFlag(lab);
      const { json: { results: { id } } } = await lab.app("POST", `/workspaces/${SANDBOX.workspaceId}/experiments`, {
        name: "E",
      });
      const flag = (await lab.app("GET", PATH)).json.results[0];
      assert.deepEqual((await flagsOf(lab, { distinct_id: "u" })).f, {
        variant_key: "on",
        variant_value: "on",
        is_qa_tester: false,
      });
      const { name, key, tags, context, serving_method, status, ruleset } = flag;
      const whole = { name, key, tags, context, serving_method, status, ruleset, experiment_id: id };
      assert.equal((await lab.app("PUT", `${PATH}/${flag.id}`, whole)).status, 200);
      const { experiment_id, is_experiment_active } = (await flagsOf(lab, { distinct_id: "u" })).f;
      assert.deepEqual([experiment_id, is_experiment_active], [id, false]);
    },
  },
  "5.6-2": {
    says: "flags that do not apply are absent: without their context's key, outside of the rollout, disabled",
    async holds(lab) {
      await makeFlag(lab, { key: "by-company", context: "company_id" });
      await makeFlag(lab, { key: "nobody", rollout: [{ ...everyone, rollout_percentage: 0 }] });
      const id = await makeFlag(lab, { key: "archived" });
      await lab.app("POST", `${PATH}/${id}/archive/`);
      assert.deepEqual(await flagsOf(lab, { distinct_id: "u" }), {});
      assert.deepEqual(Object.keys(await flagsOf(lab, { distinct_id: "u", company_id: "c" })), ["by-company"]);
    },
  },
  "5.6-3": {
    says: "a tester gets the variant of the test, whatever its letter case, and is marked",
    async holds(lab) {
      const variants = [variant("on", 1), variant("off", 0)];
      await makeFlag(lab, { variants, test: { tester: "OFF" }, rollout: [] });
      const { variant_key, is_qa_tester } = (await flagsOf(lab, { distinct_id: "tester" })).f;
      assert.deepEqual([variant_key, is_qa_tester], ["off", true]);
    },
  },
  "5.6-4": {
    says:
      "a rollout has those whose hash of id, key, salt and its index is below its share; the first that fits counts",
    async holds(lab) {
      const first = { ...everyone, rollout_percentage: 0.3, variant_override: { key: "a" } };
      const second = { ...everyone, rollout_percentage: 0.6, variant_override: { key: "b" } };
      await makeFlag(lab, { variants: [variant("a", 0.5), variant("b", 0.5)], rollout: [first, second] });
      for (const id of USERS) {
        const place = (index: number) => share(`${id}f${SALT}${index}`);
        const expected = place(0) < 0.3 ? "a" : place(1) < 0.6 ? "b" : undefined;
        assert.equal(await dealt(lab, { distinct_id: id }), expected, id);
      }
    },
  },
  "5.6-5": {
    says: "the variant is that in whose share the hash with 'variant' lies, and variant_splits replace shares",
    async holds(lab) {
      const variants = [variant("a", 0.2), variant("b", 0.3), variant("c", 0.5)];
      for (const splits of [{ a: 0.2, b: 0.3, c: 0.5 }, { a: 0.7, b: 0.2, c: 0.1 }]) {
        const key = splits.a === 0.2 ? "own" : "replaced";
        const variant_splits = key === "own" ? {} : splits;
        await makeFlag(lab, { key, variants, rollout: [{ ...everyone, variant_splits }] });
        for (const id of USERS) {
          const place = share(`${id}${key}${SALT}variant`);
          const expected = place < splits.a ? "a" : place < splits.a + splits.b ? "b" : "c";
          assert.equal((await flagsOf(lab, { distinct_id: id }))[key].variant_key, expected, id);
        }
      }
    },
  },
  "5.6-6": {
    says: "a rule is JsonLogic over custom_properties, without regard to letter case",
    async holds(lab) {
      const rule = (operator: string, ...args: unknown[]) => ({ runtime_evaluation_rule: { [operator]: args } });
      const plan = { var: "plan" };
      assert.equal(await fits(lab, rule("==", plan, "PRO"), { Plan: "Pro" }), true);
      assert.equal(await fits(lab, rule("==", plan, "free"), { plan: "pro" }), false);
      assert.equal(await fits(lab, rule("in", plan, ["a", "pro"]), { plan: "pro" }), true);
      assert.equal(
        await fits(lab, rule("and", { ">=": [{ var: "n" }, 3] }, { "!": [{ var: "none" }] }), { n: 3 }),
        true,
      );
    },
  },
  "5.6-7": {
    says: "rules know versions and moments",
    async holds(lab) {
      const version = (wanted: string) => ({
        runtime_evaluation_rule: { semver_compare: [{ var: "v" }, ">=", wanted] },
      });
      assert.equal(await fits(lab, version("1.2.0"), { v: "1.10.0" }), true);
      assert.equal(await fits(lab, version("2.0.0"), { v: "1.10.0" }), false);
      const before = { runtime_evaluation_rule: { datetime_compare: [{ var: "at" }, "<", Date.UTC(2026, 0, 2)] } };
      assert.equal(await fits(lab, before, { at: "2026-01-01T00:00:00Z" }), true);
      assert.equal(await fits(lab, before, { at: "2026-01-03T00:00:00Z" }), false);
    },
  },
  "5.6-8": {
    says: "the definitions have what evaluation at home needs",
    async holds(lab) {
      await makeFlag(lab, { test: { tester: "on" } });
      const { json } = await lab.send(`/flags/definitions?${TOKEN}`, { auth: "" });
      const [flag] = json.flags;
      assert.deepEqual([flag.key, flag.status, flag.context, flag.hash_salt], ["f", "enabled", "distinct_id", SALT]);
      assert.deepEqual([flag.project_id, flag.workspace_id], [SANDBOX.projectId, SANDBOX.workspaceId]);
      const [one] = flag.ruleset.variants;
      assert.deepEqual([one.key, one.value, one.is_control, one.is_sticky, one.split], ["on", "on", false, false, 1]);
      assert.equal(flag.ruleset.rollout[0].rollout_percentage, 1);
      assert.deepEqual(flag.ruleset.test.users, { tester: "on" });
    },
  },
  "5.6-9": {
    says: "what is wrong is 400 or 401 with error and status",
    async holds(lab) {
      for (
        const [query, context, status] of [[TOKEN, "nothing", 400], ["token=none", { distinct_id: "u" }, 401], ["", {
          distinct_id: "u",
        }, 401]] as const
      ) {
        const answer = await evaluate(lab, context as Json, query);
        assert.deepEqual([answer.status, answer.json.status, typeof answer.json.error], [status, "error", "string"]);
      }
    },
  },
  "5.6-10": {
    says: "flag_key asks for one, and what SDKs send beside it is ignored",
    async holds(lab) {
      await makeFlag(lab);
      await makeFlag(lab, { key: "other" });
      const sdk = `${TOKEN}&mp_lib=python&%24lib_version=5`;
      assert.deepEqual(Object.keys((await evaluate(lab, { distinct_id: "u" }, sdk)).json.flags).sort(), ["f", "other"]);
      const { json } = await evaluate(lab, { distinct_id: "u" }, `${sdk}&flag_key=other`);
      assert.deepEqual(Object.keys(json.flags), ["other"]);
    },
  },
});

facts("11.3", "rules of flags", {
  "11.3-9": {
    says: "a value that is no boolean counts as true, and so does the empty rule",
    async holds(lab) {
      assert.equal(await fits(lab, { runtime_evaluation_rule: { var: "plan" } }, { plan: "pro" }), true);
      assert.equal(await fits(lab, { runtime_evaluation_rule: {} }, {}), true);
      assert.equal(await fits(lab, { runtime_evaluation_rule: { var: "none" } }, {}), false);
    },
  },
  "11.3-10": {
    says: "the old form of a rule compares texts without letter case, but takes its own names as they are",
    async holds(lab) {
      const definition = (name: string) => ({ runtime_evaluation_definition: { [name]: "PRO" } });
      assert.equal(await fits(lab, definition("plan"), { Plan: "pro" }), true);
      assert.equal(await fits(lab, definition("Plan"), { Plan: "pro" }), false);
    },
  },
});
