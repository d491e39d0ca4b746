import { renameLexiconTag } from "../../../api/data_definitions.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(renameLexiconTag, {
  args: ["tag_id", "name"],
  examples: [{ text: "Another name", run: "mp lexicon tags rename 9202 retired" }],
  present: ({ id, name }) => ({ rows: [{ id, name }] }),
  done: ({ id, name }) => `Tag ${id} is ${JSON.stringify(name)} now`,
});
