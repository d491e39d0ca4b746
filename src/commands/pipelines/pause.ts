import { pausePipeline } from "../../api/pipelines.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(pausePipeline, {
  args: ["name"],
  examples: [{ text: "Stop it while the bucket is moved", run: "mp pipelines pause events-daily-s3-raw" }],
  done: (_result, { name }) => `Paused ${name}`,
});
