import { propertyHistory } from "../../../api/data_definitions.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(propertyHistory, {
  args: ["name"],
  examples: [{ text: "All changes of a property of users", run: "mp lexicon properties history plan --of user" }],
});
