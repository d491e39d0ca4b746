import { trackingMetadata } from "../../../api/data_definitions.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(trackingMetadata, {
  args: ["event_name"],
  examples: [{ text: "Where purchases come from", run: "mp lexicon events tracking Purchase" }],
});
