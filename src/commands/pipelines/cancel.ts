import { cancelPipeline } from "../../api/pipelines.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(cancelPipeline, {
  args: ["name"],
  examples: [{ text: "End it for good", run: "mp pipelines cancel people-daily-bigquery-monoschema --yes" }],
  confirm: ({ name }) => `Cancel pipeline ${name} for good?`,
  done: (_result, { name }) => `Cancelled ${name}`,
});
