import { listTeams } from "../../api/organization.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(listTeams, {
  description: "Service accounts need to be admins of the organization.",
  examples: [{ text: "Which teams there are", run: "mp teams list" }],
});
