import { listEventDefinitions } from "../../../api/data_definitions.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentEvents } from "../shared/present_definitions.ts";

export default operationCommand(listEventDefinitions, {
  description: "Every event that was sent or described. 'mp lexicon list' has those with a schema alone.",
  examples: [
    { text: "All events", run: "mp lexicon events list" },
    {
      text: "Those that nobody has described",
      run: "mp lexicon events list --jq '.results[] | select(.description == \"\").name'",
    },
  ],
  present: presentEvents,
});
