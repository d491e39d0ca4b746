/** A flag's rules: which variants there are, and who gets them. */
import type { Body, JsonObject } from "./body.ts";

export interface Variant {
  key: string;
  value: unknown;
  description: string | null;
  is_control: boolean;
  /** Share, from 0 to 1. */
  split: number;
  is_sticky: boolean;
}

export interface Rollout extends JsonObject {
  /** Share, from 0 to 1. */
  rollout_percentage: number;
  /** Shares by variant, in place of the variants' own. */
  variant_splits: Record<string, number>;
  cohort_hash?: string | null;
  runtime_evaluation_rule?: unknown;
  runtime_evaluation_definition?: Record<string, unknown> | null;
  variant_override?: { key: string } | null;
}

export interface Ruleset {
  variants: Variant[];
  rollout: Rollout[];
  test: Record<string, Record<string, string>> | null;
}

/** Ten, and the control. */
const MOST_VARIANTS = 11;
const MOST_VALUE_CHARACTERS = 32_768;
const ROLLOUT_FIELDS = [
  ...["name", "cohort_definition", "runtime_evaluation_definition", "runtime_evaluation_rule", "runtime_event_rule"],
  ...["cohort_hash", "rollout_percentage", "variant_override", "variant_splits"],
];

/** @throws Refusal 400 that names the field. */
export function readRuleset(body: Body): Ruleset {
  body.allow(["variants", "rollout", "test"]);
  const variants = body.objects("variants")?.map(readVariant);
  if (variants === undefined) throw body.refusal("variants", "this field is required");
  if (variants.length > MOST_VARIANTS) throw body.refusal("variants", `must not be more than ${MOST_VARIANTS}`);
  const keys = new Set(variants.map(({ key }) => key));
  if (keys.size < variants.length) throw body.refusal("variants", "keys must be unique");
  const rollout = body.objects("rollout")?.map((one) => readRollout(one, keys));
  if (rollout === undefined) throw body.refusal("rollout", "this field is required");
  const test = body.object("test");
  for (const name of Object.keys(test?.fields ?? {})) {
    for (const id of Object.keys(test?.object(name)?.fields ?? {})) test?.object(name)?.text(id);
  }
  return { variants, rollout, test: (test?.fields as Ruleset["test"] | undefined) ?? null };
}

function readVariant(body: Body): Variant {
  body.allow(["key", "value", "description", "is_control", "split", "is_sticky"]);
  const { value } = body.fields;
  if (value === undefined) throw body.refusal("value", "this field is required");
  if (typeof value === "string") body.text("value", MOST_VALUE_CHARACTERS);
  const isControl = body.truth("is_control");
  const split = body.number("split", 0, 1);
  if (isControl === undefined) throw body.refusal("is_control", "this field is required");
  if (split === undefined) throw body.refusal("split", "this field is required");
  return {
    key: body.requiredText("key"),
    value,
    description: body.text("description") ?? null,
    is_control: isControl,
    split,
    is_sticky: body.truth("is_sticky") ?? false,
  };
}

function readRollout(body: Body, keys: ReadonlySet<string>): Rollout {
  body.allow(ROLLOUT_FIELDS);
  const share = body.number("rollout_percentage", 0, 1);
  const splits = body.object("variant_splits");
  if (share === undefined) throw body.refusal("rollout_percentage", "this field is required");
  if (splits === undefined) throw body.refusal("variant_splits", "this field is required");
  for (const key of Object.keys(splits.fields)) {
    if (!keys.has(key)) throw body.refusal(`variant_splits.${key}`, "no such variant");
    splits.number(key, 0, 1);
  }
  const event = body.object("runtime_event_rule");
  event?.requiredText("event_name");
  event?.choice("time_window", ["while_flag_enabled"]);
  event?.choice("duration", ["end_of_session", "indefinitely"]);
  const override = body.object("variant_override")?.requiredText("key");
  if (override !== undefined && !keys.has(override)) throw body.refusal("variant_override", "no such variant");
  return { ...body.fields, rollout_percentage: share, variant_splits: splits.fields as Record<string, number> };
}
