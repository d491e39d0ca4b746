/** Flags that are decided here, and shown as Mixpanel would show them. */
import {
  definitionProblem,
  type EvaluationContext,
  type FlagDefinition,
  flagDefinitions,
  isDecidable,
} from "../../../api/flag_evaluation.ts";
import { inputError } from "../../../errors.ts";
import { roundedNumbers } from "../../../streams/json/json.ts";
import { setMember } from "../../../streams/json/members.ts";
import { decideFlag, type Decision, type VariantOrder } from "../../../jobs/local_flags/decide.ts";

/** The definitions of an answer or file. Throws an input error when one of them says too little to decide by. */
export function readDefinitions(data: unknown): FlagDefinition[] {
  const { success, data: definitions } = flagDefinitions.safeParse(data);
  if (!success) {
    const damage = definitionProblem(data);
    throw inputError(
      `Cannot decide flags: ${
        damage === undefined ? "these are no definitions" : `the definition is damaged of ${damage}`
      }`,
      "load them with 'mp flags definitions'",
      "bad_definitions",
    );
  }
  const decidable = definitions.flags.filter(isDecidable);
  // As in the SDKs, the last definition of a key counts.
  const byKey = new Map(decidable.map((one) => [one.key, one]));
  if (decidable.length === definitions.flags.length) return [...byKey.values()];
  throw inputError("Cannot decide flags here: the definitions have no rules", "ask without --local");
}

export function decideAll(
  definitions: readonly FlagDefinition[],
  context: EvaluationContext,
  order: VariantOrder,
): Decision[] {
  const rounded = roundedNumbers(context);
  return definitions.map((definition) => decideFlag(definition, rounded, order));
}

/** The decisions as the evaluation answers them, with reasons. Flags that do not apply are absent in `flags`. */
export function answerOf(definitions: readonly FlagDefinition[], decisions: readonly Decision[]) {
  const flags: Record<string, unknown> = {};
  for (const { flag, variant, isTester } of decisions) {
    const definition = definitions.find(({ key }) => key === flag);
    if (variant === undefined || definition === undefined) continue;
    setMember(flags, flag, {
      variant_key: variant.key,
      variant_value: variant.value,
      experiment_id: definition.experiment_id ?? undefined,
      is_experiment_active: definition.is_experiment_active ?? undefined,
      is_qa_tester: isTester,
    });
  }
  return { flags, reasons: Object.fromEntries(decisions.map(({ flag, why }) => [flag, why])) };
}
