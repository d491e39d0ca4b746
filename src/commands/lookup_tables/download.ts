import { downloadTable } from "../../api/lookup_tables.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(downloadTable, {
  args: ["id"],
  examples: [
    { text: "To the terminal", run: "mp lookup-tables download 1001 --limit 10" },
    { text: "To a file", run: "mp lookup-tables download 1001 -o products.csv" },
  ],
});
