import { eventNames } from "../../api/query.ts";
import { eventItems, keepListed } from "../../cli/live_values.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(eventNames, {
  examples: [{ text: "What is tracked at all", run: "mp events list" }],
  present: (names) => ({ rows: names.map((event) => ({ event })) }),
  async keep(names, { type, limit }, context) {
    if (type === undefined && limit === undefined) await keepListed({ kind: "events" }, context, eventItems(names));
  },
});
