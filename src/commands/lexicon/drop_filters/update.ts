import { updateDropFilter } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { inputError } from "../../../errors.ts";
import { presentDropFilters } from "../shared/present_drop_filters.ts";

export default operationCommand(updateDropFilter, {
  args: ["id"],
  examples: [{ text: "Switch one on", run: "mp lexicon drop-filters update 9301 --active" }],
  prepare({ id, eventName, filters, active }) {
    if (eventName !== undefined || filters !== undefined || active !== undefined) return Promise.resolve({});
    throw inputError(
      `Cannot update drop filter ${id}: nothing to change is given`,
      "add --no-active, --active, --event EVENT or --filters JSON",
      "missing_argument",
    );
  },
  present: presentDropFilters,
  done: (_result, { id }) => `Changed drop filter ${id}`,
});
