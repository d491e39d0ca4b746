import { deleteCustomEvent } from "../../api/custom_events.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(deleteCustomEvent, {
  description: "Reports that count it count nothing. The events that it stands for stay.",
  args: ["custom_event_id"],
  examples: [{ text: "Without being asked", run: "mp custom-events delete 6002 --yes" }],
  confirm: ({ custom_event_id }) => `Delete custom event ${custom_event_id}?`,
  done: (_result, { custom_event_id }) => `Deleted custom event ${custom_event_id}`,
});
