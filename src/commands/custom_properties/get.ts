import { getCustomProperty } from "../../api/custom_properties.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentCustomProperties } from "./shared/present.ts";

export default operationCommand(getCustomProperty, {
  args: ["custom_property_id"],
  examples: [{ text: "One custom property", run: "mp custom-properties get 6501" }],
  present: (property) => presentCustomProperties([property]),
});
