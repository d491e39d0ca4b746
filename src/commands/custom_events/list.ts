import { listCustomEvents } from "../../api/custom_events.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentCustomEventDefinitions } from "./shared/present.ts";

export default operationCommand(listCustomEvents, {
  description: "Their entries in the Lexicon. 'mp custom-events get ID' shows which events one stands for.",
  examples: [
    { text: "All custom events", run: "mp custom-events list" },
    { text: "Their ids", run: "mp custom-events list --jq '.results[].customEventId'" },
  ],
  omit: ["custom_event"],
  present: presentCustomEventDefinitions,
});
