import { listTableGroups } from "../../api/lookup_tables.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(listTableGroups, {
  description: "These ids are what rename, download, link and delete take; 'mp lookup-tables replace' takes those of " +
    "'mp lookup-tables list'.",
  examples: [{ text: "All tables of the project", run: "mp lookup-tables groups" }],
  present: (tables) => ({
    rows: tables,
    columns: [{ key: "id", identifier: true }, "name", "token", "createdAt", "lastModifiedAt"],
  }),
});
