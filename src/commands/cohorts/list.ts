import { listCohorts } from "../../api/cohorts.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(listCohorts, {
  examples: [
    { text: "Saved cohorts and their sizes", run: "mp cohorts list" },
    { text: "The ids of those that can be seen", run: "mp cohorts list --jq '.[] | select(.is_visible == 1) | .id'" },
  ],
  present: (cohorts) => ({
    rows: cohorts.map((cohort) => ({
      ...cohort,
      visible: cohort.is_visible === undefined ? undefined : Boolean(cohort.is_visible),
    })),
    columns: [{ key: "id", identifier: true }, "name", "count", "visible", "created", "description"],
  }),
});
