import { resumePipeline } from "../../api/pipelines.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(resumePipeline, {
  args: ["name"],
  examples: [{ text: "Resume it", run: "mp pipelines resume events-daily-s3-raw" }],
  done: (_result, { name }) => `Resumed ${name}`,
});
