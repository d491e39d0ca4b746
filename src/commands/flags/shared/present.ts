/** How feature flags are shown. */
import type { FeatureFlag } from "../../../api/feature_flags.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

/** Rows with the columns that people look for. */
export function presentFlags(flags: readonly FeatureFlag[]): Presentation {
  return {
    rows: flags.map(({ id, key, name, status, ruleset, tags, modified }) => ({
      key,
      name,
      status,
      variants: ruleset.variants.map((variant) => variant.key).join(", "),
      rollout: ruleset.rollout.map((one) => `${Math.round(one.rollout_percentage * 100)}%`).join(", "),
      tags: Array.isArray(tags) ? tags.join(", ") : undefined,
      modified,
      id,
    })),
    columns: ["key", "name", "status", "variants", "rollout", "tags", "modified", "id"],
  };
}
