import { archiveFlag } from "../../api/flag_changes.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { findFlag } from "./shared/find.ts";

export default operationCommand(archiveFlag, {
  description: "By its id, or by its key. It is served no more, and can be restored.",
  args: ["flag_id"],
  examples: [{ text: "Out of the list", run: "mp flags archive f0000000-0000-4000-8000-000000000005" }],
  prepare: findFlag,
  done: (_result, { flag_id }) => `Archived flag ${flag_id}; 'mp flags restore ${flag_id}' brings it back`,
});
