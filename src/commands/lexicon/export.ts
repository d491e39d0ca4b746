import { exportDefinitions } from "../../api/data_definitions.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(exportDefinitions, {
  description: "Mixpanel answers large projects with a text, which says that the export will be mailed.",
  examples: [{ text: "To a file", run: "mp lexicon export -o definitions.json" }],
  remark: (result) => typeof result === "string" ? Promise.resolve(result) : undefined,
});
