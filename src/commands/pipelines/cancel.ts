import { cancelPipeline } from "../../api/pipelines.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(cancelPipeline, {
  args: ["name"],
  examples: [{
    text: "Cancel it, without being asked",
    run: "mp pipelines cancel people-daily-bigquery-monoschema --yes",
  }],
  confirm: ({ name }) => `Cancel pipeline ${name} permanently?`,
  done: (_result, { name }) => `Cancelled ${name}`,
});
