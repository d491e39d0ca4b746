import { eventNames } from "../../api/query.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(eventNames, {
  examples: [{ text: "What is tracked at all", run: "mp events list" }],
  present: (names) => ({ rows: names.map((event) => ({ event })) }),
});
