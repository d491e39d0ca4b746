import { listLookupTables } from "../../api/lookup_tables.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(listLookupTables, {
  examples: [
    { text: "All tables of the project", run: "mp lookup-tables list" },
    { text: "The id of one", run: `mp lookup-tables list --jq '.results[] | select(.name == "Products").id'` },
  ],
  present: (tables) => ({ rows: tables, columns: [{ key: "id", identifier: true }, "name"] }),
});
