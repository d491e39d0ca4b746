import { listDropFilters } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentDropFilters } from "../shared/present_drop_filters.ts";

export default operationCommand(listDropFilters, {
  examples: [{ text: "All drop filters", run: "mp lexicon drop-filters list" }],
  present: presentDropFilters,
});
