import { alertScreenshot } from "../../api/alerts.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(alertScreenshot, {
  description: "The address is signed: whoever has it can see the picture until it runs out.",
  args: ["gcs_key"],
  examples: [{ text: "The address alone", run: "mp alerts screenshot alerts/7101.png --jq .results.signed_url" }],
  present: ({ signed_url }) => ({ rows: [{ signed_url }] }),
});
