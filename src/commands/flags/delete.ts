import { deleteFlag } from "../../api/feature_flags.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { findFlag } from "./shared/find.ts";

export default operationCommand(deleteFlag, {
  description: "By its id, or by its key. Programs that ask for it get their fallback value.",
  args: ["flag_id"],
  examples: [{ text: "Without being asked", run: "mp flags delete f0000000-0000-4000-8000-000000000003 --yes" }],
  confirm: ({ flag_id }) => `Delete flag ${flag_id}? 'mp flags update ${flag_id} --status archived' would keep it.`,
  prepare: findFlag,
  done: (_result, { flag_id }) => `Deleted flag ${flag_id}`,
});
