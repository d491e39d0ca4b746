import { renameTable } from "../../api/lookup_tables.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(renameTable, {
  args: ["data-group-id", "name"],
  examples: [{ text: "Another name", run: "mp lookup-tables rename 1001 Goods" }],
  done: (_result, { name, ...ids }) => `Lookup table ${ids["data-group-id"]} is ${JSON.stringify(name)} now`,
});
