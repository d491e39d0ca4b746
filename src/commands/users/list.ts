import { listUsers } from "../../api/organization.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(listUsers, {
  description: "Service accounts need to be admins of the organization.",
  examples: [{ text: "Who is in the organization", run: "mp users list" }],
});
