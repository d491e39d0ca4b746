import { duplicateFlag } from "../../api/flag_changes.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { findFlag } from "./shared/find.ts";
import { presentFlags } from "./shared/present.ts";

export default operationCommand(duplicateFlag, {
  description:
    `By its id, or by its key. Mixpanel's server was seen to answer with an error of its own (500) to this; then
'mp flags get KEY -f json | mp flags create NEW-KEY --data -' makes a copy, too.`,
  args: ["flag_id"],
  examples: [{ text: "A copy to try something on", run: "mp flags duplicate f0000000-0000-4000-8000-000000000002" }],
  prepare: findFlag,
  present: (flag) => presentFlags([flag]),
  done: ({ id, key }) => `Made flag ${key}: ${id}`,
});
