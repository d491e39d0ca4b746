import { restoreFlag } from "../../api/flag_changes.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { findFlag } from "./shared/find.ts";

export default operationCommand(restoreFlag, {
  description: "By its id, or by its key.",
  args: ["flag_id"],
  examples: [{ text: "By its key", run: "mp flags restore old-banner" }],
  prepare: findFlag,
  done: (_result, { flag_id }) => `Restored flag ${flag_id}`,
});
