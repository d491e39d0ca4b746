import { getFlag } from "../../api/feature_flags.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { findFlag } from "./shared/find.ts";
import { presentFlags } from "./shared/present.ts";

export default operationCommand(getFlag, {
  description: "By its id, or by its key.",
  args: ["flag_id"],
  examples: [
    { text: "One flag", run: "mp flags get f0000000-0000-4000-8000-000000000001" },
    { text: "Its rules, by its key", run: "mp flags get new-checkout --jq .results.ruleset" },
  ],
  prepare: findFlag,
  present: (flag) => presentFlags([flag]),
});
