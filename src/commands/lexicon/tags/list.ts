import { listLexiconTags } from "../../../api/data_definitions.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(listLexiconTags, {
  examples: [{ text: "All tags", run: "mp lexicon tags list" }],
  present: (tags) => ({
    rows: tags.map(({ id, name }) => ({ id, name })),
    columns: [{ key: "id", identifier: true }, "name"],
  }),
});
