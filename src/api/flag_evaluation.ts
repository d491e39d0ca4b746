/** Feature flags as programs ask for them: which variant somebody gets, and the rules to find it out at home. */
import { z } from "zod";
import { get, operation } from "./operation.ts";
import { jsonText } from "./params.ts";
import { problem } from "./problems.ts";

const flags = {
  auth: ["service_account", "project_secret", "project_token"],
  token: "query_if_known",
  projectIn: "query",
} as const;

/** Who asks. Custom properties are what runtime rules look at. */
export const evaluationContext = z.looseObject({
  distinct_id: z.string().min(1),
  device_id: z.string().optional(),
  custom_properties: z.record(z.string(), z.unknown()).optional(),
});

export type EvaluationContext = z.output<typeof evaluationContext>;

/** A variant that somebody gets. */
const selectedVariant = z.looseObject({
  variant_key: z.string(),
  variant_value: z.unknown().optional(),
  experiment_id: z.string().nullish(),
  is_experiment_active: z.boolean().nullish(),
  is_qa_tester: z.boolean().nullish(),
});

const flagDefinition = z.looseObject({
  key: z.string(),
  name: z.string().optional(),
  status: z.string().optional(),
  context: z.string(),
  hash_salt: z.string().nullish(),
  experiment_id: z.string().nullish(),
  is_experiment_active: z.boolean().nullish(),
  ruleset: z.looseObject({
    variants: z.array(z.looseObject({ key: z.string(), value: z.unknown().optional(), split: z.number().nullish() })),
    rollout: z.array(z.looseObject({
      rollout_percentage: z.number().nullish(),
      cohort_hash: z.string().nullish(),
      runtime_evaluation_rule: z.unknown().optional(),
      runtime_evaluation_definition: z.record(z.string(), z.unknown()).nullish(),
      variant_splits: z.record(z.string(), z.number().nullable()).nullish(),
      variant_override: z.looseObject({ key: z.string() }).nullish(),
    })),
    test: z.looseObject({ users: z.record(z.string(), z.string()).nullish() }).nullish(),
  }),
});

/** What decides who gets what. */
export type FlagDefinition = z.output<typeof flagDefinition>;

/** The reference's definitions say less: too little to decide by. */
const referenceDefinition = z.looseObject({ name: z.string(), enabled: z.boolean().optional() })
  .refine((definition) => !("ruleset" in definition), { error: "its ruleset is not that of a flag" });

export const flagDefinitions = z.looseObject({ flags: z.array(z.union([flagDefinition, referenceDefinition])) });

/** What is wrong with the first definition that cannot be read, and which flag it is of; undefined where all can be. */
export function definitionProblem(data: unknown): string | undefined {
  const { flags } = (data ?? {}) as { flags?: unknown };
  if (!Array.isArray(flags)) return undefined;
  for (const [index, flag] of flags.entries()) {
    const { key, name = key } = (flag ?? {}) as { key?: unknown; name?: unknown };
    const isWhole = typeof flag === "object" && flag !== null && "ruleset" in flag;
    const schema = isWhole ? flagDefinition : referenceDefinition;
    const issue = schema.safeParse(flag, { reportInput: true }).error?.issues[0];
    if (issue === undefined) continue;
    const which = typeof (key ?? name) === "string" ? `flag ${JSON.stringify(key ?? name)}` : `flag ${index + 1}`;
    return `${which}: ${problem(issue.path.map(String).join(".") || "it", issue)}`;
  }
  return undefined;
}

/** Whether a definition has what a decision needs. */
export function isDecidable(
  definition: z.output<typeof flagDefinitions>["flags"][number],
): definition is FlagDefinition {
  return "ruleset" in definition;
}

export const evaluateFlags = operation({
  id: "flags.evaluate",
  summary: "show which variants a user gets, and why",
  routes: [get("flags", "/flags")],
  ...flags,
  params: z.object({ context: jsonText(evaluationContext, "Who asks") }),
  /** The reference has the variants' keys or values alone, and no `flags` around them. */
  result: z.union([
    z.looseObject({ flags: z.record(z.string(), selectedVariant) }),
    z.record(z.string(), z.union([z.string(), z.boolean(), z.number()])),
  ]),
});

export const getFlagDefinitions = operation({
  id: "flags.definitions",
  summary: "download the definitions that decide flags offline",
  routes: [get("flags", "/flags/definitions")],
  ...flags,
  params: z.object({}),
  result: flagDefinitions,
});
