import { deleteLexiconTag } from "../../../api/data_definitions.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(deleteLexiconTag, {
  args: ["name"],
  omit: ["delete"],
  examples: [{ text: "Without being asked", run: "mp lexicon tags delete core --yes" }],
  prepare: () => Promise.resolve({ delete: true as const }),
  confirm: ({ name }) => `Delete the tag ${JSON.stringify(name)}, and take it from all events?`,
  done: (_result, { name }) => `Deleted tag ${JSON.stringify(name)}`,
});
