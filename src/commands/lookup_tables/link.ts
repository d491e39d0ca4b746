import { tableDownloadAddress } from "../../api/lookup_tables.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(tableDownloadAddress, {
  description: "Whoever has the address can download the table while it is good.",
  args: ["id"],
  examples: [{ text: "One table", run: "mp lookup-tables link 1001" }],
  present: (address) => ({ rows: [{ url: typeof address === "string" ? address : address.url }] }),
});
