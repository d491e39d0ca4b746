import { editPipeline } from "../../api/pipelines.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(editPipeline, {
  description:
    `Days that were exported already stay as they are. The Azure secret comes from AZURE_CLIENT_SECRET, or from
--data.`,
  args: ["name"],
  examples: [{
    text: "Export two events only",
    run: "mp pipelines edit events-daily-s3-raw --event Signup --event Purchase",
  }],
  done: (_result, { name }) => `Changed ${name}`,
});
