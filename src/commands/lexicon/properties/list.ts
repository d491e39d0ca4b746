import { listPropertyDefinitions } from "../../../api/data_definitions.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentProperties } from "../shared/present_definitions.ts";

export default operationCommand(listPropertyDefinitions, {
  description: "Every property that was sent or described, of events or of user profiles.",
  examples: [
    { text: "Properties of events", run: "mp lexicon properties list" },
    { text: "Properties of user profiles", run: "mp lexicon properties list --of user" },
  ],
  present: presentProperties,
});
