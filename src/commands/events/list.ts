import { eventNames } from "../../api/query.ts";
import { eventItems, keepListed } from "../../cli/live_values.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { askable } from "../query/shared/from_files.ts";

export default askable(operationCommand(eventNames, {
  examples: [{ text: "What is tracked at all", run: "mp events list" }],
  present: (names) => ({ rows: names.map((event) => ({ event })) }),
  // A list with a limit leaves names out.
  async keep(names, { limit }, context) {
    if (limit === undefined) await keepListed({ kind: "events" }, context, eventItems(names));
  },
}));
