import { createLexiconTag } from "../../../api/data_definitions.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(createLexiconTag, {
  args: ["name"],
  examples: [{ text: "A tag for the shop", run: "mp lexicon tags create shop" }],
  present: ({ id, name }) => ({ rows: [{ id, name }] }),
  done: ({ id, name }) => `Made tag ${id}, ${JSON.stringify(name)}`,
});
