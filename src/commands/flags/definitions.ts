import { getFlagDefinitions, isDecidable } from "../../api/flag_evaluation.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(getFlagDefinitions, {
  description: "Those of all flags that are enabled, as the SDKs load them.",
  examples: [
    { text: "What there is to decide", run: "mp flags definitions -f table" },
    { text: "To a file that 'mp flags evaluate --local' decides by", run: "mp flags definitions -o flags.json" },
  ],
  present: ({ flags }) => ({
    rows: flags.map((flag) =>
      isDecidable(flag)
        ? {
          key: flag.key,
          name: flag.name,
          context: flag.context,
          variants: flag.ruleset.variants.map(({ key, split }) => `${key} ${Math.round((split ?? 0) * 100)}%`).join(
            ", ",
          ),
          rollout: flag.ruleset.rollout.map((one) => `${Math.round((one.rollout_percentage ?? 0) * 100)}%`).join(", "),
          experiment_id: flag.experiment_id,
        }
        : { key: flag.name, ...flag }
    ),
  }),
});
