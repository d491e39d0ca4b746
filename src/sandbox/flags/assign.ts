/**
 * Deals variants as Mixpanel does. It is a second implementation on purpose: what `mp` decides at home is tested
 * against it, and a mistake in one is not a mistake in both.
 */
import type { SavedFlag } from "../app/feature_flags.ts";
import type { Rollout, Variant } from "../app/ruleset.ts";
import { UnknownRule, valueOfRule } from "./rule.ts";

/** Who asks: `distinct_id`, perhaps `device_id` and group keys, and `custom_properties` for rules. */
export type FlagContext = Record<string, unknown>;

/** The variant that a flag has for somebody, if any. */
export function assign(flag: SavedFlag, context: FlagContext, isMember: (rollout: Rollout) => boolean) {
  const { variants, rollout, test } = flag.ruleset;
  const named = (key: string | undefined) => variants.find((one) => one.key.toLowerCase() === key?.toLowerCase());
  const tested = named(valueAt(test?.users, String(context.distinct_id)));
  if (tested !== undefined) return { variant: tested, isTester: true };
  const subject = valueAt(context, flag.context) ?? (flag.context === "device_id" ? context.distinct_id : undefined);
  if (subject === undefined) return undefined;
  for (let index = 0; index < rollout.length; index++) {
    const one = rollout[index];
    const isDealt = hundredth(`${subject}${flag.key}${flag.hash_salt}${index}`) / 100 < one.rollout_percentage;
    if (!isDealt || !isMember(one) || !fitsRule(one, context)) continue;
    const variant = named(one.variant_override?.key) ?? deal(flag, one, String(subject));
    return variant && { variant, isTester: false };
  }
  return undefined;
}

/** Shares lie one after another, in the order of the keys. */
function deal(flag: SavedFlag, rollout: Rollout, subject: string): Variant | undefined {
  const place = hundredth(`${subject}${flag.key}${flag.hash_salt}variant`) / 100;
  const sorted = [...flag.ruleset.variants].sort((a, b) => a.key < b.key ? -1 : 1);
  let share = 0;
  for (const variant of sorted) {
    share += valueAt(rollout.variant_splits, variant.key) ?? variant.split;
    if (place < share) return variant;
  }
  return sorted.at(-1);
}

function fitsRule(rollout: Rollout, context: FlagContext): boolean {
  const properties = lowerCased(context.custom_properties, true) as Record<string, unknown> | undefined;
  const { runtime_evaluation_rule: rule, runtime_evaluation_definition: wanted } = rollout;
  if (rule) {
    try {
      return Boolean(valueOfRule(lowerCased(rule, false), properties));
    } catch (error) {
      if (error instanceof UnknownRule) return false;
      throw error;
    }
  }
  if (!wanted) return true;
  return properties !== undefined && Object.entries(wanted).every(([name, value]) => {
    const actual = valueAt(properties, name);
    return actual !== undefined && String(actual) === String(value).toLowerCase();
  });
}

/** People may be called like something that every object has. */
function valueAt<T>(values: Record<string, T> | undefined, name: string): T | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Rules do not tell letter cases apart; in a rule, names are operators and stay. */
function lowerCased(value: unknown, withNames: boolean): unknown {
  if (typeof value === "string") return value.toLowerCase();
  if (Array.isArray(value)) return value.map((item) => lowerCased(item, withNames));
  if (typeof value !== "object" || value === null) return value;
  const pairs = Object.entries(value)
    .map(([name, item]) => [withNames ? name.toLowerCase() : name, lowerCased(item, withNames)]);
  return Object.fromEntries(pairs);
}

/** FNV-1a of 64 bits, in two halves of 32, as one of a hundred. */
function hundredth(text: string): number {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of new TextEncoder().encode(text)) {
    low = (low ^ byte) >>> 0;
    // The prime is 2^40 + 0x1b3.
    const lowProduct = low * 0x1b3;
    const carry = Math.floor(lowProduct / 2 ** 32);
    high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0;
    low = lowProduct >>> 0;
  }
  return ((high % 100) * (2 ** 32 % 100) + low % 100) % 100;
}
