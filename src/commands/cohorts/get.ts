import { getCohort } from "../../api/cohorts.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentDefinedCohorts } from "./shared/present.ts";

export default operationCommand(getCohort, {
  description: "The definition is shown as the flags of 'mp cohorts create' that say the same, where they can.",
  args: ["cohort_id"],
  examples: [
    { text: "One cohort", run: "mp cohorts get 8004" },
    {
      text: "Its conditions, as Mixpanel has them",
      run: "mp cohorts get 8004 --jq '.results | {selector, behaviors}'",
    },
  ],
  present: (cohort) => presentDefinedCohorts([cohort]),
});
