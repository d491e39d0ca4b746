/**
 * Decides a flag from its definition, as Mixpanel's SDKs do when they evaluate at home, and says why.
 *
 * Cohorts and variants that stick to somebody are known to the servers alone: a rollout to a cohort is taken to be for
 * everyone, as the SDKs take it, and the reason says so.
 */
import type { EvaluationContext, FlagDefinition } from "../../api/flag_evaluation.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { LongNumber } from "../../streams/json/json.ts";
import { stepOf } from "./hash.ts";
import { evaluateRule, RuleError } from "./json_logic.ts";

/** In which order shares of variants follow each other: by key in the SDKs for Go and Python, not in that for Node. */
export type VariantOrder = "key" | "definition";

export interface Decision {
  flag: string;
  /** Undefined when the flag falls back to what the program has. */
  variant?: { key: string; value: unknown };
  /** Why, in words. */
  why: string;
  isTester: boolean;
}

type Rollout = FlagDefinition["ruleset"]["rollout"][number];
type Variant = FlagDefinition["ruleset"]["variants"][number];

/** Decides one flag for somebody. */
export function decideFlag(
  flag: FlagDefinition,
  context: EvaluationContext,
  order: VariantOrder = "key",
): Decision {
  const decided = (why: string, variant?: Variant, isTester = false): Decision => ({
    flag: flag.key,
    variant: variant && { key: variant.key, value: variant.value },
    why,
    isTester,
  });
  if (!Object.hasOwn(context, flag.context)) return decided(`the context has no ${flag.context}`);
  const tested = variantNamed(flag, own(flag.ruleset.test?.users, context.distinct_id));
  if (tested !== undefined) return decided(`${context.distinct_id} is a test user of it`, tested, true);

  const value = String(context[flag.context]);
  const misses: string[] = [];
  for (const [index, rollout] of flag.ruleset.rollout.entries()) {
    const step = stepOf(value, rolloutSalt(flag, index));
    const share = rollout.rollout_percentage ?? 0;
    const miss = step < share ? missedRule(rollout, context) : `not below ${hundredths(share)}`;
    const place = `rollout ${index + 1} (place ${hundredths(step)} of 100`;
    if (miss !== undefined) misses.push(`outside ${place}, ${miss})`);
    else {
      const { variant, why } = variantIn(flag, rollout, value, order);
      const cohort = rollout.cohort_hash ? ", its cohort taken for everyone" : "";
      return decided(`in ${place}, below ${hundredths(share)}${cohort}); ${why}`, variant);
    }
  }
  return decided(misses.join("; ") || "it has no rollout");
}

/** A stored salt makes each rollout deal again; without one, all deal alike. */
function rolloutSalt(flag: FlagDefinition, index: number): string {
  return flag.hash_salt === undefined || flag.hash_salt === null
    ? `${flag.key}rollout`
    : `${flag.key}${flag.hash_salt}${index}`;
}

function variantIn(
  flag: FlagDefinition,
  rollout: Rollout,
  value: string,
  order: VariantOrder,
): { variant: Variant | undefined; why: string } {
  const forced = variantNamed(flag, rollout.variant_override?.key);
  if (forced !== undefined) return { variant: forced, why: "the rollout names its variant" };
  const step = stepOf(value, `${flag.key}${flag.hash_salt ?? ""}variant`);
  const variants = order === "definition"
    ? flag.ruleset.variants
    : flag.ruleset.variants.toSorted((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  let end = 0;
  let variant: Variant | undefined;
  for (variant of variants) {
    end += shareOf(variant, rollout);
    if (step < end) break;
  }
  return { variant, why: variant === undefined ? "it has no variants" : `variant by place ${hundredths(step)}` };
}

/** A rollout can have shares of its own; one that is not said is none. */
function shareOf({ key, split }: Variant, { variant_splits }: Rollout): number {
  const isOwn = variant_splits && Object.hasOwn(variant_splits, key);
  return (isOwn ? variant_splits[key] : split) ?? 0;
}

/** A value under a name that may be anything, also that of something which every object has. */
function own<T>(values: Record<string, T> | null | undefined, name: string): T | undefined {
  return values && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Variants are named in any letter case. */
function variantNamed(flag: FlagDefinition, key: string | undefined): Variant | undefined {
  return key === undefined
    ? undefined
    : flag.ruleset.variants.find((one) => one.key.toLowerCase() === key.toLowerCase());
}

/**
 * Why a rollout's runtime rule does not hold; undefined when it does, or there is none. Names of properties are in lower
 * case by now, and a definition's own are compared as they are written.
 */
function missedRule(rollout: Rollout, context: EvaluationContext): string | undefined {
  const properties = lowered(context.custom_properties, true) as Record<string, unknown> | undefined;
  const { runtime_evaluation_rule: rule, runtime_evaluation_definition: pairs } = rollout;
  if (rule) return missedLogic(rule, properties);
  if (!pairs) return undefined;
  if (properties === undefined) return "it asks for custom properties";
  for (const [name, wanted] of Object.entries(pairs)) {
    const actual = own(properties, name);
    if (actual === undefined) return `it asks for a property ${JSON.stringify(name)}`;
    if (String(actual).toLowerCase() !== String(plainNumber(wanted)).toLowerCase()) {
      return `${name} is not ${JSON.stringify(wanted)}`;
    }
  }
  return undefined;
}

function missedLogic(rule: unknown, properties: Record<string, unknown> | undefined): string | undefined {
  try {
    // Whatever JavaScript takes for true: a rule may end in a text, a number or a list.
    return evaluateRule(lowered(rule, false), properties) ? undefined : "its rule does not hold";
  } catch (error) {
    // expected: RuleError for an unknown operator, TypeError and RangeError for values that an operator cannot take
    if (error instanceof RuleError || error instanceof TypeError || error instanceof RangeError) {
      return `its rule cannot be evaluated: ${error.message}`;
    }
    throw error;
  }
}

/** Texts in lower case, at any depth, and names with them: but in a rule, where names are operators. */
function lowered(value: unknown, withNames: boolean): unknown {
  if (typeof value === "string") return value.toLowerCase();
  if (Array.isArray(value)) return value.map((item) => lowered(item, withNames));
  const plain = plainNumber(value);
  if (!isObject(plain)) return plain;
  return Object.fromEntries(
    Object.entries(plain).map(([name, item]) => [withNames ? name.toLowerCase() : name, lowered(item, withNames)]),
  );
}

/** Programs read numbers of any length as floating-point ones. */
function plainNumber(value: unknown): unknown {
  return typeof value === "bigint" || value instanceof LongNumber ? Number(value) : value;
}

const hundredths = (share: number): number => Math.round(share * 100);
