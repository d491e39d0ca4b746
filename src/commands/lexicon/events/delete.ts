import { deleteEventDefinition } from "../../../api/data_definitions.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(deleteEventDefinition, {
  description:
    "Deletes what was written about the event, not its occurrences: 'mp lexicon deletions create' is for these.",
  args: ["name"],
  examples: [{ text: "Without being asked", run: "mp lexicon events delete 'Load Test' --yes" }],
  confirm: ({ name }) => `Delete the definition of event ${JSON.stringify(name)}?`,
  done: (_result, { name }) => `Deleted the definition of event ${JSON.stringify(name)}`,
});
