import { deleteCustomProperty } from "../../api/custom_properties.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(deleteCustomProperty, {
  description: "Reports that use it fail. The properties that it is made of stay.",
  args: ["custom_property_id"],
  examples: [{ text: "Without being asked", run: "mp custom-properties delete 6502 --yes" }],
  confirm: ({ custom_property_id }) => `Delete custom property ${custom_property_id}?`,
  done: (_result, { custom_property_id }) => `Deleted custom property ${custom_property_id}`,
});
