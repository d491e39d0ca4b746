import { deleteImport } from "../../api/warehouse.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(deleteImport, {
  args: ["import_id"],
  examples: [
    { text: "Stop importing, and keep what has come", run: "mp warehouse delete 1002 --yes" },
    { text: "Delete what it has imported, too", run: "mp warehouse delete 1003 --delete-data --yes" },
  ],
  confirm: ({ import_id, delete_data }) =>
    `Delete warehouse import ${import_id}${delete_data ? ", and all data that it has imported" : ""}?`,
  done: (_result, { import_id }) => `Deleted warehouse import ${import_id}`,
});
