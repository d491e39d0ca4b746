import { deleteTables } from "../../api/lookup_tables.ts";
import { operationCommand } from "../../cli/operation_command.ts";

const words = (ids: readonly unknown[] = []) => `lookup ${ids.length === 1 ? "table" : "tables"} ${ids.join(", ")}`;

export default operationCommand(deleteTables, {
  description: "Reports lose the columns that the tables add.",
  args: ["data-group-ids"],
  examples: [{ text: "One table, without being asked", run: "mp lookup-tables delete 1001 --yes" }],
  confirm: (input) => `Delete ${words(input["data-group-ids"])}?`,
  done: (_result, input) => `Deleted ${words(input["data-group-ids"])}`,
});
