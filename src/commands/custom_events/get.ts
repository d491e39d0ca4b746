import { getCustomEvent } from "../../api/custom_events.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentCustomEvent } from "./shared/present.ts";

export default operationCommand(getCustomEvent, {
  args: ["custom_event_id"],
  examples: [{ text: "What it stands for", run: "mp custom-events get 6001" }],
  present: presentCustomEvent,
});
