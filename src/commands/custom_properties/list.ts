import { listCustomProperties } from "../../api/custom_properties.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentCustomProperties } from "./shared/present.ts";

export default operationCommand(listCustomProperties, {
  examples: [
    { text: "All custom properties", run: "mp custom-properties list" },
    { text: "Their formulas", run: "mp custom-properties list --jq '.results[] | {name, displayFormula}'" },
  ],
  present: presentCustomProperties,
});
