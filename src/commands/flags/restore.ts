import { restoreFlag } from "../../api/flag_changes.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { findFlag } from "./shared/find.ts";

export default operationCommand(restoreFlag, {
  description: "By its id, or by its key.",
  args: ["flag_id"],
  examples: [{ text: "By its id", run: "mp flags restore f0000000-0000-4000-8000-000000000005" }],
  prepare: findFlag,
  done: (_result, { flag_id }) => `Restored flag ${flag_id}`,
});
