import { deleteDropFilter } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentDropFilters } from "../shared/present_drop_filters.ts";

export default operationCommand(deleteDropFilter, {
  args: ["id"],
  examples: [{ text: "Without being asked", run: "mp lexicon drop-filters delete 9301 --yes" }],
  confirm: ({ id }) => `Delete drop filter ${id}?`,
  present: presentDropFilters,
  done: (_result, { id }) => `Deleted drop filter ${id}`,
});
