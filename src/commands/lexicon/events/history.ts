import { eventHistory } from "../../../api/data_definitions.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(eventHistory, {
  args: ["name"],
  examples: [{ text: "All changes of one event", run: "mp lexicon events history Purchase" }],
});
